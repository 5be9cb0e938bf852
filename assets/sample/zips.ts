import { draw, literal } from "./draw.ts";
import { statesOfSample } from "./states.ts";

/**
 * Zip prefixes in ascending order within each state: where they are, and their city with and without accents. The
 * capital has the first third of them, larger cities more than smaller ones.
 */
export const zipsSetup = `
create or replace table olist_sample.zips as
with states as (
  select * from (values
    ${statesOfSample()
      .map(({ cities, ...state }) => {
        const { code, zipFrom, zipTo, latitude, longitude, spread, firstZip, zips } = state;
        const numbers = [zipFrom, zipTo, latitude, longitude, spread, firstZip, zips].join(", ");
        return `('${code}', ${numbers}, [${cities.map(literal).join(", ")}])`;
      })
      .join(",\n    ")}
  ) as states(code, zip_from, zip_to, latitude, longitude, spread, first_zip, zips, cities)
), places as (
  select *, unnest(range(zips))::integer as place from states
), located as (
  select *, first_zip + place as zip,
    (place * 3 - zips)::double / (zips * 2) as beyond_capital
  from places
), settled as (
  select *,
    case when beyond_capital < 0 then 0
      else 1 + floor(beyond_capital * beyond_capital * (len(cities) - 1))::integer end as city_number
  from located
)
select zip::integer as zip, code as state,
  lpad((zip_from + 1 + ((zip_to - zip_from - 1)::bigint * place) // zips)::varchar, 5, '0') as prefix,
  cities[1 + city_number] as city_accented,
  strip_accents(cities[1 + city_number]) as city,
  city_number = 0 as in_capital,
  latitude + spread * ${around("city latitude", "first_zip * 100 + city_number")} + 0.1 * ${around("zip latitude", "zip")}
    as latitude,
  longitude + spread * ${around("city longitude", "first_zip * 100 + city_number")} + 0.1 * ${around("zip longitude", "zip")}
    as longitude
from settled
order by zip`;

/** From -1 to 1. */
function around(name: string, key: string): string {
  return `(${draw(name, key, 20_001)} - 10000)::double / 10000`;
}
