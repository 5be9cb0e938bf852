import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { daily_revenue } from "../../assets/insights/daily_revenue.ts";
import { delivery_days } from "../../assets/insights/delivery_days.ts";
import { monthly_revenue } from "../../assets/insights/monthly_revenue.ts";
import { seller_scorecard } from "../../assets/insights/seller_scorecard.ts";
import { sample } from "../../assets/sample/sample.ts";
import type { Table } from "../../framework/index.ts";
import { tables } from "../../metadata/tables.ts";
import { contractViolations, duckdbTypes, untranslatedCategories } from "../metadata/contract.ts";
import { castStatementOf } from "./made-by-sql.ts";

const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
const connection = await instance.connect();

/** Each table's rows as one number, whatever their order. */
const hashes = new Map<string, unknown>();

beforeAll(async () => {
  for (const statement of sample.setup) await connection.run(statement);
  await connection.run("create schema made");
  for (const [name, query] of Object.entries(sample.tables)) {
    // A connection of its own: nothing but the setup may be needed.
    const own = await instance.connect();
    await own.run(`create table made.${name} as ${query}`);
    hashes.set(name, await hashOf(own, `made.${name}`));
    own.closeSync();
  }
});

afterAll(() => instance.closeSync());

test("every table has the public data set's number of rows", async () => {
  const counts = Object.keys(tables).map(async (name) => [
    name,
    await one(`select count(*) from made.${name}`),
  ]);
  expect(Object.fromEntries(await Promise.all(counts))).toEqual({
    category_translation: 71n,
    customers: 99_441n,
    geolocation: 1_000_163n,
    order_items: 112_650n,
    orders: 99_441n,
    payments: 103_886n,
    products: 32_951n,
    reviews: 99_224n,
    sellers: 3_095n,
  });
});

test.each(Object.entries(tables) as [string, Table][])(
  "%s has the columns and types of metadata",
  async (name, table) => {
    const described = await connection.runAndReadAll(`describe made.${name}`);
    expect(Object.fromEntries(described.getRows().map(([column, type]) => [column, type]))).toEqual(
      duckdbTypes(table),
    );
  },
);

test("what metadata promises holds of every row, and no foreign key is without its parent", async () => {
  expect(await contractViolations(connection, "made")).toEqual([]);
});

test("two categories have no translation, which the lookup warns of", async () => {
  expect(await untranslatedCategories(connection, "made")).toEqual([
    "marcenaria_artesanal",
    "robotica_educativa",
  ]);
});

test("the rows are the same on one thread, and when the setup has run before", async () => {
  const single = await DuckDBInstance.create(":memory:", { threads: "1" });
  const other = await single.connect();
  for (const statement of [...sample.setup, ...sample.setup]) await other.run(statement);
  for (const [name, query] of Object.entries(sample.tables)) {
    expect([name, await hashOf(other, `(${query})`)]).toEqual([name, hashes.get(name)]);
  }
  single.closeSync();
});

describe("orders", () => {
  test("run from September 2016 to October 2018, grow, and peak on Black Friday", async () => {
    const busiest = await one(
      "select order_purchase_timestamp::date::varchar from made.orders group by 1 order by count(*) desc limit 1",
    );
    expect(busiest).toBe("2017-11-24");
    expect(await one("select min(order_purchase_timestamp)::date::varchar from made.orders")).toMatch(
      /^2016-09/,
    );
    expect(await one("select max(order_purchase_timestamp)::date::varchar from made.orders")).toMatch(
      /^2018-10/,
    );
    const ofHalf = (half: string) => `count(*) filter (where order_purchase_timestamp::date between ${half})`;
    await within(
      1.5,
      3,
      `${ofHalf("'2018-01-01' and '2018-06-30'")} / ${ofHalf("'2017-01-01' and '2017-06-30'")}`,
    );
  });

  test("are placed more on working days than at weekends, and hardly at night", async () => {
    await within(0.2, 0.26, "avg((dayofweek(order_purchase_timestamp) in (0, 6))::int)");
    await within(0.02, 0.06, "avg((hour(order_purchase_timestamp) < 7)::int)");
  });

  test("are nearly all delivered, one in thirteen late", async () => {
    await within(0.965, 0.975, "avg((order_status = 'delivered')::int)");
    await within(
      0.06,
      0.1,
      "avg((order_delivered_customer_date::date > order_estimated_delivery_date)::int)",
    );
    await within(9, 15, "avg(datediff('day', order_purchase_timestamp, order_delivered_customer_date))");
  });

  test("have dates that follow one another and that fit the status", async () => {
    expect(
      await one(`select count(*) from made.orders where order_approved_at < order_purchase_timestamp
        or order_delivered_carrier_date < order_approved_at
        or order_delivered_customer_date < order_delivered_carrier_date
        or order_estimated_delivery_date < order_purchase_timestamp
        or (order_delivered_carrier_date is not null and order_approved_at is null)
        or (order_status = 'created') and order_approved_at is not null
        or (order_status not in ('created', 'canceled')) and order_approved_at is null
        or (order_status in ('shipped', 'delivered')) and order_delivered_carrier_date is null
        or (order_status in ('created', 'approved', 'processing', 'invoiced', 'unavailable'))
          and order_delivered_carrier_date is not null
        or (order_status = 'delivered') <> (order_delivered_customer_date is not null)`),
    ).toBe(0n);
  });
});

