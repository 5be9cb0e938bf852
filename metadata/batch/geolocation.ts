import { double, string, table } from "../../framework/index.ts";
import { brazilianStates } from "../brazilian-states.ts";

export const geolocation = table("geolocation", {
  description:
    "Points seen within each zip prefix. It has no key: many points per prefix, and whole rows repeat.",
  columns: {
    geolocation_zip_code_prefix: string({ length: 5 }).describe(
      "First five digits of the zip code, leading zeros kept.",
    ),
    geolocation_lat: double().describe("Latitude in degrees, WGS 84; a few points lie outside Brazil."),
    geolocation_lng: double().describe("Longitude in degrees, WGS 84; a few points lie outside Brazil."),
    geolocation_city: string({ length: 100 }).describe(
      "City as it was typed: the same city is written with and without accents.",
    ),
    geolocation_state: string({ length: 2 })
      .oneOf(brazilianStates)
      .describe("State, as its two-letter code."),
  },
});
