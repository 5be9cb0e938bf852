import { draw, drawSmall } from "./draw.ts";
import { sizes } from "./sizes.ts";

/** Points come in blocks of ten rows; each block belongs to one zip prefix. */
const blockSize = 10;
const blocks = Math.ceil(sizes.geolocation / blockSize);

/**
 * Which zip prefix each block of points belongs to: more blocks for some than for others, and none for a few, so that
 * not every customer's prefix is found.
 */
export const geolocationSetup = `
create or replace table olist_sample.point_blocks as
with weighed as (
  select zip, case when ${draw("no points", "zip", 1000)} < 4 then 0
    else (140 + ${drawSmall("points", "zip", 1000)}) * case when in_capital then 3 else 1 end end as weight
  from olist_sample.zips
), summed as (
  select zip, weight, sum(weight) over (order by zip)::bigint as reached, sum(weight) over ()::bigint as total
  from weighed
)
select zip, unnest(range((reached - weight) * ${blocks} // total, reached * ${blocks} // total))::integer as block
from summed
order by block`;

/** Within a hundredth of a degree, or about a kilometre. */
function near(name: string): string {
  return `(${draw(name, "point", 2_000_001)} - 1000000)::double / 100000000`;
}

const sign = `case when ${draw("signs lost", "point", 40_000)} = 0 then -1 else 1 end`;

/**
 * Each row is a point, and 26 rows of a hundred repeat another row of their block to the last digit. One point in forty
 * thousand has lost the signs of its degrees, and so lies far from Brazil.
 */
export const geolocationQuery = `
with placed as (
  select number::integer as number from range(${sizes.geolocation}) as rows(number)
), points as (
  select number // ${blockSize} as block,
    case when number % ${blockSize} >= (case when number // ${blockSize} % 5 < 3 then 7 else 8 end)
      then number // ${blockSize} * ${blockSize} + ${draw("repeat", "number", 7)} else number end as point
  from placed
)
select prefix as geolocation_zip_code_prefix,
  ${sign} * (latitude + ${near("latitude")}) as geolocation_lat,
  ${sign} * (longitude + ${near("longitude")}) as geolocation_lng,
  case when ${draw("accents", "point", 5)} < 2 then city_accented else city end as geolocation_city,
  state as geolocation_state
from points
join olist_sample.point_blocks using (block)
join olist_sample.zips using (zip)`;
