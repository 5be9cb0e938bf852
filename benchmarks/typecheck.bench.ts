import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { measureOnce, rounded, summarizeRuns } from "./measure-command.ts";

/**
 * How long `tsc` takes over a typed graph: a typed builder can make it slow with no other sign. Half of the assets are
 * SQL and half functions, each over two earlier ones, so that types flow through the whole depth. Beside it the front
 * door alone, and twice the assets, since the cost must grow with their number and not with the paths among them.
 */
const repository = process.cwd();
const assets = Number(process.argv[2] ?? 500);
const rounds = Number(process.argv[3] ?? 3);
const tsc = join(repository, "node_modules", "typescript", "bin", "tsc");

const columns = `{
    id: string({ length: 32 }), state: string().oneOf(["open", "closed"]), at: timestamp(), until: timestamp().nullable(),
    amount: decimal(18, 2), items: integer(), share: double().nullable(), day: date(),
  }`;
const imports = `import { asset, date, decimal, double, integer, source, sql, string, table, timestamp } from "../framework/index.ts";`;

const figures: Record<string, ReturnType<typeof summarizeRuns>> = {};
for (const [name, count] of Object.entries({ frontDoor: 0, graph: assets, doubled: assets * 2 })) {
  const folder = await writeProject(count);
  try {
    const runs = [];
    for (let round = 0; round < rounds; round++) {
      runs.push(await measureOnce([process.execPath, tsc, "--noEmit", "-p", folder], { cwd: repository }));
    }
    figures[name] = summarizeRuns(runs);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const seconds = (name: string): number => figures[name]?.medianSeconds ?? Number.NaN;
console.log(
  JSON.stringify({
    benchmark: "typecheck",
    node: process.version,
    cores: availableParallelism(),
    assets,
    figures,
    msPerAsset: rounded(((seconds("graph") - seconds("frontDoor")) * 1000) / assets),
    ratios: { doubledOverGraph: rounded(seconds("doubled") / seconds("graph")) },
  }),
);

/** A project of that many assets, one to a file, in a new folder. */
async function writeProject(count: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "assets-typecheck-"));
  await symlink(join(repository, "node_modules"), join(folder, "node_modules"));
  await symlink(join(repository, "framework"), join(folder, "framework"));
  const { compilerOptions } = JSON.parse(await readFile(join(repository, "tsconfig.json"), "utf8"));
  const options = {
    ...compilerOptions,
    incremental: false,
    noUnusedLocals: false,
    tsBuildInfoFile: undefined,
    preserveSymlinks: true,
  };
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: options, include: ["assets", "framework/index.ts"] }),
  );
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await mkdir(join(folder, "assets"));
  for (let index = 0; index < count; index++) {
    await writeFile(join(folder, "assets", `asset_${index}.ts`), moduleOf(index));
  }
  return folder;
}

function moduleOf(index: number): string {
  if (index < 2) {
    return `${imports}
export const asset_${index} = asset.from("asset_${index}", source("shop").table(table("t${index}", {
  columns: ${columns},
  primaryKey: ["id"],
})));
`;
  }
  const [left, right] = [Math.floor(index / 2), index - 1];
  const inputs = `import { asset_${left} as left } from "./asset_${left}.ts";
import { asset_${right} as right } from "./asset_${right}.ts";`;
  const making =
    index % 2 === 0
      ? `sql: ({ left, right }) => sql\`
    select \${left.id}, \${left.state}, \${left.at}, \${right.until}, \${left.amount} + \${right.amount} as amount,
      \${right.items}, \${left.share}, \${right.day}
    from \${left} join \${right} using (id)\`,`
      : `config: { factor: ${index} },
  async *run({ inputs, config }) {
    for await (const batch of inputs.left.batches()) {
      for (const row of batch) yield { ...row, items: row.items * config.factor, share: row.share ?? inputs.right.rows };
    }
  },`;
  return `${imports}
${inputs}
export const asset_${index} = asset.${index % 2 === 0 ? "sql" : "run"}("asset_${index}", {
  inputs: { left, right },
  columns: ${columns},
  primaryKey: ["id"],
  ${making}
});
`;
}
