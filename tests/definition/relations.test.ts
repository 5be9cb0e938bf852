import { describe, expect, it } from "vitest";
import { string } from "../../framework/definition/column.ts";
import { foreignKeys } from "../../framework/definition/relations.ts";
import { table } from "../../framework/definition/table.ts";

const customers = table("customers", { columns: { customer_id: string() }, primaryKey: ["customer_id"] });
const orders = table("orders", { columns: { customer_id: string(), parent_id: string() } });

describe("foreignKeys", () => {
  it("gives plain data, blocking unless told, with the line of each", () => {
    const keys = foreignKeys({ orders, customers }, (t) => [
      t.orders.customer_id.references(t.customers.customer_id),
      t.orders.parent_id.references(t.orders.customer_id, { severity: "warning" }),
    ]);
    expect(keys).toEqual([
      {
        from: { owner: orders, columns: ["customer_id"] },
        to: { owner: customers, columns: ["customer_id"] },
        severity: "blocking",
        position: expect.objectContaining({ file: expect.stringContaining("relations.test.ts") }),
      },
      expect.objectContaining({ to: { owner: orders, columns: ["customer_id"] }, severity: "warning" }),
    ]);
    expect((keys[1]?.position?.line ?? 0) - (keys[0]?.position?.line ?? 0)).toBe(1);
  });
});