describe("items", () => {
  test("are numbered from 1 without gaps, and 775 orders have none", async () => {
    expect(
      await one(`select count(*) from (select order_id from made.order_items group by 1
        having min(order_item_id) <> 1 or max(order_item_id) <> count(*))`),
    ).toBe(0n);
    expect(await one("select count(*) from made.orders anti join made.order_items using (order_id)")).toBe(
      775n,
    );
  });

  test("cost little mostly and much sometimes, and heavy or far ones cost more freight", async () => {
    await within(60, 100, "median(price)", "order_items");
    await within(350, 1000, "quantile_cont(price::double, 0.99)", "order_items");
    await within(0.002, 0.005, "avg((freight_value = 0)::int)", "order_items");
    const sold = "order_items join made.products using (product_id) join made.sellers using (seller_id)";
    await within(0.3, 1, "corr(freight_value, product_weight_g)", sold);
    const far = "seller_state = 'SP' and customer_state in ('AM', 'PA', 'CE')";
    const near = "seller_state = 'SP' and customer_state = 'SP'";
    const bought = `${sold} join made.orders using (order_id) join made.customers using (customer_id)`;
    const mean = (where: string) => `avg(freight_value) filter (where ${where})`;
    await within(1.8, 5, `${mean(far)} / ${mean(near)}`, bought);
  });
});

describe("payments", () => {
  test("add up to items and freight, interest apart", async () => {
    await within(
      0.99,
      0.999,
      "avg((paid = owed)::int)",
      `(select order_id, sum(payment_value) as paid from made.payments group by 1) as p
        join (select order_id, sum(price + freight_value) as owed from made.order_items group by 1) as i
        using (order_id)`,
      "",
    );
    expect(await one("select count(*) from made.payments where payment_value < 0")).toBe(0n);
  });

  test("are numbered from 1 without gaps, by card mostly, in 1 to 24 instalments", async () => {
    expect(
      await one(`select count(*) from (select order_id from made.payments group by 1
        having min(payment_sequential) <> 1 or max(payment_sequential) <> count(*))`),
    ).toBe(0n);
    expect(await one("select count(*) from made.orders anti join made.payments using (order_id)")).toBe(0n);
    await within(0.7, 0.8, "avg((payment_type = 'credit_card')::int)", "payments");
    await within(0.15, 0.23, "avg((payment_type = 'boleto')::int)", "payments");
    await within(1, 1, "min(payment_installments)", "payments");
    await within(24, 24, "max(payment_installments)", "payments");
    await within(1, 1, "max(payment_installments) filter (where payment_type <> 'credit_card')", "payments");
    await within(3, 40, "count(*) filter (where payment_type = 'not_defined')", "payments");
  });
});

describe("reviews", () => {
  test("please mostly, and less when the parcel was late", async () => {
    await within(0.54, 0.6, "avg((review_score = 5)::int)", "reviews");
    const late = "order_delivered_customer_date::date > order_estimated_delivery_date";
    const mean = (where: string) => `avg(review_score) filter (where ${where})`;
    await within(
      1,
      3,
      `${mean(`not (${late})`)} - ${mean(late)}`,
      "reviews join made.orders using (order_id)",
    );
  });

  test("repeat their id over different orders, so that it is no key", async () => {
    await within(700, 900, "count(*) - count(distinct review_id)", "reviews");
    await within(
      1,
      1,
      "max(scores)",
      "(select count(distinct review_score) as scores from made.reviews group by review_id)",
      "",
    );
  });

  test("have comments with line breaks of both kinds, quotes, commas and emoji, or none", async () => {
    await within(0.35, 0.46, "count(review_comment_message) / count(*)", "reviews");
    await within(0.08, 0.16, "count(review_comment_title) / count(*)", "reviews");
    const holds = (text: string) => `count(*) filter (where contains(review_comment_message, ${text}))`;
    for (const text of ["chr(10)", "chr(13) || chr(10)", "'\"'", "','", "'❤️'", "'😀'", "'ã'"]) {
      await within(1000, 40_000, holds(text), "reviews");
    }
    await within(1000, 40_000, `${holds("chr(10)")} - ${holds("chr(13)")}`, "reviews");
    expect(await one("select count(*) from made.reviews where contains(review_comment_message, '{')")).toBe(
      0n,
    );
  });

  test("are asked for after the purchase and answered after that", async () => {
    expect(
      await one(`select count(*) from made.reviews join made.orders using (order_id)
        where review_creation_date < order_purchase_timestamp or review_answer_timestamp < review_creation_date
        or review_creation_date <> date_trunc('day', review_creation_date)`),
    ).toBe(0n);
  });
});

