/** What the process says to the shell. */
export const exitCodes = { done: 0, failed: 1, notPlanned: 2, interrupted: 130 } as const;
