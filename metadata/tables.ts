import { category_translation } from "./batch/category_translation.ts";
import { customers } from "./batch/customers.ts";
import { geolocation } from "./batch/geolocation.ts";
import { order_items } from "./batch/order_items.ts";
import { orders } from "./batch/orders.ts";
import { payments } from "./batch/payments.ts";
import { products } from "./batch/products.ts";
import { reviews } from "./batch/reviews.ts";
import { sellers } from "./batch/sellers.ts";

/** The shop's nine tables, by name. */
export const tables = {
  category_translation,
  customers,
  geolocation,
  order_items,
  orders,
  payments,
  products,
  reviews,
  sellers,
} as const;
