import type { Disruption } from "../objective";
import type { Asset } from "../plan";
import type { Candidate } from "./assessment";
import { byText, cheaper, type Judged, judgedBy, order } from "./judge";
import type { Session } from "./session";
import type { Back } from "./sets";
import { strikesToo } from "./ways";

/** A disruption of one asset, and the member of its set that is asked for. */
export interface Event {
  struck: Asset;
  asset: Asset;
  disruption: Disruption;
}

/** One way for each member of a set to come back, and what that costs as told of one of them. */
export interface Combination {
  backs: readonly Back[];
  candidate: Candidate;
}

/** What becomes of the promises of all members that are struck if they come back by one combination. */
interface Outcome {
  candidate: Candidate;
  promises: { asset: string; judged: Judged }[];
  /** In words that are the same whichever member is asked for. */
  key: string;
}

/**
 * A set comes back by one combination, whichever member is asked for: that which breaks the fewest promises of all that
 * are struck, then leaves the fewest unproven, then takes the least time and loses the least. Every other that means less
 * to any of them says to whom.
 */
export function chosenTogether(
  session: Session,
  combinations: readonly Combination[],
  { struck, asset, disruption }: Event,
): Candidate[] {
  const isPromised = (one: Asset) =>
    one.objectives[disruption] !== undefined && (one.id === struck.id || strikesToo(one, struck, disruption));
  const [first, second] = combinations;
  const promised = (first?.backs ?? []).map((back) => back.asset).filter(isPromised);
  if (first === undefined || second === undefined || promised.every(({ id }) => id === asset.id)) {
    return combinations.map(({ candidate }) => candidate);
  }
  const outcomes = combinations.map((one) => outcomeOf(session, one, promised, disruption));
  const [best] = [...outcomes].sort(fewerBroken);
  return outcomes.map(({ candidate, promises }) => {
    const spoils = promises.filter((one, place) => isLess(one, best?.promises[place])).map((one) => one.asset);
    return spoils.length === 0 ? candidate : { ...candidate, spoils };
  });
}

function outcomeOf(
  session: Session,
  { backs, candidate }: Combination,
  promised: readonly Asset[],
  disruption: Disruption,
): Outcome {
  const promises = promised.flatMap((asset) => {
    const objective = asset.objectives[disruption];
    const path = backs.find((back) => back.asset.id === asset.id)?.way?.path;
    return objective === undefined
      ? []
      : [{ asset: asset.id, judged: judgedBy(session, asset, candidate, objective, path) }];
  });
  const key = backs.map(({ way }) => `${way?.path} ${way?.label}`).join("\n");
  return { candidate, promises, key };
}

function fewerBroken(a: Outcome, b: Outcome): number {
  return (
    count(a, "missed") - count(b, "missed") ||
    count(a, "cannot prove") - count(b, "cannot prove") ||
    count(a, "assumed") - count(b, "assumed") ||
    halves(a) - halves(b) ||
    cheaper(a.candidate, b.candidate) ||
    byText(a.key, b.key)
  );
}

function count({ promises }: Outcome, verdict: Judged["verdict"]): number {
  return promises.filter(({ judged }) => judged.verdict === verdict).length;
}

function halves({ promises }: Outcome): number {
  return promises.reduce((sum, { judged }) => sum + judged.broken.length, 0);
}

/** Whether a promise fares worse than by the best combination, or breaks in another half. */
function isLess({ judged }: Outcome["promises"][number], best: Outcome["promises"][number] | undefined): boolean {
  if (best === undefined) return false;
  const worse = order(judged.verdict) - order(best.judged.verdict);
  return worse > 0 || (worse === 0 && judged.broken.join() !== best.judged.broken.join());
}
