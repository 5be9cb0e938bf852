import { csvFolder, generatedTables, type SourceResource } from "../framework/index.ts";

/** The public data set's file of each table. */
const csvFiles = {
  category_translation: "product_category_name_translation.csv",
  customers: "olist_customers_dataset.csv",
  geolocation: "olist_geolocation_dataset.csv",
  order_items: "olist_order_items_dataset.csv",
  orders: "olist_orders_dataset.csv",
  payments: "olist_order_payments_dataset.csv",
  products: "olist_products_dataset.csv",
  reviews: "olist_order_reviews_dataset.csv",
  sellers: "olist_sellers_dataset.csv",
} as const;

/**
 * Where the shop's tables are: a MySQL server (MYSQL_HOST), else a folder with the public CSV files (OLIST_DIR), else
 * the built-in sample. A variable that is empty counts as not set.
 *
 * Throws when MYSQL_HOST is set, since the first source of the three cannot be read yet and falling back to another
 * would build tables from data that nobody asked for.
 */
export function shopResource(variables: Readonly<Record<string, string | undefined>>): SourceResource {
  const { MYSQL_HOST: mysqlHost, OLIST_DIR: folder } = variables;
  if (mysqlHost) {
    throw new Error(
      "MYSQL_HOST is set, but this version cannot read from MySQL: " +
        "unset it, and set OLIST_DIR to a folder with the CSV files, or neither for the built-in sample",
    );
  }
  if (folder) return csvFolder(folder, csvFiles);
  return generatedTables("built-in sample", async () => (await import("./sample/sample.ts")).sample);
}
