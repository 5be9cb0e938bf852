import type { Shares } from "./draw.ts";

/** Rows of each table: those of the public data set. */
export const sizes = {
  customers: 99_441,
  orders: 99_441,
  order_items: 112_650,
  products: 32_951,
  sellers: 3_095,
  payments: 103_886,
  reviews: 99_224,
  geolocation: 1_000_163,
  category_translation: 71,
} as const;

/** Shares that add up to `total`: what `others` leave of it falls to `first`. */
export function withRest(total: number, first: string, others: Shares): Shares {
  const rest = total - Object.values(others).reduce((sum, share) => sum + share, 0);
  if (rest < 0) throw new Error(`Internal error: the sample's shares exceed ${total} by ${-rest}`);
  return { [first]: rest, ...others };
}

/** How much numbers add up to beyond 1 each, as often as their share says: `{ 3: 10 }` gives 20. */
export function beyondOne(shares: Shares): number {
  return Object.entries(shares).reduce((sum, [value, share]) => sum + (Number(value) - 1) * share, 0);
}

/** Splits a whole number by weights so that the parts add up to it exactly. */
export function apportion(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  let given = 0;
  let seen = 0;
  return weights.map((weight) => {
    seen += weight;
    const part = Math.round((total * seen) / sum) - given;
    given += part;
    return part;
  });
}
