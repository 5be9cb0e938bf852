import fc from "fast-check";
import { expect, test } from "vitest";
import { zip_index } from "../../assets/insights/zip_index.ts";
import type { RowOf } from "../../framework/index.ts";
import type { tables } from "../../metadata/tables.ts";

type Point = RowOf<typeof tables.geolocation.columns>;

test("a prefix is where its points are on average, under the name that most of them give", async () => {
  const { rows } = await indexOf([
    [point("01001", -23.5, -46.6, "São Paulo"), point("01001", -23.6, -46.7, "sao paulo")],
    [point("01001", -23.55, -46.65, "osasco"), point("00999", -1.23456, -50.98765, "belém", "PA")],
  ]);
  expect(rows).toEqual([
    { zip_code_prefix: "00999", latitude: -1.235, longitude: -50.988, points: 1, city: "belem", state: "PA" },
    {
      zip_code_prefix: "01001",
      latitude: -23.55,
      longitude: -46.65,
      points: 3,
      city: "sao paulo",
      state: "SP",
    },
  ]);
});

test("points outside Brazil move no centre, and the log says how many there were", async () => {
  const { rows, lines } = await indexOf([
    [point("01001", -23.5, -46.6), point("01001", 45.1, 9.2), point("01002", Number.NaN, -46.6)],
  ]);
  expect(rows).toMatchObject([{ zip_code_prefix: "01001", latitude: -23.5, points: 1 }]);
  expect(lines).toEqual(["left out 2 of 3 points: they lie outside config.bounds"]);
});

test("the order of the rows decides nothing, ties included", async () => {
  const points = fc.array(
    fc.record({
      geolocation_zip_code_prefix: fc.constantFrom("01001", "20002"),
      geolocation_lat: fc.double({ min: -40, max: 10, noNaN: true }),
      geolocation_lng: fc.double({ min: -80, max: -30, noNaN: true }),
      geolocation_city: fc.constantFrom("itu", "itú", "Salto", "são roque"),
      geolocation_state: fc.constantFrom("SP" as const, "RJ" as const),
    }),
    { maxLength: 30 },
  );
  const twoOrders = points.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  );
  await fc.assert(
    fc.asyncProperty(twoOrders, async ([one, other]) => {
      expect((await indexOf([one])).rows).toEqual((await indexOf([other.slice(0, 3), other.slice(3)])).rows);
    }),
  );
});

test("a run that is cancelled stops before the next batch", async () => {
  const cancelled = AbortSignal.abort(new Error("cancelled"));
  await expect(indexOf([[point("01001", -23.5, -46.6)]], cancelled)).rejects.toThrow("cancelled");
});

function point(
  prefix: string,
  latitude: number,
  longitude: number,
  city = "sao paulo",
  state: Point["geolocation_state"] = "SP",
): Point {
  return {
    geolocation_zip_code_prefix: prefix,
    geolocation_lat: latitude,
    geolocation_lng: longitude,
    geolocation_city: city,
    geolocation_state: state,
  };
}

async function indexOf(batches: readonly (readonly Point[])[], signal = new AbortController().signal) {
  if (zip_index.making.kind !== "function") throw new Error("zip_index is not made by a function");
  const { config, run } = zip_index.making;
  const lines: string[] = [];
  const geolocation = {
    rows: batches.reduce((sum, batch) => sum + batch.length, 0),
    async *batches() {
      yield* batches;
    },
  };
  const rows: unknown[] = [];
  for await (const row of run({ inputs: { geolocation }, config, signal, log: (line) => lines.push(line) })) {
    rows.push(row);
  }
  return { rows, lines };
}
