import { hours } from "./days.ts";
import { bell, bits, byRank, draw, drawSmall, id, pick, shuffledRank } from "./draw.ts";
import { beyondOne, sizes, withRest } from "./sizes.ts";
import { zipCount } from "./states.ts";

/** How orders end, and whether they have items: "canceled 0" is canceled without any. */
const endings = withRest(sizes.orders, "delivered 1", {
  "shipped 1": 1100,
  "canceled 1": 460,
  "canceled 0": 165,
  "unavailable 1": 6,
  "unavailable 0": 602,
  "invoiced 1": 310,
  "invoiced 0": 3,
  "processing 1": 300,
  "created 0": 5,
  "approved 1": 2,
});
const ordersWithItems = Object.entries(endings)
  .filter(([ending]) => ending.endsWith(" 1"))
  .reduce((sum, [, share]) => sum + share, 0);

/** Orders of three or more items. */
const manyItems = {
  ...{ 3: 1300, 4: 500, 5: 210, 6: 190, 7: 24, 8: 9, 9: 4, 10: 8, 11: 4 },
  ...{ 12: 2, 14: 2, 15: 2, 20: 2, 21: 2 },
};

/** How many orders have how many items, so that their sum is the table's size; pairs take what the others leave. */
const itemCounts = withRest(ordersWithItems, "1", {
  2: sizes.order_items - ordersWithItems - beyondOne(manyItems),
  ...manyItems,
});

/** Seconds from one thing to the next: a typical number of hours, spread like an exponential of a bell. */
function hoursAround(typical: string, spread: number, name: string): string {
  return `(3600 * (${typical}) * exp(${spread} * ${bell(name, "i")}))::integer`;
}

/**
 * What orders, items, payments and reviews of one order are made from, a row for each order; times in seconds since
 * 1970. `person` is the number of the order in which the buyer first came. Parcels take the longer the further they
 * go; the promised day leaves room for that, yet one in thirteen is late.
 */
export const ordersSetup = `
create or replace table olist_sample.order_facts as
with placed as (
  select unnest(range(first_order, past_order))::integer as i, day from olist_sample.days
), drawn as (
  select i,
    day * 86400 + ${pick("hour", "i", hours)} * 3600 + ${draw("second", "i", 3600)} as purchased,
    ${byRank(shuffledRank("ending", "i"), endings)} as ending,
    case when ${draw("returning", "i", 1000)} < 34 then (${bits("person", "i")} % greatest(i, 1))::integer else i end
      as person,
    ${drawSmall("order product", "i", sizes.products)} as product
  from placed
), counted as (
  select * exclude (ending), split_part(ending, ' ', 1) as status,
    case when ending like '% 1' then ${byRank(shuffledRank("items", "i", "right(ending, 1)"), itemCounts)} else 0 end
      as items
  from drawn
), placed_at as (
  select counted.*, ${draw("zip", "person", zipCount)} as zip from counted
), apart as (
  select placed_at.*, products.seller, products.cents, ${kilometres("buyers", "vendors")} as kilometres
  from placed_at
  join olist_sample.product_facts as products using (product)
  join olist_sample.seller_facts as sellers on sellers.seller = products.seller
  join olist_sample.zips as buyers on buyers.zip = placed_at.zip
  join olist_sample.zips as vendors on vendors.zip = sellers.zip
), approved as (
  select *,
    case when status = 'created' or (status = 'canceled' and ${draw("approved", "i", 100)} < 22) then null
      when ${draw("approval", "i", 100)} < 72 then purchased + ${hoursAround("0.3", 0.6, "quick approval")}
      else purchased + ${hoursAround("24", 0.5, "slow approval")} end as approved,
    (purchased // 86400 + 11 + kilometres // 130 + ${draw("promise", "i", 14)} + ${drawSmall("long promise", "i", 10)})
      * 86400 as promised
  from apart
), sent as (
  select *,
    case when status in ('delivered', 'shipped') or (status = 'canceled' and ${draw("sent", "i", 100)} < 12)
      then approved + ${hoursAround("44", 0.85, "handling")} end as sent
  from approved
)
select i, person, zip, product, seller, status, items::integer as items, cents, purchased, approved, sent,
  case when status = 'delivered'
    then sent + ${hoursAround(
      `(56 + 0.2 * kilometres) * ${pick("trouble", "i", { 1: 29, 3: 1 })}`,
      0.55,
      "transit",
    )} end as received,
  promised
from sent
order by i`;

/** Kilometres between two zips as the crow flies over a flat map: near enough for freight and time. */
export function kilometres(from: string, to: string): string {
  const north = `(${from}.latitude - ${to}.latitude)`;
  const east = `(${from}.longitude - ${to}.longitude) * 0.93`;
  return `(111 * sqrt(${north} * ${north} + ${east} * ${east}))::integer`;
}

/** Seconds since 1970 as a timestamp. */
export function moment(seconds: string): string {
  return `make_timestamp((${seconds})::bigint * 1000000)`;
}

export const ordersQuery = `
select ${id("order", "i")} as order_id, ${id("customer", "i")} as customer_id, status as order_status,
  ${moment("purchased")} as order_purchase_timestamp, ${moment("approved")} as order_approved_at,
  ${moment("sent")} as order_delivered_carrier_date, ${moment("received")} as order_delivered_customer_date,
  ${moment("promised")} as order_estimated_delivery_date
from olist_sample.order_facts`;

/** Each order has a customer of its own; a person who comes back keeps zip and customer_unique_id. */
export const customersQuery = `
select ${id("customer", "i")} as customer_id, ${id("person", "person")} as customer_unique_id,
  prefix as customer_zip_code_prefix, city as customer_city, state as customer_state
from olist_sample.order_facts join olist_sample.zips using (zip)`;
