import { existsSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { cruise } from "dependency-cruiser";
import rules from "../.dependency-cruiser.cjs";

/** @import { ICruiseOptions, IForbiddenRuleType } from "dependency-cruiser" */

/** What the rules speak of; tests, scripts and benchmarks may import what they like. */
const parts = ["framework", "cli", "assets", "metadata", "assets.config.ts"];

/**
 * Runs the rules of .dependency-cruiser.cjs over a project's folder.
 *
 * @param {string} root the project's folder
 * @param {ICruiseOptions} options of dependency-cruiser
 * @returns {Promise<{ files: number, modules: number, violations: string[] }>}
 */
export async function checkLayers(root, options = rules.options) {
  const present = parts.filter((part) => existsSync(join(root, part)));
  const files = present
    .flatMap((part) => sourceFiles(join(root, part)))
    .map((file) => slashed(relative(root, file)));
  const { output } = await cruise(present, {
    ...options,
    ruleSet: { forbidden: /** @type {IForbiddenRuleType[]} */ (rules.forbidden) },
    validate: true,
    baseDir: root,
  });
  if (typeof output === "string") throw new Error("Internal error: dependency-cruiser gave text");
  const read = new Set(output.modules.map((module) => module.source));
  const violations = output.summary.violations.map(({ rule, from, to, cycle }) => {
    const { comment } = rules.forbidden.find(({ name }) => name === rule.name) ?? { comment: "" };
    const way = cycle ? cycle.map(({ name }) => name).join(" -> ") : to;
    return `${from} -> ${way}\n    ${rule.name}: ${comment}`;
  });
  // dependency-cruiser reads no TypeScript when it does not know the compiler's version, and calls that a success.
  for (const file of files.filter((name) => !read.has(name))) {
    violations.push(
      `${file}\n    not-read: dependency-cruiser did not read this file, so no rule was checked on it.`,
    );
  }
  return {
    files: files.length,
    modules: files.filter((name) => read.has(name)).length,
    violations: violations.sort(),
  };
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function sourceFiles(path) {
  if (/\.[cm]?[jt]sx?$/.test(path)) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** @param {string} path */
function slashed(path) {
  return path.split(sep).join("/");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { files, modules, violations } = await checkLayers(fileURLToPath(new URL("..", import.meta.url)));
  if (files === 0) violations.push("no source files were found");
  for (const violation of violations) console.error(violation);
  console.log(`Layers: ${modules} of ${files} files read, ${violations.length} violations.`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
