import { describe, expect, test } from "vitest";
import { lookups, relations } from "../../metadata/relations.ts";
import { tables } from "../../metadata/tables.ts";

const all = Object.entries(tables);

describe.each(all)("%s", (name, table) => {
  test("is listed under its own name", () => {
    expect(table.name).toBe(name);
  });

  test("says what it holds, and what every column means", () => {
    const silent = Object.entries(table.columns).filter(([, column]) => !isSentence(column.description));
    expect(silent.map(([column]) => column)).toEqual([]);
    expect(isSentence(table.description)).toBe(true);
  });

  test("has a key of columns that it has and that are never null", () => {
    const columns = new Map(Object.entries(table.columns));
    expect(table.primaryKey.map((column) => columns.get(column)?.isNullable)).toEqual(
      table.primaryKey.map(() => false),
    );
  });
});

test("the columns are those of the public data set, in its order and with its misspellings", () => {
  expect(
    Object.fromEntries(all.map(([name, table]) => [name, Object.keys(table.columns).join(" ")])),
  ).toMatchInlineSnapshot(`
    {
      "category_translation": "product_category_name product_category_name_english",
      "customers": "customer_id customer_unique_id customer_zip_code_prefix customer_city customer_state",
      "geolocation": "geolocation_zip_code_prefix geolocation_lat geolocation_lng geolocation_city geolocation_state",
      "order_items": "order_id order_item_id product_id seller_id shipping_limit_date price freight_value",
      "orders": "order_id customer_id order_status order_purchase_timestamp order_approved_at order_delivered_carrier_date order_delivered_customer_date order_estimated_delivery_date",
      "payments": "order_id payment_sequential payment_type payment_installments payment_value",
      "products": "product_id product_category_name product_name_lenght product_description_lenght product_photos_qty product_weight_g product_length_cm product_height_cm product_width_cm",
      "reviews": "review_id order_id review_score review_comment_title review_comment_message review_creation_date review_answer_timestamp",
      "sellers": "seller_id seller_zip_code_prefix seller_city seller_state",
    }
  `);
});

test("only columns that are null in the public data set may be null", () => {
  const nullable = all.flatMap(([name, table]) =>
    Object.entries(table.columns)
      .filter(([, column]) => column.isNullable)
      .map(([column]) => `${name}.${column}`),
  );
  expect(nullable).toMatchInlineSnapshot(`
    [
      "orders.order_approved_at",
      "orders.order_delivered_carrier_date",
      "orders.order_delivered_customer_date",
      "products.product_category_name",
      "products.product_name_lenght",
      "products.product_description_lenght",
      "products.product_photos_qty",
      "products.product_weight_g",
      "products.product_length_cm",
      "products.product_height_cm",
      "products.product_width_cm",
      "reviews.review_comment_title",
      "reviews.review_comment_message",
    ]
  `);
});

test("keys tell the rows apart as the public data set does", () => {
  expect(
    Object.fromEntries(all.map(([name, table]) => [name, table.primaryKey.join(" + ")])),
  ).toMatchInlineSnapshot(`
    {
      "category_translation": "product_category_name",
      "customers": "customer_id",
      "geolocation": "",
      "order_items": "order_id + order_item_id",
      "orders": "order_id",
      "payments": "order_id + payment_sequential",
      "products": "product_id",
      "reviews": "review_id + order_id",
      "sellers": "seller_id",
    }
  `);
});

test("six foreign keys block, and the category's translation only warns", () => {
  expect([...relations, ...lookups].map(text)).toMatchInlineSnapshot(`
    [
      "orders.customer_id -> customers.customer_id blocking",
      "order_items.order_id -> orders.order_id blocking",
      "order_items.product_id -> products.product_id blocking",
      "order_items.seller_id -> sellers.seller_id blocking",
      "payments.order_id -> orders.order_id blocking",
      "reviews.order_id -> orders.order_id blocking",
      "products.product_category_name -> category_translation.product_category_name warning",
    ]
  `);
});

test("a foreign key joins columns of one type and leads to a whole primary key", () => {
  for (const { from, to } of [...relations, ...lookups]) {
    const types = [from, to].map(({ owner, columns }) =>
      columns.map((column) => owner.columns[column]?.type),
    );
    expect(types[0]).toEqual(types[1]);
    expect(types[0]).not.toContain(undefined);
    expect(to.columns).toEqual(to.owner.primaryKey);
  }
});

function isSentence(text: string | undefined): boolean {
  return text !== undefined && /^[A-Z].{15,}\.$/s.test(text);
}

function text({ from, to, severity }: (typeof relations)[number]): string {
  const side = ({ owner, columns }: typeof from) =>
    `${"name" in owner ? owner.name : owner.key}.${columns.join("+")}`;
  return `${side(from)} -> ${side(to)} ${severity}`;
}
