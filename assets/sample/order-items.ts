import { draw, drawSmall, id } from "./draw.ts";
import { kilometres, moment } from "./orders.ts";
import { sizes } from "./sizes.ts";

/** A number for each item, for draws: an order has fewer than 64. */
const item = "i * 64 + n";

/**
 * Items by order and number: mostly several pieces of one product, sometimes others. Freight grows with weight and
 * distance; one in three hundred is free.
 */
export const orderItemsSetup = `
create or replace table olist_sample.item_facts as
with numbered as (
  select i, zip, purchased, approved, product as first_product, unnest(range(1, items + 1))::integer as n
  from olist_sample.order_facts
), chosen as (
  select * exclude (first_product),
    case when n = 1 or ${draw("same product", "i", 100)} < 62 then first_product
      else ${drawSmall("other product", item, sizes.products)} end as product
  from numbered
)
select chosen.i, n, products.product, products.seller,
  (coalesce(approved, purchased) + 86400 * (3 + ${drawSmall("limit", "i", 8)}))::integer as send_until,
  case when ${draw("discount", item, 12)} = 0 then products.cents - products.cents * ${draw("percent", item, 15)} // 100
    else products.cents end as cents,
  case when ${draw("free freight", item, 300)} = 0 then 0
    else 740 + ${kilometres("buyers", "vendors")} * 6 // 5 + products.grams * (70 + ${draw("freight", item, 60)}) // 600
    end as freight
from chosen
join olist_sample.product_facts as products on products.product = chosen.product
join olist_sample.seller_facts as sellers on sellers.seller = products.seller
join olist_sample.zips as buyers on buyers.zip = chosen.zip
join olist_sample.zips as vendors on vendors.zip = sellers.zip
order by i, n`;

export const orderItemsQuery = `
select ${id("order", "i")} as order_id, n as order_item_id, ${id("product", "product")} as product_id,
  ${id("seller", "seller")} as seller_id, ${moment("send_until")} as shipping_limit_date,
  (cents * 0.01)::decimal(10, 2) as price, (freight * 0.01)::decimal(10, 2) as freight_value
from olist_sample.item_facts`;
