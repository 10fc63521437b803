import { type Bound, compare, isBounded } from "../bound";
import { seconds } from "../duration";
import type { Disruption } from "../objective";
import type { Asset, Path, Term } from "../plan";
import { stepsUntilWritesStop } from "../time/criticalPath";
import type { Candidate } from "./assessment";
import { turnTerms } from "./atOnce";
import { type Sooner, soonerWay } from "./hidden";
import { bestWay } from "./judge";
import type { Session } from "./session";
import { struckWith } from "./struck";
import { waysBeside } from "./ways";

/** What the steps of a recovery wait for beside noticing and deciding, and the numbers that rests on. */
export interface Waits {
  /** Assets that are back first. */
  others: Term[];
  /** Steps of what recovers at the same time, that hold what these need. */
  turns: Term[];
  rests: Term[];
  /** What is waited for at the least, where nobody can tell whether an asset is back sooner. */
  sooner?: { others: Term[]; label: string; reason: string };
}

/** A recovery that waits for nothing. */
export const nothingToWaitFor: Waits = { others: [], turns: [], rests: [] };

/**
 * The steps of a recovery begin when the assets it depends on are back: each that is struck as well adds what its own
 * recovery takes longer than noticing and deciding here. What recovers beside it may hold what they need. Of those that
 * go back with it, `together` tells by which way, whether they are struck or not.
 */
export function waitTerms(
  session: Session,
  asset: Asset,
  disruption: Disruption,
  path: Path,
  together: (id: string) => Candidate | undefined = () => undefined,
): Waits {
  const turns = turnTerms(session, asset, disruption, path);
  if (asset.dependsOn === undefined) return turns.length === 0 ? nothingToWaitFor : { ...nothingToWaitFor, turns };
  const noticed = session.times(path).noticing;
  const waits = asset.dependsOn.flatMap((id): Wait[] => {
    const other = session.about(id)?.asset;
    if (other === undefined) return [waitingFor(id, { unknown: `${id} is not in the plan` }, asset)];
    const beside = together(id);
    const struck = struckWith(session, other, asset, disruption);
    if (beside === undefined && struck === undefined) return [];
    const ways = waysBeside(session, struck ?? other, asset, disruption);
    const way = beside ?? bestWay(session, struck ?? other, ways, disruption);
    if (way === undefined) {
      const unsure = ways.dropped.find(({ unknown }) => unknown);
      const never = { unbounded: `${id} never comes back` };
      return [waitingFor(id, unsure ? { unknown: `${id}: ${unsure.label}: ${unsure.reason}` } : never, other)];
    }
    const { total, terms } = way.rto;
    const longer = beyond(total, noticed);
    const sooner = soonerWay(session, other, ways, disruption, way);
    const wait = { ...waitingFor(id, longer, other), rests: [...terms, ...(way.rests ?? [])] };
    return [sooner ? { ...wait, sooner: { ...sooner, value: beyond(sooner.rto, noticed) } } : wait];
  });
  // They recover side by side: only the last one back is waited for.
  const last = lastOf(waits);
  const known: Waits = { others: last ? [last.term] : [], turns, rests: waits.flatMap(({ rests }) => rests) };
  const least = lastOf(
    waits.map((one) => (one.sooner ? { ...one, term: { ...one.term, value: one.sooner.value } } : one)),
  );
  if (!last?.sooner || !least || compare(least.term.value, last.term.value) >= 0) return known;
  const { label, reason } = last.sooner;
  return { ...known, sooner: { others: [least.term], label: `once ${last.id} is back by ${label}`, reason } };
}

function lastOf(waits: readonly Wait[]): Wait | undefined {
  return [...waits].sort((a, b) => compare(b.term.value, a.term.value))[0];
}

/** How much longer a recovery takes than noticing and deciding another. */
function beyond(time: Bound, noticed: Bound): Bound {
  return isBounded(time) && isBounded(noticed) ? seconds(Math.max(0, time - noticed)) : time;
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

/** One asset that is waited for. */
interface Wait {
  id: string;
  term: Term;
  rests: Term[];
  sooner?: Sooner & { value: Bound };
}

function waitingFor(id: string, value: Bound, { source }: Asset): Wait {
  return { id, term: { name: `${id} is back`, value, grade: "guaranteed", source }, rests: [] };
}
