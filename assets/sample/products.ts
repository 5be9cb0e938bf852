import { categories } from "./categories.ts";
import { bell, draw, drawSmall, id, pick, valuesOf } from "./draw.ts";
import { sizes } from "./sizes.ts";

const weights = categories.map(([, , weight]) => weight);
const slots = weights.reduce((sum, weight) => sum + weight, 0);

/**
 * Products by number: what its price, freight and seller are made from. Prices spread like an exponential of a bell
 * around what the category usually costs. `exp` may differ in its last bit between platforms; rounding to whole cents
 * and grams hides that.
 */
export const productsSetup = `
create or replace table olist_sample.product_facts as
with categories as (
  select * from ${valuesOf(
    "categories",
    ["category", "name", "weight", "reais", "grams"],
    categories.map(([name, , weight, reais, grams], index) => [index, name, weight, reais, grams]),
  )}
), slots as (
  select *, row_number() over (order by category, copy) - 1 as slot
  from (select *, unnest(range(weight)) as copy from categories)
), drawn as (
  select product::integer as product from range(${sizes.products}) as rows(product)
)
select product,
  case when ${draw("uncategorized", "product", 54)} = 0 then null else name end as category,
  (greatest(2, floor(reais * 0.85 * exp(0.75 * ${bell("price", "product")})))::integer * 100
    + ${pick("cents", "product", { 90: 6, 99: 4, 0: 3, 50: 2, 49: 1 })})::integer as cents,
  least(40000, greatest(50, round(grams * 0.6 * exp(0.9 * ${bell("grams", "product")}) / 50) * 50))::integer as grams,
  ${drawSmall("product seller", "product", sizes.sellers)} as seller
from drawn join slots on slots.slot = ${draw("category", "product", slots)}
order by product`;

/** Two products have never been weighed; those without a category have no name, description or photos either. */
export const productsQuery = `
with measured as (
  select *, greatest(8, round(sqrt(grams * 0.5)))::integer as side from olist_sample.product_facts
)
select ${id("product", "product")} as product_id, category as product_category_name,
  case when category is not null then 20 + ${draw("name", "product", 44)} end as product_name_lenght,
  case when category is not null then 60 + ${drawSmall("description", "product", 3800)} end
    as product_description_lenght,
  case when category is not null then 1 + ${drawSmall("photos", "product", 8)} end as product_photos_qty,
  case when product not in (1109, 20719) then grams end as product_weight_g,
  case when product not in (1109, 20719) then least(105, side + 8 + ${draw("length", "product", 15)}) end
    as product_length_cm,
  case when product not in (1109, 20719) then least(105, 2 + side * ${draw("height", "product", 60)} // 40) end
    as product_height_cm,
  case when product not in (1109, 20719) then least(118, 6 + side * (50 + ${draw("width", "product", 50)}) // 100) end
    as product_width_cm
from measured`;

/** Categories that have an English name. */
export const categoryTranslationQuery = `
select * from ${valuesOf(
  "translations",
  ["product_category_name", "product_category_name_english"],
  categories.flatMap(([name, english]) => (english === null ? [] : [[name, english]])),
)}`;
