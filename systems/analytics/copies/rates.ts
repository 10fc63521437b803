import { type Duration, duration, type Seconds, seconds } from "../../../recovery/duration";
import type { AssumptionArgs } from "../../../recovery/plan";
import { LAKE_ID } from "../objectives";
import type { Estate } from "../site";

/** How fast tables of the lake are copied, and how much is written to them, in bytes a second, as the register assumes. */
export interface LakeRates {
  copied: number;
  written: number;
}

/** Longest that the other region serves: by then the lost one stands again, or another is planned. */
export const LONGEST_OUTAGE: Duration = "14d";

/** The rates of the register. @throws RangeError where it has none for the lake. */
export function lakeRates(assumptions: readonly AssumptionArgs[]): LakeRates {
  const rate = (term: "copy-rate" | "write-rate") => {
    const found = assumptions.find((one) => one.term === term && one.assets.includes(LAKE_ID))?.bytesPerSecond;
    if (found === undefined) throw new RangeError(`the register must have an assumption ${term} for ${LAKE_ID}`);
    return found;
  };
  return { copied: rate("copy-rate"), written: rate("write-rate") };
}

/** What a copy of the whole lake takes, in whole days. */
export function firstCloneTakes({ config, assumptions }: Pick<Estate, "config" | "assumptions">): Duration {
  return `${Math.ceil(config.lake.bytes / lakeRates(assumptions).copied / duration("1d"))}d`;
}

/**
 * What each round of a fail-back takes, until one takes `last` at most.
 * @throws RangeError where more is written than copied: no round would be shorter than the one before it.
 */
export function roundsTake(rates: LakeRates, last: Duration): Seconds[] {
  const { copied, written } = rates;
  if (written >= copied)
    throw new RangeError(
      `the register must say that more is copied than written, got ${copied} and ${written} bytes a second`,
    );
  const spans = [firstRoundTakes(rates)];
  for (let span = spans[0] ?? seconds(0); span > duration(last); spans.push(span))
    span = seconds(Math.ceil((span * written) / copied));
  return spans;
}

/**
 * What the first round of a fail-back takes that brings back all that was written in the longest outage. Each further round
 * brings what was written during the one before it: as long as that took, times written by copied.
 */
export function firstRoundTakes({ copied, written }: LakeRates) {
  return seconds(Math.ceil((duration(LONGEST_OUTAGE) * written) / copied));
}