describe("products", () => {
  test("lack category, name, description and photos together, and two were never weighed", async () => {
    await within(550, 670, "count(*) filter (where product_category_name is null)", "products");
    expect(
      await one(`select count(*) from made.products where
        (product_category_name is null) <> (product_name_lenght is null)
        or (product_category_name is null) <> (product_description_lenght is null)
        or (product_category_name is null) <> (product_photos_qty is null)`),
    ).toBe(0n);
    await within(2, 2, "count(*) filter (where product_weight_g is null)", "products");
    await within(73, 73, "count(distinct product_category_name)", "products");
    await within(1, 118, "min(least(product_length_cm, product_height_cm, product_width_cm))", "products");
  });
});

describe("places", () => {
  test("zip prefixes have five digits and keep their leading zeros", async () => {
    for (const [table, column] of [
      ["customers", "customer_zip_code_prefix"],
      ["sellers", "seller_zip_code_prefix"],
      ["geolocation", "geolocation_zip_code_prefix"],
    ]) {
      expect(
        await one(`select count(*) from made.${table} where not regexp_full_match(${column}, '\\d{5}')`),
      ).toBe(0n);
      await within(100, 1_000_000, `count(*) filter (where ${column} like '0%')`, table);
    }
  });

  test("a zip prefix lies in one state, and Brazil's south has the high ones", async () => {
    const prefix =
      "(select customer_zip_code_prefix as z, count(distinct customer_state) as n from made.customers group by 1)";
    await within(1, 1, "max(n)", prefix, "");
    expect(
      await one(
        "select string_agg(distinct customer_state, '' order by customer_state) from made.customers where customer_zip_code_prefix >= '90000'",
      ),
    ).toBe("RS");
    await within(0.38, 0.46, "avg((customer_state = 'SP')::int)", "customers");
    await within(27, 27, "count(distinct customer_state)", "customers");
  });

  test("whole rows of geolocation repeat, cities are spelled with and without accents, and few points lie astray", async () => {
    await within(
      0.25,
      0.27,
      "1 - (select count(*) from (select distinct * from made.geolocation)) / count(*)",
      "geolocation",
    );
    for (const city of ["são paulo", "sao paulo"]) {
      await within(10_000, 200_000, `count(*) filter (where geolocation_city = '${city}')`, "geolocation");
    }
    await within(1, 100, "count(*) filter (where geolocation_lng > -30)", "geolocation");
  });

  test("a few customers' prefixes are not in geolocation", async () => {
    await within(
      1,
      2000,
      "count(*)",
      "customers anti join made.geolocation on customer_zip_code_prefix = geolocation_zip_code_prefix",
    );
  });

  test("people come back, and stay where they live", async () => {
    await within(0.95, 0.98, "count(distinct customer_unique_id) / count(*)", "customers");
    await within(
      1,
      1,
      "max(n)",
      "(select count(distinct customer_zip_code_prefix) as n from made.customers group by customer_unique_id)",
      "",
    );
  });
});

test("the insights in SQL make of it, on one thread as on two, rows with their key and no null where none may be", async () => {
  const own = await instance.connect();
  await own.run("create schema insights");
  await own.run("set search_path = 'made,insights'");
  for (const asset of [daily_revenue, monthly_revenue, delivery_days, seller_scorecard]) {
    const statement = castStatementOf(asset);
    await own.run("set threads = 2");
    await own.run(`create table insights.${asset.key} as ${statement}`);
    await own.run("set threads = 1");
    expect(await hashOf(own, `(${statement})`)).toBe(await hashOf(own, `insights.${asset.key}`));
    const required = Object.entries(asset.columns).filter(([, column]) => !column.isNullable);
    const nulls = required.map(([column]) => `${column} is null`).join(" or ");
    const counted = await own.runAndReadAll(
      `select count(*) - count(distinct (${asset.primaryKey.join(", ")})), count(*) filter (where ${nulls}), count(*) > 20
        from insights.${asset.key}`,
    );
    expect([asset.key, ...(counted.getRows()[0] ?? [])]).toEqual([asset.key, 0n, 0n, true]);
  }
  await own.run("set threads = 2");
  own.closeSync();
});

async function within(
  least: number,
  most: number,
  expression: string,
  from = "orders",
  schema = "made.",
): Promise<void> {
  const value = Number(await one(`select (${expression})::double from ${schema}${from}`));
  expect(value, expression).toBeGreaterThanOrEqual(least);
  expect(value, expression).toBeLessThanOrEqual(most);
}

async function one(query: string): Promise<unknown> {
  return (await connection.runAndReadAll(query)).value(0, 0);
}

async function hashOf(on: typeof connection, relation: string): Promise<unknown> {
  const hashed = await on.runAndReadAll(
    `select count(*) || ' ' || sum(hash(t)::hugeint) from ${relation} as t`,
  );
  return hashed.value(0, 0);
}
