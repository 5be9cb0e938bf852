import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import type { Diagnostic } from "../../framework/definition/diagnostic.ts";
import { codeVersions } from "../../framework/project/code-versions.ts";
import { type LoadedProject, loadProject } from "../../framework/project/load-project.ts";

const framework = fileURLToPath(new URL("../../framework/index.ts", import.meta.url));

/** A project in a folder of its own, gone after the test. In its files `#framework` stands for the framework. */
export interface TemporaryProject {
  readonly root: string;
  readonly configFile: string;
  write(path: string, text: string): void;
  /** Replaces a text in a file; a text that is not there is a mistake in the test. */
  edit(path: string, from: string, to: string): void;
  remove(path: string): void;
  load(): Promise<LoadedProject>;
  /** The diagnostics of a project that does not load, one text each: code, place, message, hint. */
  faults(): Promise<readonly string[]>;
  versions(): Promise<Readonly<Record<string, string>>>;
  codeFaults(): Promise<readonly string[]>;
}

export function temporaryProject(files: Readonly<Record<string, string>>): TemporaryProject {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "project-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const configFile = join(root, "assets.config.ts");
  const project: TemporaryProject = {
    root,
    configFile,
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text.replaceAll("#framework", framework));
    },
    edit(path, from, to) {
      const text = readFileSync(join(root, path), "utf8");
      if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
      writeFileSync(join(root, path), text.replace(from, to));
    },
    remove: (path) => rmSync(join(root, path), { recursive: true }),
    async load() {
      const loaded = await loadProject(configFile);
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.error, null, 2));
      return loaded.value;
    },
    async faults() {
      const loaded = await loadProject(configFile);
      if (loaded.ok) return [];
      if (loaded.error.reason !== "definitions-invalid") return [loaded.error.message];
      return loaded.error.diagnostics.map(shown);
    },
    async versions() {
      const loaded = await project.load();
      const { versions, diagnostics } = await codeVersions(loaded, loaded.graph);
      if (diagnostics.length > 0) throw new Error(diagnostics.map(shown).join("\n"));
      return Object.fromEntries([...versions].map(([key, version]: [AssetKey, string]) => [key, version]));
    },
    async codeFaults() {
      const loaded = await project.load();
      return (await codeVersions(loaded, loaded.graph)).diagnostics.map(shown);
    },
  };
  for (const [path, text] of Object.entries(files)) project.write(path, text);
  return project;
}

export function shown({ code, message, position, hint }: Diagnostic): string {
  const place = position ? `${position.file}:${position.line}:${position.column}` : "nowhere";
  return [`${code} ${place}`, message, ...(hint === undefined ? [] : [hint])].join("\n");
}

/** A config that lists the assets that modules export, by module. */
export function configOf(modules: Readonly<Record<string, readonly string[]>>): string {
  const imports = Object.entries(modules).map(
    ([module, names]) => `import { ${names.join(", ")} } from "./${module}";`,
  );
  return [
    `import { defineConfig, defineProject } from "#framework";`,
    ...imports,
    `export const config = defineConfig({`,
    `  definitions: defineProject({ name: "shop", assets: [${Object.values(modules).flat().join(", ")}] }),`,
    `  resources: () => ({ sources: {} }),`,
    `});`,
    ``,
  ].join("\n");
}
