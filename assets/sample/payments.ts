import { byRank, draw, id, pick, shuffledRank } from "./draw.ts";
import { beyondOne, sizes, withRest } from "./sizes.ts";

/** Orders that are paid in three or more parts: many small vouchers. */
const manyParts = {
  ...{ 3: 300, 4: 108, 5: 52, 6: 36, 7: 28, 8: 11, 9: 9, 11: 13, 12: 8, 13: 4 },
  ...{ 14: 2, 15: 2, 19: 2, 20: 2, 22: 2, 24: 2, 26: 2, 29: 2 },
};

/** How many orders are paid in how many parts, so that their sum is the table's size. */
const partCounts = withRest(sizes.orders, "1", {
  2: sizes.payments - sizes.orders - beyondOne(manyParts),
  ...manyParts,
});

/** A number for each payment, for draws. */
const payment = "i * 64 + n";

/** How orders are paid that are paid at once. */
const means = pick("means", "i", { credit_card: 152, boleto: 40, voucher: 5, debit_card: 3 });

/** Instalments of a credit card, of which dear orders have more. */
const instalments = pick("instalments", payment, {
  1: 66,
  2: 31,
  3: 27,
  4: 18,
  5: 13,
  6: 10,
  7: 4,
  8: 11,
  9: 2,
  10: 13,
});
const rareInstalments = pick("rare instalments", payment, { 12: 5, 15: 3, 18: 2, 20: 1, 24: 2 });

/**
 * Payments of each order. Their sum is items and freight, to the cent; one credit card in two hundred pays interest on
 * top. Orders without items have been paid as well. The parts are cut from the whole, so that no cent is lost.
 */
export const paymentsQuery = `
with totals as (
  select i, sum(cents + freight)::integer as items_total from olist_sample.item_facts group by i
), dropped as (
  select i from olist_sample.order_facts where status = 'canceled' and items = 0 order by i limit 3
), counted as (
  select i, coalesce(items_total, cents + 1500) as total, ${means} as means,
    i in (from dropped) as dropped,
    ${byRank(shuffledRank("parts", "i"), partCounts)}::integer as drawn_parts
  from olist_sample.order_facts left join totals using (i)
), numbered as (
  select *, unnest(range(1, drawn_parts + 1))::integer as n from counted
), cut as (
  select *, case
      when dropped then 'not_defined'
      when drawn_parts = 1 then means
      when n = 1 and ${draw("card first", "i", 100)} < 70 then 'credit_card'
      else 'voucher' end as payment_type,
    ${cutAt("n")} - ${cutAt("n - 1")} as part
  from numbered
)
select ${id("order", "i")} as order_id, n as payment_sequential, payment_type,
  case when payment_type <> 'credit_card' then 1
    when total > 8000 and ${draw("long credit", payment, 250)} = 0 then ${rareInstalments}
    when total < 4000 then 1 + ${draw("short credit", payment, 2)}
    else ${instalments} end as payment_installments,
  (case when payment_type = 'not_defined' then 0
    when payment_type = 'credit_card' and ${draw("interest", payment, 200)} = 0
      then part + part * (1 + ${draw("rate", payment, 5)}) // 100
    else part end * 0.01)::decimal(10, 2) as payment_value
from cut`;

/** Up to where the first `n` of an order's payments reach: grows with `n`, nothing for 0 and the total for the last. */
function cutAt(n: string): string {
  const jitter = `case when ${n} in (0, drawn_parts) then 0 else ${draw("cut", `i * 64 + ${n}`, 90)} end`;
  return `(total::bigint * ((${n}) * 100 + ${jitter}) // (drawn_parts * 100))::integer`;
}
