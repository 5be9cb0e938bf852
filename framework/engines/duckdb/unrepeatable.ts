type Node = { readonly [name: string]: unknown };

const moment = "pass the moment in as a literal";
const chance = "derive the value from the row, by hash() of its key";
const surroundings = "pass the value in as a literal";

// An explicit list rather than DuckDB's own stability: error() counts there as volatile and is of use, while age() of
// one argument counts as consistent, and so does what a session is set to. A test holds the list against DuckDB's.
const remedies: Readonly<Record<string, string>> = {
  ...each(moment, [
    "now",
    "today",
    "ago",
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "get_current_time",
    "get_current_timestamp",
    "transaction_timestamp",
    "pg_conf_load_time",
    "pg_postmaster_start_time",
  ]),
  ...each(chance, ["random", "setseed", "uuid", "uuidv4", "uuidv7", "gen_random_uuid"]),
  ...each("number the rows by row_number() over (order by their key)", ["nextval", "currval"]),
  ...each(surroundings, [
    "current_catalog",
    "current_connection_id",
    "current_database",
    "current_query",
    "current_query_id",
    "current_role",
    "current_schema",
    "current_schemas",
    "current_setting",
    "current_transaction_id",
    "current_user",
    "getenv",
    "getvariable",
    "in_search_path",
    "session_user",
    "txid_current",
    "user",
    "user_agent",
    "version",
  ]),
  ...each("leave it out", ["sleep_ms", "stats", "write_log"]),
};

/**
 * What makes a statement give other rows each time it is run over equal inputs: a sample, a function of chance, of the
 * clock or of the session. In words that continue "it"; undefined where this node of the syntax tree is no such thing.
 * `columns` are the names of columns that can be meant, in lower case: these win over words such as `current_date`.
 */
export function unrepeatable(node: Node, columns: ReadonlySet<string>): string | undefined {
  if (node["sample"]) {
    return "takes a sample, which is another at each run: take one by where hash(key) % n = 0";
  }
  switch (node["class"]) {
    case "FUNCTION": {
      const name = String(node["function_name"]).toLowerCase();
      const { children } = node;
      if (name === "age" && Array.isArray(children) && children.length === 1) {
        return "calls age() of one moment, which counts from today: give it two, the later one as a literal";
      }
      return remedyFor(name, `calls ${name}()`);
    }
    case "COLUMN_REF": {
      const names = node["column_names"];
      if (!Array.isArray(names) || names.length !== 1) return undefined;
      const name = String(names[0]).toLowerCase();
      return columns.has(name) ? undefined : remedyFor(name, `uses ${name}`, functionWords);
    }
    default:
      return undefined;
  }
}

/** The names that a node of the syntax tree gives to columns: by `as`, or as the parameter of a lambda. */
export function namesGiven(node: Node): readonly string[] {
  const given: unknown[] = [];
  for (const list of [node["column_name_alias"], node["aliases"]])
    if (Array.isArray(list)) given.push(...list);
  if (node["class"] === "LAMBDA") given.push(...namesIn(node["lhs"]));
  // `current_date as current_date` makes a column of that name, but reads none.
  if (node["class"] !== "COLUMN_REF" || !namesIn(node).includes(node["alias"])) given.push(node["alias"]);
  return given
    .filter((name) => typeof name === "string" && name !== "")
    .map((name) => String(name).toLowerCase());
}

// Of a reference, or of several in a row: `lambda x, y: …`.
function namesIn(value: unknown): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  const node = value as Node;
  if (Array.isArray(node["column_names"])) return node["column_names"];
  return Array.isArray(node["children"]) ? node["children"].flatMap(namesIn) : [];
}

// The functions that SQL has as words without parentheses.
const functionWords = new Set([
  "current_catalog",
  "current_date",
  "current_role",
  "current_schema",
  "current_time",
  "current_timestamp",
  "current_user",
  "localtime",
  "localtimestamp",
  "session_user",
  "user",
]);

function remedyFor(name: string, use: string, among?: ReadonlySet<string>): string | undefined {
  if ((among && !among.has(name)) || !Object.hasOwn(remedies, name)) return undefined;
  return `${use}, which can differ at each run over equal inputs: ${remedies[name]}`;
}

function each(remedy: string, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, remedy]));
}
