import { draw, id, valuesOf } from "./draw.ts";
import { statesOfSample } from "./states.ts";

/** Sellers by number, and the zip prefix of each. */
export const sellersSetup = `
create or replace table olist_sample.seller_facts as
with states as (
  select * from ${valuesOf(
    "states",
    ["first_zip", "zips", "first_seller", "sellers"],
    statesOfSample().map((state) => [state.firstZip, state.zips, state.firstSeller, state.sellers]),
  )}
), numbered as (
  select *, unnest(range(first_seller, first_seller + sellers))::integer as seller from states
)
select seller, (first_zip + ${draw("seller zip", "seller", "zips")})::integer as zip
from numbered
order by seller`;

export const sellersQuery = `
select ${id("seller", "seller")} as seller_id, prefix as seller_zip_code_prefix,
  city as seller_city, state as seller_state
from olist_sample.seller_facts join olist_sample.zips using (zip)`;
