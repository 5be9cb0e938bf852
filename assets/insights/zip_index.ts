import { asset, double, integer, string } from "../../framework/index.ts";
import { geolocation } from "../batch/geolocation.ts";

export const zip_index = asset.run("zip_index", {
  description:
    "Where each zip prefix is: the centre of its points, with the city and state that most of them name.",
  group: "insights",
  tags: ["geography"],
  inputs: { geolocation },
  columns: {
    zip_code_prefix: string({ length: 5 }).describe("First five digits of the zip code, leading zeros kept."),
    latitude: double().describe(
      "Mean latitude of the points, in degrees, rounded to config.precision decimals.",
    ),
    longitude: double().describe(
      "Mean longitude of the points, in degrees, rounded to config.precision decimals.",
    ),
    points: integer().describe("How many points inside config.bounds the centre is made from."),
    city: string({ length: 100 }).describe("The city most points name, in lower case and without accents."),
    state: string({ length: 2 }).describe("The state most points name, as its two-letter code."),
  },
  primaryKey: ["zip_code_prefix"],
  config: {
    precision: 3,
    // Points whose degrees were mistyped lie in other countries and seas, and would pull the centre there.
    bounds: { south: -34, north: 5.5, west: -74, east: -34 },
  },
  timeout: "10m",
  async *run({ inputs, config, signal, log }) {
    const { south, north, west, east } = config.bounds;
    const places = new Map<string, Place>();
    const plainNames = new Map<string, string>();
    let outside = 0;
    for await (const batch of inputs.geolocation.batches()) {
      signal.throwIfAborted();
      for (const row of batch) {
        const { geolocation_lat: latitude, geolocation_lng: longitude } = row;
        if (!(latitude >= south && latitude <= north && longitude >= west && longitude <= east)) {
          outside += 1;
          continue;
        }
        let plain = plainNames.get(row.geolocation_city);
        if (plain === undefined) {
          plain = plainName(row.geolocation_city);
          plainNames.set(row.geolocation_city, plain);
        }
        let place = places.get(row.geolocation_zip_code_prefix);
        if (place === undefined) {
          place = { points: 0, latitude: 0, longitude: 0, cities: new Map(), states: new Map() };
          places.set(row.geolocation_zip_code_prefix, place);
        }
        place.points += 1;
        place.latitude += Math.round(latitude * microdegrees);
        place.longitude += Math.round(longitude * microdegrees);
        place.cities.set(plain, (place.cities.get(plain) ?? 0) + 1);
        place.states.set(row.geolocation_state, (place.states.get(row.geolocation_state) ?? 0) + 1);
      }
    }
    if (outside > 0)
      log(`left out ${outside} of ${inputs.geolocation.rows} points: they lie outside config.bounds`);
    const step = 10 ** config.precision;
    for (const [prefix, place] of [...places].sort(([a], [b]) => (a < b ? -1 : 1))) {
      yield {
        zip_code_prefix: prefix,
        latitude: roundedDegrees(place.latitude / place.points, step),
        longitude: roundedDegrees(place.longitude / place.points, step),
        points: place.points,
        city: mostFrequent(place.cities),
        state: mostFrequent(place.states),
      };
    }
  },
});

/**
 * Sums are of whole millionths of a degree: whole numbers add up to the same in every order of the rows, fractions do
 * not. They stay exact up to some ten million points of one prefix.
 */
const microdegrees = 1_000_000;

/** Millionths of a degree as degrees, to one part in `step`; never -0, which is another value to a hash. */
function roundedDegrees(value: number, step: number): number {
  return Math.round((value / microdegrees) * step) / step + 0;
}

/** What is known of a zip prefix while its points go by. */
interface Place {
  points: number;
  latitude: number;
  longitude: number;
  readonly cities: Map<string, number>;
  readonly states: Map<string, number>;
}

/** A city's name in lower case and without accents, so that all spellings count as one. */
function plainName(name: string): string {
  return name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/** The value counted most often; of several, the first in the alphabet, so that no order of rows decides it. */
function mostFrequent(counts: ReadonlyMap<string, number>): string {
  let best = "";
  let most = 0;
  for (const [value, count] of counts) {
    if (count > most || (count === most && value < best)) [best, most] = [value, count];
  }
  return best;
}
