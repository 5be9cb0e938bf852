/** What was typed after `assets <command>`, read once. Options that a command does not have are at their defaults. */
export interface CommandOptions {
  readonly environment: string | undefined;
  readonly json: boolean;
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  readonly force: boolean;
  readonly failFast: boolean;
  readonly concurrency: number | undefined;
  readonly asset: string;
  readonly sql: string;
  readonly run: string | undefined;
  readonly rows: number;
  readonly limit: number;
}

export function readOptions(parsed: Readonly<Record<string, unknown>>): CommandOptions {
  return {
    environment: text(parsed["env"]),
    json: parsed["json"] === true,
    select: texts(parsed["select"]),
    exclude: texts(parsed["exclude"]),
    force: parsed["force"] === true,
    failFast: parsed["failFast"] === true,
    concurrency: typeof parsed["concurrency"] === "number" ? parsed["concurrency"] : undefined,
    asset: text(parsed["asset"]) ?? "",
    sql: text(parsed["sql"]) ?? "",
    run: text(parsed["run"]),
    rows: typeof parsed["rows"] === "number" ? parsed["rows"] : 5,
    limit: typeof parsed["limit"] === "number" ? parsed["limit"] : 20,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function texts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return value === undefined ? [] : [String(value)];
}
