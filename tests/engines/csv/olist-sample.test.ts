import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Columns,
  decimal,
  double,
  integer,
  string,
  timestamp,
} from "../../../framework/definition/column.ts";
import { tableSchema } from "../../../framework/definition/schema.ts";
import { openCsvFolder } from "../../../framework/engines/csv/open-csv-folder.ts";
import { type EngineRig, openRig, unstopped, unwrap } from "../engine-rig.ts";
import { valuesOf } from "./csv-values.ts";

const folder = process.env["OLIST_SAMPLE"];
const isRequired = process.env["REQUIRE_ALL"] === "1";

const key = string();
const when = timestamp().nullable();
const size = integer().nullable();
const tables: Readonly<Record<string, { file: string; rows: number; columns: Columns }>> = {
  customers: {
    file: "olist_customers_dataset.csv",
    rows: 8135,
    columns: {
      customer_id: key,
      customer_unique_id: key,
      customer_zip_code_prefix: key,
      customer_city: key,
      customer_state: key,
    },
  },
  orders: {
    file: "olist_orders_dataset.csv",
    rows: 8135,
    columns: {
      order_id: key,
      customer_id: key,
      order_status: key,
      order_purchase_timestamp: when,
      order_approved_at: when,
      order_delivered_carrier_date: when,
      order_delivered_customer_date: when,
      order_estimated_delivery_date: when,
    },
  },
  order_items: {
    file: "olist_order_items_dataset.csv",
    rows: 8365,
    columns: {
      order_id: key,
      order_item_id: integer(),
      product_id: key,
      seller_id: key,
      shipping_limit_date: when,
      price: decimal(10, 2),
      freight_value: decimal(10, 2),
    },
  },
  products: {
    file: "olist_products_dataset.csv",
    rows: 5460,
    columns: {
      product_id: key,
      product_category_name: key.nullable(),
      product_name_lenght: size,
      product_description_lenght: size,
      product_photos_qty: size,
      product_weight_g: size,
      product_length_cm: size,
      product_height_cm: size,
      product_width_cm: size,
    },
  },
  sellers: {
    file: "olist_sellers_dataset.csv",
    rows: 1610,
    columns: { seller_id: key, seller_zip_code_prefix: key, seller_city: key, seller_state: key },
  },
  payments: {
    file: "olist_order_payments_dataset.csv",
    rows: 8924,
    columns: {
      order_id: key,
      payment_sequential: integer(),
      payment_type: key,
      payment_installments: integer(),
      payment_value: decimal(10, 2),
    },
  },
  reviews: {
    file: "olist_order_reviews_dataset.csv",
    rows: 8225,
    columns: {
      review_id: key,
      order_id: key,
      review_score: integer(),
      review_comment_title: key.nullable(),
      review_comment_message: key.nullable(),
      review_creation_date: when,
      review_answer_timestamp: when,
    },
  },
  geolocation: {
    file: "olist_geolocation_dataset.csv",
    rows: 45928,
    columns: {
      geolocation_zip_code_prefix: key,
      geolocation_lat: double(),
      geolocation_lng: double(),
      geolocation_city: key,
      geolocation_state: key,
    },
  },
  category_translation: {
    file: "product_category_name_translation.csv",
    rows: 71,
    columns: { product_category_name: key, product_category_name_english: key },
  },
};

test.runIf(isRequired || folder !== undefined)("the real sample is there", () => {
  expect(folder, "set OLIST_SAMPLE to the folder of the sample's CSV files").toBeTruthy();
});

describe.skipIf(folder === undefined)("the real sample (OLIST_SAMPLE)", () => {
  let rig: EngineRig;
  beforeAll(async () => {
    rig = await openRig();
  });
  afterAll(() => rig.close());

  test.each(Object.keys(tables))("%s is read whole, with every value as the file has it", async (name) => {
    const table = tables[name];
    if (!table || folder === undefined) throw new Error("no such table");
    const schema = tableSchema(table.columns);
    const source = openCsvFolder({ kind: "csv", folder, files: { [name]: table.file } });
    const snapshot = unwrap(await source.open([{ table: name, schema }], unstopped));
    const file = rig.file();
    const part = unwrap(
      await rig.engine.write({
        asset: name as never,
        rows: snapshot.read(name),
        schema,
        file,
        sortBy: [],
        signal: unstopped,
      }),
    );
    expect(part.rows).toBe(table.rows);
    expect(snapshot.warnings).toEqual([]);

    const expected = valuesOf(readFileSync(join(folder, table.file), "utf8"), schema.columns);
    const actual = await rig.read({ files: [file], schema });
    expect(actual.length).toBe(expected.length);
    for (const [index, row] of actual.entries()) expect(row).toEqual(expected[index]);
  });
});
