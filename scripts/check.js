import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

// `npm run check`: every check, also after one has failed, so that one run tells all there is to mend.

const root = fileURLToPath(new URL("..", import.meta.url));
const checks = ["format", "types", "layers", "unused"];

const failed = checks.filter((name) => {
  console.log(`check:${name}`);
  const { status } = spawnSync("npm", ["run", "--silent", `check:${name}`], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  return status !== 0;
});

console.log(
  failed.length === 0 ? "All checks passed." : `Failed: ${failed.map((name) => `check:${name}`).join(", ")}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
