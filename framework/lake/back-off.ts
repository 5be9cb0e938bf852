import { setTimeout as wait } from "node:timers/promises";

const firstMs = 5;
const longestMs = 500;

/**
 * Waits before trying again after a conflict, longer each time and by chance, so that many writers of one pointer do
 * not meet again and again. `attempt` counts from 1.
 */
export async function backOff(attempt: number): Promise<void> {
  await wait(Math.random() * Math.min(longestMs, firstMs * 2 ** (attempt - 1)));
}
