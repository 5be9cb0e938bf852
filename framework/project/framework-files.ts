import { readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { ImportTarget } from "./bundle-record.ts";
import { filePath } from "./project-path.ts";
import { climb } from "./watch-resolution.ts";

const packageName = "typed-assets";

let folder: string | undefined;

/**
 * Whether a file is the framework's own. A project may bundle it from its sources, and what runs may be built from them:
 * both are below the folder of the package.
 */
export function isFrameworkFile(root: string, path: string): boolean {
  folder ??= packageFolder();
  const file = filePath(root, path);
  return ["framework", "dist"].some((part) => file.startsWith(join(folder ?? "", part) + sep));
}

/** Whether an import leads to the framework: to its sources, or to the package of its name. */
export function isFramework(root: string, target: ImportTarget): boolean {
  if (target.to === "file") return isFrameworkFile(root, target.path);
  return target.to === "package" && target.name === packageName;
}

function packageFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  let found = dirname(here);
  climb(here, (above) => {
    try {
      const manifest = JSON.parse(readFileSync(join(above, "package.json"), "utf8")) as { name?: string };
      if (manifest.name === packageName) found = above;
      return manifest.name === packageName;
    } catch {
      return false;
    }
  });
  return found;
}
