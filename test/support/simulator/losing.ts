import type fc from "fast-check";
import type { Disruption, Plan } from "../../../recovery";
import { fought, type Terms } from "./battle";
import { type Claim, claimed } from "./claim";
import { family, type Played } from "./family";
import type { Damage } from "./loss";
import { anything, type Subject } from "./subject";
import { type Grouped, groupedPlan, groupedWorld, idOf } from "./subjectGroup";
import type { Match } from "./tally";
import type { World } from "./world";
import { mostDamaged, mostLost, type Worst } from "./worst";

/** How long the parts of a recovery take, in seconds. */
export type Spans = Pick<Subject, "detect" | "decide" | "stop" | "restore">;

/** How damage unfolds at the earliest and at the latest: noticed at once or when it must be. */
export function damagesOf({ detect, decide, stop, restore }: Spans, disruption: Disruption): Damage[] {
  const hostile = disruption === "compromise";
  return [0, detect + decide].map((decided) => ({ decided, stopped: stop, restored: restore, hostile }));
}

/** The most that a disruption costs a world, damage or loss, when the recovery takes its time. */
export function costOf(world: World, spans: Spans, disruption: Disruption, terms: Terms): Worst {
  if (disruption !== "region") {
    const damages = damagesOf(spans, disruption);
    return fought(world, terms, (held, scene) => mostDamaged(world, held, scene, damages));
  }
  const recovery = spans.detect + spans.decide + spans.stop + spans.restore;
  return fought(world, terms, (held, scene) => mostLost(world, held, scene, recovery));
}

/** A window that is too short for one failed run makes no claim at all, though it may do while none fails. */
function lossesOf({ healthy, failed, reaches }: Claim): Worst {
  return [healthy, reaches ? failed : Number.POSITIVE_INFINITY];
}

/** What is claimed beside what was played. */
export function matchesOf(claim: Claim, [played, playedFailed]: Worst): Match[] {
  const [healthy, failed] = lossesOf(claim);
  const withOne = { claim: failed, played: playedFailed };
  return claim.reaches || Number.isFinite(healthy) ? [{ claim: healthy, played }, withOne] : [withOne];
}

/** Of so many plans one is played to the end; of the others an adversary is content with what is claimed. */
const thorough = 8;

/** One day of the ten years for each turn. */
export const dayOf = (turn: number) => (turn * 1_301) % 3_600;

/** One kind of plan that says what a disruption costs. */
export interface Kind<S> {
  name: string;
  drawn: fc.Arbitrary<S>;
  plans: number;
  exact: boolean;
  planOf(subject: S): Plan;
  worldOf(subject: S): World;
  spansOf(subject: S): Spans;
  disruptionOf(subject: S): Disruption;
  /** How many runs of a scene are tried. @default 3 */
  tried?: number;
  /** @default 1 */
  sweeps?: number;
}

/** The family of a kind. */
export function losing<S>(kind: Kind<NoInfer<S>> & { drawn: fc.Arbitrary<S> }): Played {
  const { tried = 3, sweeps = 1 } = kind;
  return family({
    ...kind,
    compare: (subject, turn) => {
      const disruption = kind.disruptionOf(subject);
      const claim = claimed(kind.planOf(subject), disruption);
      if (claim === undefined) return undefined;
      const enough = turn % thorough === 0 ? {} : { enough: lossesOf(claim) };
      const terms = { tried, sweeps, wild: 3, days: [dayOf(turn)], ...enough };
      return matchesOf(claim, costOf(kind.worldOf(subject), kind.spansOf(subject), disruption, terms));
    },
  });
}

/** Every member of a group in its turn: a region takes all of them, damage one and those that refer to it. */
export function fitting(name: string, drawn: fc.Arbitrary<Grouped>, plans: number, exact: boolean): Played {
  return family({
    name,
    drawn,
    plans,
    exact,
    compare: (subject, turn) => {
      const { disruption, members } = subject;
      const plan = groupedPlan(subject);
      const terms = { tried: 3, sweeps: 2, wild: 3, days: [dayOf(turn)] };
      const spans = spansOf(members[0]?.subject ?? anything);
      const all = disruption === "region" ? costOf(groupedWorld(subject), spans, disruption, terms) : undefined;
      const found = members.map((_, place) => {
        const claim = claimed(plan, disruption, idOf(place));
        return claim && matchesOf(claim, all ?? costOf(groupedWorld(subject, place), spans, disruption, terms));
      });
      return found.includes(undefined) ? undefined : found.flatMap((one) => one ?? []);
    },
  });
}

/** The spans of a subject. */
export const spansOf = ({ detect, decide, stop, restore }: Spans) => ({ detect, decide, stop, restore });
/** The disruption that was drawn with a subject. */
export const asDrawn = ({ disruption }: { disruption: Disruption }) => disruption;
/** The loss of the region. */
export const inRegion = () => "region" as const;

/** Noticed, decided and restored at once. */
export const atOnce: Spans = { detect: 0, decide: 0, stop: 0, restore: 0 };
