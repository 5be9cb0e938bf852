const dateText = /^(\d{4,7})-(\d{2})-(\d{2})( \(BC\))?$/;
const dayMs = 86_400_000;
// 400 years of the Gregorian calendar; it repeats after them.
const cycleYears = 400;
const cycleDays = 146_097;
// The outermost days that DuckDB can hold, beside its infinities.
const firstDay = -2_147_483_646;
const lastDay = 2_147_483_646;

/**
 * Days from 1970-01-01 to a date written as DuckDB writes it: "2018-10-17", and "0044-03-15 (BC)" before the year 1.
 * Undefined where the text is no date.
 */
export function daysOf(text: string): number | undefined {
  const match = dateText.exec(text);
  if (!match) return undefined;
  const [, yearText = "", monthText, dayText, bc] = match;
  const written = Number(yearText);
  // There is no year 0: the year before 1 is 1 BC.
  if (written === 0) return undefined;
  const year = bc === undefined ? written : 1 - written;
  const month = Number(monthText);
  const day = Number(dayText);
  // JS knows fewer years than DuckDB, so the day is looked up in the same year of another cycle.
  const cycles = Math.floor((year - 2000) / cycleYears);
  const ms = Date.UTC(year - cycles * cycleYears, month - 1, day);
  const found = new Date(ms);
  if (found.getUTCMonth() !== month - 1 || found.getUTCDate() !== day) return undefined;
  const days = ms / dayMs + cycles * cycleDays;
  return days >= firstDay && days <= lastDay ? days : undefined;
}
