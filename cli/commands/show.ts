import { storedKey } from "../../framework/definition/asset-key.ts";
import type { Check } from "../../framework/definition/check.ts";
import { ok } from "../../framework/definition/result.ts";
import { typeName } from "../../framework/definition/schema.ts";
import type { AssetSpec } from "../../framework/graph/asset-spec.ts";
import { neighbours } from "../../framework/graph/lineage.ts";
import type { EnvironmentEntry, Manifest } from "../../framework/lake/records.ts";
import { readManifest } from "../../framework/lake/versions.ts";
import { tokenText } from "../../framework/plan/reason-text.ts";
import { mainState } from "../../framework/report/asset-state.ts";
import { createVersionReader } from "../../framework/run/version-reader.ts";
import type { CommandOptions } from "../command-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { findAsset } from "../find-asset.ts";
import type { ProjectSession } from "../project-session.ts";
import { readStates } from "../select.ts";
import { layColumns, shorten } from "../text/columns.ts";
import { ago, bytes, count, duration, plural, shortRun } from "../text/format.ts";
import type { Output } from "../text/output.ts";
import { stateMark } from "../text/state-mark.ts";
import { withProject } from "../with-project.ts";

const versionsShown = 5;

/** `assets show <asset>`: what it is, its columns and checks, versions, lineage and some rows. */
export async function show(options: CommandOptions): Promise<number> {
  return await withProject(options, async ({ environment, output, session, signal }) => {
    const found = findAsset(session.graph, options.asset);
    if (!found.ok) return found;
    const spec = found.value;
    const entry = environment?.assets[spec.key];
    const states = await readStates(session, environment, signal);
    if (!states.ok) return states;
    const state = mainState(states.value.get(spec.key) ?? new Set());
    const reader = createVersionReader(session.store);
    const current = entry ? await reader.manifest(spec.key, entry.version) : undefined;
    if (current && !current.ok) return current;
    const manifest = current?.value;
    const versions = await lastVersions(session, spec);
    const relation = entry && options.rows > 0 ? await reader.relation(spec.key, entry.version) : undefined;
    if (relation && !relation.ok) return relation;
    const sample = relation
      ? await session.compute.query(
          `select * from "${spec.key}"`,
          { [spec.key]: relation.value },
          options.rows,
          signal,
        )
      : undefined;
    const feeds = neighbours(session.graph, spec.key, "downstream", "input");
    const references = neighbours(session.graph, spec.key, "upstream", "reference");
    if (output.json) {
      const shown = {
        formatVersion: 1,
        ...spec,
        state,
        current: manifest ?? null,
        versions,
        feeds,
        references,
      };
      const sampled = { ...shown, sample: sample?.ok ? sample.value : null };
      // JSON has no whole numbers of 64 bits: an accepted value of such a column is written as text.
      const plain = (_name: string, value: unknown): unknown =>
        typeof value === "bigint" ? String(value) : value;
      output.out(JSON.stringify(sampled, plain, 2));
      return ok(exitCodes.done);
    }
    const now = new Date();
    const kind = [
      spec.kind,
      spec.group ?? "",
      spec.owner ? `owner ${spec.owner}` : "",
      ...spec.tags.map((tag) => `#${tag}`),
    ];
    output.out(`${output.paint.bold(spec.key)}  ${kind.filter((part) => part !== "").join(" · ")}`);
    if (spec.description) output.out(spec.description);
    output.out(madeLine(stateMark(output, state), entry, manifest, now));
    output.out("");
    for (const line of columnLines(output, spec, entry, manifest)) output.out(line);
    output.out("");
    for (const line of lineageLines(spec, entry, feeds, references)) output.out(line);
    if (versions.length > 0)
      output.out(
        `versions    ${versions
          .slice(0, versionsShown)
          .map((version, index) => versionText(version, versions[index + 1], now))
          .join("   ")}`,
      );
    if (sample?.ok && sample.value.rows.length > 0) {
      output.out("");
      for (const line of rowLines(
        sample.value.columns.map(({ name }) => name),
        sample.value.rows,
        output.width,
      ))
        output.out(line);
    }
    return ok(exitCodes.done);
  });
}

async function lastVersions(session: ProjectSession, spec: AssetSpec): Promise<readonly Manifest[]> {
  const ids: string[] = [];
  const folder = `versions/${storedKey(spec.key)}/`;
  for await (const object of session.store.list(folder)) {
    if (object.ok) ids.push(object.value.slice(folder.length).replace(/\.json$/, ""));
  }
  const manifests: Manifest[] = [];
  for (const id of ids.reverse().slice(0, versionsShown + 1)) {
    const manifest = await readManifest(session.store, spec.key, id);
    // A manifest that is damaged hides nothing of the others; whoever needs it is told.
    if (manifest.ok && manifest.value) manifests.push(manifest.value);
  }
  return manifests;
}

