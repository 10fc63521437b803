/** Seconds in a day without a change of the clocks. */
export const secondsPerDay = 86_400;

/** A day of the proleptic Gregorian calendar; `month` is 1 to 12, `dayOfMonth` 1 to 31, `dayOfWeek` 0 (Sunday) to 6. */
export interface CivilDay {
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
  readonly dayOfWeek: number;
}

/** The calendar day that lies `day` days after 1970-01-01. */
export function civilDay(day: number): CivilDay {
  // Eras of 400 years that start on 1 March, so that the leap day is the last of its year.
  const sinceEpoch = day + 719_468;
  const era = Math.floor(sinceEpoch / 146_097);
  const dayOfEra = sinceEpoch - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
    dayOfWeek: (((day + 4) % 7) + 7) % 7,
  };
}

/** Days from 1970-01-01 to a date; a month or day beyond its range carries over, as in 31 April = 1 May. */
export function dayNumber(year: number, month: number, dayOfMonth: number): number {
  return Date.UTC(year, month - 1, dayOfMonth) / (secondsPerDay * 1000);
}
