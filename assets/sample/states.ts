import { apportion, sizes } from "./sizes.ts";
import { cityNames } from "./vocabulary.ts";

/** How many zip prefixes the sample knows. */
export const zipCount = 19_000;

/**
 * Each state: first and last zip prefix, its middle in degrees and how far its cities lie from it, and its shares of
 * customers and of sellers. Those with most sellers come first, since sellers with low numbers sell most.
 */
const profiles: readonly (readonly [
  code: string,
  zipFrom: number,
  zipTo: number,
  latitude: number,
  longitude: number,
  spread: number,
  customers: number,
  sellers: number,
])[] = [
  ["SP", 1000, 19999, -22.7, -47.3, 1.6, 4200, 1840],
  ["PR", 80000, 87999, -24.8, -51.2, 1.8, 510, 350],
  ["MG", 30000, 39999, -19.6, -44.4, 2.4, 1170, 245],
  ["SC", 88000, 89999, -27.2, -50.0, 1.3, 370, 190],
  ["RJ", 20000, 28999, -22.6, -43.0, 0.7, 1290, 170],
  ["RS", 90000, 99999, -29.8, -52.4, 1.8, 550, 130],
  ["GO", 72800, 76799, -16.5, -49.5, 1.6, 200, 40],
  ["DF", 70000, 72799, -15.8, -47.9, 0.2, 215, 30],
  ["ES", 29000, 29999, -20.0, -40.6, 0.9, 205, 23],
  ["BA", 40000, 48999, -12.9, -40.0, 2.4, 340, 19],
  ["CE", 60000, 63999, -4.9, -39.3, 1.3, 135, 13],
  ["PE", 50000, 56999, -8.3, -36.6, 1.4, 165, 9],
  ["PB", 58000, 58999, -7.1, -36.2, 0.9, 54, 6],
  ["RN", 59000, 59999, -5.7, -36.2, 0.7, 49, 5],
  ["MS", 79000, 79999, -21.0, -54.8, 1.6, 72, 5],
  ["MT", 78000, 78899, -13.6, -55.8, 2.4, 91, 4],
  ["SE", 49000, 49999, -10.7, -37.3, 0.5, 35, 2],
  ["RO", 76800, 76999, -10.6, -62.6, 1.3, 25, 2],
  ["PI", 64000, 64999, -6.6, -42.4, 1.8, 50, 1],
  ["MA", 65000, 65999, -4.2, -45.0, 1.8, 75, 1],
  ["PA", 66000, 68899, -3.2, -50.0, 2.4, 98, 1],
  ["AM", 69000, 69299, -3.4, -61.2, 2.0, 15, 1],
  ["AC", 69900, 69999, -9.6, -69.2, 0.9, 8, 1],
  ["AL", 57000, 57999, -9.6, -36.4, 0.5, 41, 1],
  ["TO", 77000, 77999, -9.8, -48.3, 1.6, 28, 1],
  ["AP", 68900, 68999, 0.6, -51.4, 0.7, 7, 1],
  ["RR", 69300, 69399, 2.4, -61.1, 0.9, 5, 1],
];

/** A state as the setup's statements need it; zip prefixes and sellers are numbered through, state by state. */
export interface State {
  readonly code: string;
  readonly zipFrom: number;
  readonly zipTo: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly spread: number;
  readonly cities: readonly string[];
  readonly firstZip: number;
  readonly zips: number;
  readonly firstSeller: number;
  readonly sellers: number;
}

/** All states. Customers live evenly over the zip prefixes, so a state has as many of them as it has customers. */
export function statesOfSample(): readonly State[] {
  const zips = apportion(
    zipCount,
    profiles.map(([, , , , , , customers]) => customers),
  );
  const sellers = apportion(
    sizes.sellers,
    profiles.map(([, , , , , , , share]) => share),
  );
  const cities = citiesByState();
  let firstZip = 0;
  let firstSeller = 0;
  return profiles.map(([code, zipFrom, zipTo, latitude, longitude, spread], index) => {
    const state = {
      ...{ code, zipFrom, zipTo, latitude, longitude, spread, firstZip, firstSeller },
      cities: cities.get(code) ?? [],
      zips: zips[index] ?? 0,
      sellers: sellers[index] ?? 0,
    };
    firstZip += state.zips;
    firstSeller += state.sellers;
    return state;
  });
}

function citiesByState(): ReadonlyMap<string, readonly string[]> {
  return new Map(
    cityNames
      .trim()
      .split("\n")
      .map((line) => [line.slice(0, 2), line.slice(4).split(", ")] as const),
  );
}
