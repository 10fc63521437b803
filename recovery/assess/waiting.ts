import { compare, isBounded } from "../bound";
import { seconds } from "../duration";
import type { Disruption } from "../objective";
import type { Asset, Path, Term } from "../plan";
import { bestWay } from "./judge";
import type { Session } from "./session";
import { strikesToo, waysBeside } from "./ways";

/** What the steps of a recovery wait for beside noticing and deciding, and the numbers that rests on. */
export interface Waits {
  terms: Term[];
  rests: Term[];
}

const nothing: Waits = { terms: [], rests: [] };

/**
 * The steps of a recovery begin when the assets it depends on are back: each that is struck as well adds what its own
 * recovery takes longer than noticing and deciding here.
 */
export function waitTerms(session: Session, asset: Asset, disruption: Disruption, path: Path): Waits {
  if (asset.dependsOn === undefined) return nothing;
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
  return { terms: last ? [last.term] : [], rests: waits.flatMap(({ rests }) => rests) };
}

function waitingFor(id: string, value: Term["value"], { source }: Asset): { term: Term; rests: Term[] } {
  return { term: { name: `${id} is back`, value, grade: "guaranteed", source }, rests: [] };
}
