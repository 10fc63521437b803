/** An instant, in seconds since 1970, as `2026-11-21 02:00 UTC`; what no calendar can print is said to be far off. */
export function formatInstant(at: number): string {
  const date = new Date(at * 1_000);
  return Number.isNaN(date.getTime())
    ? "a day beyond all calendars"
    : `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
