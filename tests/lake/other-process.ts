import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { type Order, work } from "./store-worker.ts";

/** How another process opens a store: a function that a module exports, and what to call it with. */
export interface Opener {
  /** Absolute path. */
  readonly module: string;
  readonly name: string;
  readonly with: readonly unknown[];
}

const run = promisify(execFile);

/** Gives each order to a process of its own, all at once, and waits for what they answer (store-worker.ts). */
export async function runElsewhere(opener: Opener, orders: readonly Order[]): Promise<readonly unknown[]> {
  const folder = await mkdtemp(join(tmpdir(), "lake-worker-"));
  try {
    const program = join(folder, "worker.mjs");
    const worker = join(import.meta.dirname, "store-worker.ts");
    await build({
      stdin: {
        contents: `
          import { ${opener.name} as open } from ${JSON.stringify(opener.module)};
          import { ${work.name} as work } from ${JSON.stringify(worker)};
          process.stdout.write(JSON.stringify(await work(open(...${JSON.stringify(opener.with)}), JSON.parse(process.argv[2]))));`,
        resolveDir: import.meta.dirname,
        loader: "ts",
      },
      outfile: program,
      bundle: true,
      platform: "node",
      format: "esm",
      // What is CommonJS in the bundle asks for `require`.
      banner: {
        js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
      },
      logLevel: "error",
    });
    const answers = orders.map((order) => run(process.execPath, [program, JSON.stringify(order)]));
    return (await Promise.all(answers)).map(({ stdout }) => JSON.parse(stdout));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
