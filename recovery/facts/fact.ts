import { type Seconds, seconds } from "../duration";
import type { Grade } from "../plan/term";

/**
 * How far a published number may be relied on: it follows from design or configuration; a contract promises it; a
 * vendor calls it typical; a vendor publishes none; it was measured here; nobody has confirmed it.
 */
export type Standing = "design" | "contract" | "typical" | "none" | "measured" | "unverified";

/** What is true of a mechanism, and who says so. */
export interface Fact {
  /** `<technology>.<what>`: `kubernetes.toleration`. */
  id: string;
  /** One sentence. */
  says: string;
  /** The number in it, if the model or a reader reckons with it. */
  value?: number;
  unit?: "seconds" | "days" | "count" | "percent" | "per million" | "bytes" | "bytes per second";
  standing: Standing;
  /** Who says so: a page, a file of a public repository, a command that measured it. */
  source: string;
  /** The day somebody last read the source, `2025-11-04`; or the year, where no more is known. */
  read: string;
  /** The last day it counts without being read again. */
  reviewBy: string;
}

/** The seconds of a fact; throws for one that is no span, which only a mistake in the code can ask for. */
export function factSeconds({ id, value, unit }: Fact): Seconds {
  if (value === undefined || (unit !== "seconds" && unit !== "days")) throw new RangeError(`${id} is no span of time`);
  return seconds(unit === "days" ? value * 86_400 : value);
}

const gradesOfStandings: Record<Standing, Grade | undefined> = {
  design: "guaranteed",
  contract: "contractual",
  measured: "measured",
  typical: undefined,
  none: undefined,
  unverified: undefined,
};

/** What a number counts for that rests on a fact alone; undefined where it takes a register entry. */
export function gradeOf({ standing }: Pick<Fact, "standing">): Grade | undefined {
  return gradesOfStandings[standing];
}
