import { isBounded } from "../bound";
import { type Seconds, seconds } from "../duration";
import type { Archive, Term } from "../plan";

/** Terms of what a log has not yet shipped: a piece as long as it may be filled, another if one shipment failed, and its upload. */
export function unshippedTerms({ ship, upload }: Archive, missed: 0 | 1): Term[] {
  if (missed === 0) return [ship, upload];
  const value = isBounded(ship.value) ? seconds(2 * ship.value) : ship.value;
  return [{ ...ship, name: `${ship.name}, with one failed shipment`, value }, upload];
}

/** Seconds of work that a stopped archive has cost at the moment at which an alert on the age of its last upload fires. */
export function stoppedArchive(ship: number, upload: number, detection: number): Seconds {
  // The alert must let a healthy interval and upload pass, and counts from the end of an upload that was itself late.
  return seconds(ship + upload + upload + detection);
}
