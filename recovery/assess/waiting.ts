import { compare, isBounded } from "../bound";
import { seconds } from "../duration";
import type { Disruption } from "../objective";
import type { Asset, Path, Term } from "../plan";
import { stepsUntilWritesStop } from "../time/criticalPath";
import { turnTerms } from "./atOnce";
import { bestWay } from "./judge";
import type { Session } from "./session";
import { strikesToo, waysBeside } from "./ways";

/** What the steps of a recovery wait for beside noticing and deciding, and the numbers that rests on. */
export interface Waits {
  /** Assets that are back first. */
  others: Term[];
  /** Steps of what recovers at the same time, that hold what these need. */
  turns: Term[];
  rests: Term[];
}

/** A recovery that waits for nothing. */
export const nothingToWaitFor: Waits = { others: [], turns: [], rests: [] };

/**
 * The steps of a recovery begin when the assets it depends on are back: each that is struck as well adds what its own
 * recovery takes longer than noticing and deciding here. What recovers beside it may hold what they need.
 */
export function waitTerms(session: Session, asset: Asset, disruption: Disruption, path: Path): Waits {
  const turns = turnTerms(session, asset, disruption, path);
  if (asset.dependsOn === undefined) return turns.length === 0 ? nothingToWaitFor : { ...nothingToWaitFor, turns };
  const noticed = session.times(path).noticing;
  const waits = asset.dependsOn.flatMap((id) => {
    const other = session.about(id)?.asset;
    if (other === undefined) return [waitingFor(id, { unknown: `${id} is not in the plan` }, asset)];
    if (!strikesToo(other, asset, disruption)) return [];
    const ways = waysBeside(session, other, asset, disruption);
    const way = bestWay(session, other, ways, disruption);
    if (way === undefined) {
      const unsure = ways.dropped.find(({ unknown }) => unknown);
      const never = { unbounded: `${id} never comes back` };
      return [waitingFor(id, unsure ? { unknown: `${id}: ${unsure.label}: ${unsure.reason}` } : never, other)];
    }
    const { total, terms } = way.rto;
    const longer = isBounded(total) && isBounded(noticed) ? seconds(Math.max(0, total - noticed)) : total;
    return [{ ...waitingFor(id, longer, other), rests: [...terms, ...(way.rests ?? [])] }];
  });
  // They recover side by side: only the last one back is waited for.
  const [last] = [...waits].sort((a, b) => compare(b.term.value, a.term.value));
  return { others: last ? [last.term] : [], turns, rests: waits.flatMap(({ rests }) => rests) };
}

/** What is lost after damage, until nothing is written any more: as long as it is noticed, decided, waited for and stopped. */
export function termsAfter(
  session: Session,
  asset: Asset,
  disruption: Disruption,
  path: Path,
  { others, turns }: Waits = waitTerms(session, asset, disruption, path),
): readonly Term[] {
  const own = session.after(path);
  // No step that stops writes waits where none waits at all.
  if (others.length + turns.length === 0) return own;
  const further = [...others, ...turnTerms(session, asset, disruption, path, stepsUntilWritesStop(path))];
  return further.length === 0 ? own : [...own, ...further.map((term): Term => ({ ...term, part: "after" }))];
}

function waitingFor(id: string, value: Term["value"], { source }: Asset): { term: Term; rests: Term[] } {
  return { term: { name: `${id} is back`, value, grade: "guaranteed", source }, rests: [] };
}
