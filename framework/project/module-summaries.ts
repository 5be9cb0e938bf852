import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { readCacheFile, writeCacheFile } from "./cache-file.ts";
import { digestOf } from "./file-stamp.ts";
import type { LoadedProject } from "./load-project.ts";
import { type ModuleSummary, wholeModule } from "./module-summary.ts";
import { filePath } from "./project-path.ts";

/** The summaries of a project's modules by path; those that are asked for are made. */
export type ModuleSummaries = ReadonlyMap<string, ModuleSummary>;

/** Moved whenever an equal text would give another summary. */
const summaryFormat = 5;

interface SummaryFile {
  readonly format: number;
  readonly summaries: Readonly<Record<string, ModuleSummary>>;
}

/** Summaries of some modules of a project; the parser is loaded only for a text that nobody summarized before. */
export async function moduleSummaries(
  project: LoadedProject,
  paths: ReadonlySet<string>,
): Promise<ModuleSummaries> {
  const file = join(project.cacheFolder, "project", "modules.json");
  const cached = readCacheFile(file) as Partial<SummaryFile> | undefined;
  const known = cached?.format === summaryFormat ? (cached.summaries ?? {}) : {};
  const summaries = new Map<string, ModuleSummary>();
  const kept: Record<string, ModuleSummary> = {};
  let added = 0;
  for (const { path, digest } of project.files) {
    // Whether a text is TypeScript is told by its file's ending.
    const key = `${digest.slice(0, 32)}${extname(path)}`;
    const summary = known[key] ?? kept[key];
    if (summary !== undefined) kept[key] = summary;
    if (!paths.has(path)) continue;
    const made = summary ?? (await summaryOf(project.root, path, digest));
    // Changed since it was loaded: what runs is the text of that digest, which then counts as a whole.
    summaries.set(path, made ?? wholeModule);
    if (summary !== undefined || made === undefined) continue;
    kept[key] = made;
    added += 1;
  }
  if (added > 0) writeCacheFile(file, JSON.stringify({ format: summaryFormat, summaries: kept }));
  return summaries;
}

async function summaryOf(root: string, path: string, digest: string): Promise<ModuleSummary | undefined> {
  const { summarizeModule } = await import("./summarize-module.ts");
  try {
    const content = readFileSync(filePath(root, path));
    if (digestOf(content) !== digest) return undefined;
    return summarizeModule(path, content.toString("utf8").replace(/^\uFEFF/, ""));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === undefined) throw thrown;
    return undefined;
  }
}