function madeLine(
  mark: string,
  entry: EnvironmentEntry | undefined,
  manifest: Manifest | undefined,
  now: Date,
): string {
  if (entry === undefined) return `${mark}   never made in this environment`;
  const parts = plural(manifest?.parts.length ?? 1, "part");
  return `${mark}   made ${ago(entry.madeAt, now)} in ${duration(entry.durationMs)} by run ${shortRun(entry.run)} · ${count(entry.rows)} rows · ${bytes(entry.bytes)} · ${parts}`;
}

function columnLines(
  output: Output,
  spec: AssetSpec,
  entry: EnvironmentEntry | undefined,
  manifest: Manifest | undefined,
): readonly string[] {
  const statistics = new Map(
    manifest?.parts.flatMap((part) => part.columns).map((column) => [column.name, column]),
  );
  const rows = spec.schema.columns.map(({ name, type, nullable }) => {
    const key = spec.schema.primaryKey.includes(name) ? " key" : "";
    const range = statistics.get(name);
    const values =
      range?.min != null && range.max != null && type.kind !== "string" ? `${range.min} … ${range.max}` : "";
    const checks = spec.checks
      .filter((check) => isOf(check, name))
      .map((check) => checkMark(output, check, entry));
    return [
      name,
      `${typeName(type)}${key}`,
      nullable ? "yes" : "no",
      checks.join("  ") || values,
      spec.columnDescriptions[name] ?? "",
    ];
  });
  const titles = ["column", "type", "null", "checks", "description"];
  return layColumns(
    titles.map((title) => ({ title })),
    rows,
  ).map((line) => shorten(line, Math.max(output.width, 80)));
}

// Whether a column may be null has a column of its own.
function isOf(check: Check, column: string): boolean {
  switch (check.kind) {
    case "not-null":
      return false;
    case "accepted-values":
      return check.column === column;
    default:
      return check.columns[0] === column;
  }
}

function checkMark({ glyphs, paint }: Output, check: Check, entry: EnvironmentEntry | undefined): string {
  const outcome = entry?.checks.find(({ id }) => id === check.id)?.outcome;
  const failed = check.severity === "blocking" ? paint.alarm(glyphs.failed) : glyphs.warning;
  const mark = outcome === undefined ? glyphs.waiting : outcome.status === "passed" ? glyphs.made : failed;
  switch (check.kind) {
    case "not-null":
      return `${mark} not null`;
    case "unique":
      return `${mark} unique${check.columns.length > 1 ? `(${check.columns.join(", ")})` : ""}`;
    case "accepted-values":
      return `${mark} one of ${check.values.length}`;
    case "foreign-key": {
      const rows = outcome?.status === "failed" ? ` (${count(outcome.rows)} without)` : "";
      return `${mark} ${glyphs.arrow} ${check.references.asset}${rows}`;
    }
  }
}

function lineageLines(
  spec: AssetSpec,
  entry: EnvironmentEntry | undefined,
  feeds: readonly string[],
  references: readonly string[],
): readonly string[] {
  const token = entry?.source ? ` (${tokenText(entry.source)})` : "";
  const from =
    spec.making.kind === "copy"
      ? `source ${spec.making.source}, table ${spec.making.table}${token}`
      : spec.inputs.map(({ asset }) => asset).join(", ") || "nothing";
  const lines = [`from        ${from}`];
  if (feeds.length > 0) lines.push(`feeds       ${feeds.join(", ")}`);
  if (references.length > 0) lines.push(`references  ${references.join(", ")}`);
  if (spec.position) lines.push(`declared    ${spec.position.file}:${spec.position.line}`);
  return lines;
}

function versionText(manifest: Manifest, earlier: Manifest | undefined, now: Date): string {
  const more = earlier === undefined ? 0 : manifest.rows - earlier.rows;
  const change = more === 0 ? "" : ` (${more > 0 ? "+" : ""}${count(more)})`;
  return `${ago(manifest.madeAt, now)} ${count(manifest.rows)}${change}`;
}

/** Rows for people: long values are cut, line breaks are shown as such. */
export function rowLines(
  names: readonly string[],
  rows: readonly (readonly (string | null)[])[],
  width: number,
): readonly string[] {
  const longest = Math.max(12, Math.floor(width / Math.min(names.length, 4)));
  const cells = rows.map((row) =>
    row.map((value) => (value === null ? "null" : shorten(value.replace(/\r?\n/g, "⏎"), longest))),
  );
  return layColumns(
    names.map((title) => ({ title })),
    cells,
  ).map((line) => shorten(line, Math.max(width, 80)));
}
