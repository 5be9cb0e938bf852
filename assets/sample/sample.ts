import type { GeneratedQueries } from "../../framework/index.ts";
import { daysSetup } from "./days.ts";
import { geolocationQuery, geolocationSetup } from "./geolocation.ts";
import { orderItemsQuery, orderItemsSetup } from "./order-items.ts";
import { customersQuery, ordersQuery, ordersSetup } from "./orders.ts";
import { paymentsQuery } from "./payments.ts";
import { categoryTranslationQuery, productsQuery, productsSetup } from "./products.ts";
import { reviewsQuery } from "./reviews.ts";
import { sellersQuery, sellersSetup } from "./sellers.ts";
import { zipsSetup } from "./zips.ts";

/**
 * The built-in sample: made-up rows of the nine tables at the sizes of the public data set, whole in their references.
 * The same on every run. The setup keeps what several tables have in common in a schema of its own, as numbers.
 */
export const sample: GeneratedQueries = {
  setup: [
    "create schema if not exists olist_sample",
    zipsSetup,
    sellersSetup,
    productsSetup,
    daysSetup,
    ordersSetup,
    orderItemsSetup,
    geolocationSetup,
  ],
  tables: {
    category_translation: categoryTranslationQuery,
    customers: customersQuery,
    geolocation: geolocationQuery,
    order_items: orderItemsQuery,
    orders: ordersQuery,
    payments: paymentsQuery,
    products: productsQuery,
    reviews: reviewsQuery,
    sellers: sellersQuery,
  },
};
