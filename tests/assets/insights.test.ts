import { expect, test } from "vitest";
import { daily_revenue } from "../../assets/insights/daily_revenue.ts";
import { delivery_days } from "../../assets/insights/delivery_days.ts";
import { monthly_revenue } from "../../assets/insights/monthly_revenue.ts";
import { seller_scorecard } from "../../assets/insights/seller_scorecard.ts";
import { madeFrom } from "./made-by-sql.ts";

test("daily revenue counts an order once however it is paid, and leaves canceled ones out", async () => {
  const order = (order_id: string, order_purchase_timestamp: string, order_status: string) => ({
    ...{ order_id, order_purchase_timestamp, order_status },
  });
  const payment = (order_id: string, payment_value: string) => ({ order_id, payment_value });
  const rows = await madeFrom(daily_revenue, {
    orders: [
      order("a", "2018-01-01 00:00:00", "delivered"),
      order("b", "2018-01-01 23:59:59", "shipped"),
      order("c", "2018-01-01 12:00:00", "canceled"),
      order("d", "2018-01-02 12:00:00", "unavailable"),
      order("e", "2018-01-03 12:00:00", "delivered"),
    ],
    payments: [
      ...[payment("a", "10.10"), payment("a", "0.20"), payment("b", "5.00")],
      ...[payment("c", "99.00"), payment("d", "99.00"), payment("e", "7.00")],
    ],
  });
  expect(rows).toEqual(["2018-01-01 2 15.30", "2018-01-03 1 7.00"]);
});

test("monthly revenue compares with the calendar month before, if there is one", async () => {
  const day = (day: string, orders: number, revenue: string) => ({ day, orders, revenue });
  const rows = await madeFrom(monthly_revenue, {
    daily_revenue: [
      ...[day("2017-11-30", 1, "80.00"), day("2017-12-01", 2, "60.00"), day("2017-12-31", 3, "40.00")],
      ...[day("2018-02-10", 1, "0.00"), day("2018-03-10", 1, "5.00")],
    ],
  });
  expect(rows).toEqual([
    "2017-11-01 1 80.00 ",
    "2017-12-01 5 100.00 0.2500",
    "2018-02-01 1 0.00 ",
    "2018-03-01 1 5.00 ",
  ]);
});

test("delivery days go from purchase to the door, and a parcel is late from the day after the promised one", async () => {
  const order = (customer_id: string, delivered: string | null) => ({
    customer_id,
    order_purchase_timestamp: "2018-01-01 12:00:00",
    order_delivered_customer_date: delivered,
    order_estimated_delivery_date: "2018-01-05 00:00:00",
  });
  const rows = await madeFrom(delivery_days, {
    customers: [
      { customer_id: "1", customer_state: "SP" },
      { customer_id: "2", customer_state: "AM" },
      { customer_id: "3", customer_state: "RR" },
    ],
    orders: [
      order("1", "2018-01-02 12:00:00"),
      order("1", "2018-01-05 23:59:59"),
      order("1", "2018-01-06 00:00:00"),
      order("1", null),
      order("2", "2018-01-11 12:00:00"),
      order("3", null),
    ],
  });
  expect(rows).toEqual(["AM 1 10.00 10.00 1.0000", "SP 3 3.33 4.50 0.3333"]);
});

test("a seller's card counts each order once, with all reviews of it, and nothing for who never sold", async () => {
  const item = (seller_id: string, order_id: string, price: string) => ({ seller_id, order_id, price });
  const order = (order_id: string, delivered: string | null) => ({
    order_id,
    order_delivered_customer_date: delivered,
    order_estimated_delivery_date: "2018-01-05 00:00:00",
  });
  const review = (order_id: string, review_score: number) => ({ order_id, review_score });
  const rows = await madeFrom(seller_scorecard, {
    sellers: ["s", "t", "u"].map((seller_id) => ({ seller_id, seller_state: "SP" })),
    order_items: [
      ...[item("s", "a", "1.50"), item("s", "a", "1.50"), item("s", "b", "2.00")],
      ...[item("t", "a", "9.00"), item("t", "c", "1.00")],
    ],
    orders: [order("a", "2018-01-04 10:00:00"), order("b", "2018-01-09 10:00:00"), order("c", null)],
    reviews: [review("a", 5), review("a", 4), review("b", 1)],
  });
  expect(rows).toEqual(["s SP 2 5.00 3.33 0.5000", "t SP 2 10.00 4.50 0.0000", "u SP 0 0.00  "]);
});
