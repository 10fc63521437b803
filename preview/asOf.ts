import { BadInput } from "./badInput";

/** Reads `--as-of`: a day (its first second in UTC) or an instant with its zone; the answer is seconds since 1970. */
export function parseAsOf(text: string): number {
  const day = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.exec(text);
  const written = day?.[1];
  // Date.parse takes 30 February for 1 March.
  const exists = written !== undefined && isoDay(Date.parse(`${written}T00:00:00Z`)) === written;
  const at = exists ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new BadInput(
      `--as-of must be a day or an instant with its zone, got "${text}"; e.g. --as-of 2026-11-21 or --as-of 2026-11-21T08:30:00Z`,
    );
  }
  return Math.floor(at / 1000);
}

function isoDay(milliseconds: number): string {
  return Number.isNaN(milliseconds) ? "" : new Date(milliseconds).toISOString().slice(0, "yyyy-mm-dd".length);
}
