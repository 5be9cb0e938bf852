import { describe, expect, it } from "vitest";
import { bigint, date, decimal, integer, string, timestamp } from "../../framework/definition/column.ts";
import { tableSchema, typeName } from "../../framework/definition/schema.ts";

describe("columns", () => {
  it("are immutable: each method gives another one", () => {
    const plain = string({ length: 2 });
    const changed = plain.nullable().oneOf(["SP", "RJ"]).describe("State.");
    expect(plain).toMatchObject({ isNullable: false, accepted: undefined, description: undefined });
    expect(changed).toMatchObject({
      type: { kind: "string", length: 2 },
      isNullable: true,
      accepted: ["SP", "RJ"],
      description: "State.",
    });
    expect(Object.isFrozen(plain) && Object.isFrozen(changed) && Object.isFrozen(changed.accepted)).toBe(
      true,
    );
  });

  it("keep what was said in any order", () => {
    const one = integer().describe("n").oneOf([1]).nullable();
    const other = integer().nullable().oneOf([1]).describe("n");
    expect([one.isNullable, one.accepted, one.description]).toEqual([
      other.isNullable,
      other.accepted,
      other.description,
    ]);
  });

  it("become a schema without descriptions and accepted values", () => {
    const columns = { id: bigint().describe("Its number."), state: string().nullable().oneOf(["a"]) };
    expect(tableSchema(columns, ["id"])).toEqual({
      columns: [
        { name: "id", type: { kind: "int64" }, nullable: false },
        { name: "state", type: { kind: "string" }, nullable: true },
      ],
      primaryKey: ["id"],
    });
  });

  it("have the names that declare them", () => {
    const types = [
      string(),
      string({ length: 32 }),
      decimal(10, 2),
      integer(),
      bigint(),
      date(),
      timestamp(),
    ];
    expect(types.map(({ type }) => typeName(type))).toEqual([
      "string",
      "string(32)",
      "decimal(10,2)",
      "integer",
      "bigint",
      "date",
      "timestamp",
    ]);
  });
});
