import { defineProject } from "../framework/index.ts";
import { lookups, relations } from "../metadata/relations.ts";
import { category_translation } from "./batch/category_translation.ts";
import { customers } from "./batch/customers.ts";
import { geolocation } from "./batch/geolocation.ts";
import { order_items } from "./batch/order_items.ts";
import { orders } from "./batch/orders.ts";
import { payments } from "./batch/payments.ts";
import { products } from "./batch/products.ts";
import { reviews } from "./batch/reviews.ts";
import { sellers } from "./batch/sellers.ts";
import { daily_revenue } from "./insights/daily_revenue.ts";
import { delivery_days } from "./insights/delivery_days.ts";
import { monthly_revenue } from "./insights/monthly_revenue.ts";
import { seller_scorecard } from "./insights/seller_scorecard.ts";
import { zip_index } from "./insights/zip_index.ts";

export const project = defineProject({
  name: "olist",
  assets: [
    category_translation,
    customers,
    daily_revenue,
    delivery_days,
    geolocation,
    monthly_revenue,
    order_items,
    orders,
    payments,
    products,
    reviews,
    seller_scorecard,
    sellers,
    zip_index,
  ],
  relations: [...relations, ...lookups],
});
