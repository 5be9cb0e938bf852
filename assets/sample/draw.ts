/**
 * Chance for SQL: texts of DuckDB expressions that draw from a name and a key alone, so that every run, with any
 * number of threads and in any order of rows, draws the same.
 */

const seed = "built-in sample 1";

/** How often each value is wanted, in whole numbers. Names that are whole numbers stand for numbers, others for texts. */
export type Shares = Readonly<Record<string, number>>;

/** 64 bits that look random, the same for the same name and key. `key` is an expression of a whole number below 2^31. */
export function bits(name: string, key: string): string {
  return `hash((${key})::bigint * 4294967296 + ${numberOf(`${seed}/${name}`)})`;
}

/** A whole number from 0 to `below` - 1, all alike. */
export function draw(name: string, key: string, below: number | string): string {
  return `(${bits(name, key)} % ${below})::integer`;
}

/** A number around 0 that falls off like a bell, with a standard deviation of 1: the sum of four even draws. */
export function bell(name: string, key: string): string {
  const all = bits(name, key);
  const quarters = [
    `(${all} & 65535)`,
    `((${all} >> 16) & 65535)`,
    `((${all} >> 32) & 65535)`,
    `(${all} >> 48)`,
  ];
  return `(((${quarters.join(" + ")})::double / 65536 - 2) * 1.7320508)`;
}

/** A whole number from 0 to `below` - 1 of which small ones are the likelier: the square of an even draw. */
export function drawSmall(name: string, key: string, below: number | string): string {
  const part = `(${bits(name, key)} % 1048576)::bigint`;
  return `((${part} * ${part} * ${below}) >> 40)::integer`;
}

/** One of some values, each as likely as its share says; shares add up to a few hundred at most. */
export function pick(name: string, key: string, shares: Shares): string {
  const slots = sharesOf(shares).flatMap(([value, share]) => Array.from({ length: share }, () => value));
  return pickEven(name, key, slots);
}

/** One of some values, all alike. */
export function pickEven(name: string, key: string, values: readonly (string | number)[]): string {
  return `[${values.map(literal).join(", ")}][1 + ${draw(name, key, values.length)}]`;
}

/** A place in a shuffled order of all rows, from 1: what makes counts exact where draws would only come near. */
export function shuffledRank(name: string, key: string, partition?: string): string {
  const within = partition === undefined ? "" : `partition by ${partition} `;
  return `row_number() over (${within}order by ${bits(name, key)}, ${key})`;
}

/** Which of some values a rank falls to, when each takes as many ranks as its share says, in order. */
export function byRank(rank: string, shares: Shares): string {
  let past = 0;
  const cases = sharesOf(shares).map(([value, share]) => {
    past += share;
    return `when ${rank} <= ${past} then ${literal(value)}`;
  });
  return `case ${cases.join(" ")} end`;
}

/** The 32 hex characters that tell one thing of a kind from all others. */
export function id(kind: string, key: string): string {
  return `md5('${kind} ' || ${key})`;
}

/** A value as SQL. */
export function literal(value: string | number | null): string {
  if (value === null) return "null";
  return typeof value === "number" ? String(value) : `'${value.replaceAll("'", "''")}'`;
}

/** Rows as a relation: `(values (1, 'a'), …) as states(state, uf)`. */
export function valuesOf(
  name: string,
  columns: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const lines = rows.map((row) => `(${row.map(literal).join(", ")})`);
  return `(values ${lines.join(", ")}) as ${name}(${columns.join(", ")})`;
}

function sharesOf(shares: Shares): readonly (readonly [value: string | number, share: number])[] {
  return Object.entries(shares).map(([value, share]) => [/^\d+$/.test(value) ? Number(value) : value, share]);
}

/** FNV-1a, 32 bits: turns a stream's name into a number once, so that the engine hashes one number for each draw. */
function numberOf(text: string): number {
  let number = 0x811c9dc5;
  for (const character of text) {
    number = Math.imul(number ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return number;
}
