import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";
import { bin, framework, type ProjectRig } from "../rig/project-rig.ts";
import { createShop, planned, shopFiles } from "../rig/shop-project.ts";

/** A function asset that goes on only when a file called `gate` is there. */
const gated = `import { existsSync } from "node:fs";
import { asset, string } from ${JSON.stringify(framework)};
import { paid_orders } from "./paid_orders.ts";
export const gated = asset.run("gated", {
  inputs: { paid_orders },
  columns: { order_id: string() },
  async *run({ inputs, signal }) {
    while (!existsSync("gate") && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, 10));
    for await (const batch of inputs.paid_orders.batches()) for (const { order_id } of batch) yield { order_id };
  },
});
`;

let rig: ProjectRig;
afterEach(() => rig.remove());

function createGatedShop(): Promise<ProjectRig> {
  const project = (shopFiles["assets/project.ts"] ?? "")
    .replace("import { big_orders }", 'import { gated } from "./gated.ts";\nimport { big_orders }')
    .replace("revenue, big_orders]", "revenue, big_orders, gated]");
  return createShop({ "assets/gated.ts": gated, "assets/project.ts": project });
}

/** Starts a run, and sends it a signal once all that does not wait for the gate is made and the gate is waited for. */
async function interruptAtGate(
  signal: NodeJS.Signals,
): Promise<{ readonly code: number | null; readonly made: readonly string[] }> {
  const child = spawn(process.execPath, [bin, "materialize", "--json"], {
    cwd: rig.folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  const made: string[] = [];
  let waiting = false;
  let sent = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    if (event.type === "step.made") made.push(event.asset);
    if (event.type === "step.started" && event.asset === "gated") waiting = true;
    // Once: a second Ctrl-C ends a process at once.
    if (waiting && made.length === 5 && !sent) sent = child.kill(signal);
  }
  const [code] = await ended;
  return { code, made: made.sort() };
}

describe("a run that is cut off", () => {
  it("by kill -9 can simply be run again, and what was made is reused", async () => {
    rig = await createGatedShop();
    const { made } = await interruptAtGate("SIGKILL");
    expect(made).toEqual(["big_orders", "customers", "orders", "paid_orders", "revenue"]);
    await rig.write("gate", "");
    const again = await rig.run("materialize", "--json");
    expect(again.exitCode, again.stderr).toBe(0);
    const events = again.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const of = (type: string): readonly string[] =>
      events
        .filter((event) => event.type === type)
        .map((event) => event.asset)
        .sort();
    expect(of("step.made")).toEqual(["gated"]);
    expect(of("step.reused")).toEqual(made);
    expect(Object.values(await planned(rig)).every((make) => make === "fresh")).toBe(true);
  });

  it("by Ctrl-C ends in order, publishes nothing, and exits with 130", async () => {
    rig = await createGatedShop();
    const { code } = await interruptAtGate("SIGINT");
    expect(code).toBe(130);
    const { runs } = await rig.json<{
      runs: readonly { summary: { outcome: string; published: unknown } }[];
    }>("runs");
    expect(runs).toHaveLength(1);
    expect(runs[0]?.summary).toMatchObject({ outcome: "interrupted", published: null });
    await rig.write("gate", "");
    expect((await rig.run("materialize")).stdout).toContain("published 6 assets to dev");
  });
});
