import { draw, type Shares, valuesOf } from "./draw.ts";
import { sizes } from "./sizes.ts";

const firstDay = epochDay("2016-09-04");
const lastDay = epochDay("2018-10-17");

/** Orders placed in each month from September 2016 on, roughly: a start, an empty autumn, growth, and an end. */
const months = [
  ...[8, 310, 0, 4],
  ...[800, 1750, 2650, 2400, 3700, 3250, 4000, 4300, 4300, 4600, 5900, 5600],
  ...[7200, 6700, 7200, 6900, 6850, 6150, 6300, 6500, 20, 5],
];

/** Sunday to Saturday, in percent of an average day. */
const weekdays = [84, 115, 113, 109, 104, 99, 76];

/** Days on which people buy more: how many times as much. */
const rushes: readonly (readonly [day: string, times: number])[] = [
  ["2017-11-23", 2],
  ["2017-11-24", 7],
  ["2017-11-25", 3],
  ["2017-11-26", 2],
  ["2017-11-27", 2],
  ["2017-12-04", 2],
  ["2018-05-08", 2],
];

/** Orders of each hour of the day: few at night, most from ten in the morning to ten at night. */
export const hours: Shares = {
  ...{ 0: 5, 1: 2, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 2, 8: 6, 9: 10, 10: 13, 11: 13 },
  ...{ 12: 12, 13: 13, 14: 13, 15: 13, 16: 13, 17: 12, 18: 12, 19: 12, 20: 12, 21: 12, 22: 11, 23: 8 },
};

/** Each day from the first purchase to the last, with the numbers of its orders: orders are numbered in order of time. */
export const daysSetup = `
create or replace table olist_sample.days as
with rushes as (
  select * from ${valuesOf(
    "rushes",
    ["day", "times"],
    rushes.map(([day, times]) => [epochDay(day), times]),
  )}
), days as (
  select unnest(range(${firstDay}, ${lastDay + 1}))::integer as day
), weighed as (
  select day,
    ([${months.join(", ")}][1 + datediff('month', date '2016-09-01', date '1970-01-01' + day)]
      * [${weekdays.join(", ")}][1 + (day + 4) % 7] * (85 + ${draw("day", "day", 31)})
      * coalesce(times, 1))::bigint as weight
  from days left join rushes using (day)
), summed as (
  select day, weight, sum(weight) over (order by day)::bigint as reached, sum(weight) over ()::bigint as total
  from weighed
)
select day, ((reached - weight) * ${sizes.orders} // total)::integer as first_order,
  (reached * ${sizes.orders} // total)::integer as past_order
from summed
order by day`;

/** Days from 1970-01-01, on which a Thursday fell. */
function epochDay(day: string): number {
  return Date.parse(day) / 86_400_000;
}
