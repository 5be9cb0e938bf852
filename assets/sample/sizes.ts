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

/** Counts of which the first takes what the others leave of `total`. */
export function withRest<V>(
  total: number,
  first: V,
  others: readonly (readonly [value: V, count: number])[],
): readonly (readonly [value: V, count: number])[] {
  const rest = total - others.reduce((sum, [, count]) => sum + count, 0);
  if (rest < 0) throw new Error(`Internal error: the sample's shares exceed ${total} by ${-rest}`);
  return [[first, rest], ...others];
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
