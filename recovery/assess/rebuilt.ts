import { compare, sumOf } from "../bound";
import { seconds } from "../duration";
import type { Disruption } from "../objective";
import type { Asset, Path, Rebuild, Term } from "../plan";
import { actingTerms, noticingTerms } from "../time/criticalPath";
import type { Candidate } from "./assessment";
import { atBestOf, inDoubt, leastOf, originsInDoubt } from "./hidden";
import { isSpoiling, judged } from "./judge";
import { besideOf, restingOn } from "./rests";
import { lastProtected, type Session, totalOf } from "./session";
import { sourceStruckWith } from "./struck";
import { type Waits, waitTerms } from "./waiting";
import { type Drop, type Ways, waysBeside } from "./ways";

/**
 * Ways to make derived data anew: one for each way of its source to come back, whose loss it shares; damage may have
 * come from the source, so then as well.
 */
export function rebuilt(
  session: Session,
  asset: Asset,
  path: Path,
  rebuild: Rebuild,
  disruption: Disruption,
): Ways | Drop {
  const waits = waitTerms(session, asset, disruption, path);
  const within = (some: Waits) => rebuiltWithin({ session, asset, path, disruption }, rebuild, some);
  const known = within(waits);
  if (!("candidates" in known) || waits.sooner === undefined) return known;
  const least = within({ ...waits, others: waits.sooner.others });
  const atBest = "candidates" in least ? [...least.candidates.map(atBestOf), ...least.dropped.flatMap(leastOf)] : [];
  return { ...known, dropped: [...known.dropped, inDoubt(path, waits.sooner, atBest)] };
}

interface Made {
  session: Session;
  asset: Asset;
  path: Path;
  disruption: Disruption;
}

function rebuiltWithin(
  { session, asset, path, disruption }: Made,
  { id, from, source }: Rebuild,
  waits: Waits,
): Ways | Drop {
  const origin = session.about(from)?.asset;
  if (origin === undefined) return { reason: `${from}, which it is made from, is not in the plan`, unknown: true };
  const identity = { path: path.id, protection: id };
  const begun = [...noticingTerms(path), ...waits.others];
  const acting = [...waits.turns, ...actingTerms(path)];
  const struck = sourceStruckWith(session, origin, asset, disruption);
  if (struck === undefined) {
    const none: Term = { name: `${from} is not struck`, value: seconds(0), grade: "guaranteed", source };
    const rpo = totalOf([none]);
    const rto = totalOf([...begun, ...acting]);
    const again = path.reprotect ? { reprotect: totalOf(path.reprotect) } : {};
    const rests = restingOn([besideOf(path)], [rto.terms], waits.rests);
    return { candidates: [{ ...identity, label: path.label, rpo: [rpo, rpo], rto, ...again, ...rests }], dropped: [] };
  }
  const { candidates: all, dropped } = waysBeside(session, struck, asset, disruption);
  const candidates = keeping(
    session,
    struck,
    all.filter((way) => !isSpoiling(way)),
    disruption,
  );
  if (candidates.length === 0) {
    const reasons = dropped.map(({ label, reason }) => `${label}: ${reason}`).join("; ");
    const reason = `${from}, which it is made from, does not come back${reasons === "" ? "" : `: ${reasons}`}`;
    return { reason, unknown: dropped.some(({ unknown }) => unknown) };
  }
  const made = candidates.map(({ reprotect: again, rests = [], ...way }): Candidate => {
    // It is made anew once its source is back, and once that it has to be is noticed and all else it needs is there.
    const isSourceLast = compare(way.rto.total, sumOf(begun)) >= 0;
    const rto = totalOf([...(isSourceLast ? way.rto.terms : begun), ...acting]);
    const beside = isSourceLast ? begun : way.rto.terms;
    const taken = session.about(struck.id)?.paths.find(({ id }) => id === way.path);
    return {
      ...way,
      ...identity,
      label: `${path.label}, after ${way.label} of ${struck.id}`,
      rto,
      ...lastProtected([again, path.reprotect && totalOf(path.reprotect)]),
      ...restingOn([rests, beside, besideOf(taken), besideOf(path)], [way.rpo[1].terms, rto.terms], waits.rests),
    };
  });
  const spans = { begun: sumOf(begun), acting: sumOf(acting) };
  return { candidates: made, dropped: originsInDoubt(path, struck.id, dropped, spans) };
}

/** The source comes back by one way, whatever is made from it: one that keeps what is promised of it, where there is one. */
function keeping(
  session: Session,
  source: Asset,
  candidates: readonly Candidate[],
  disruption: Disruption,
): readonly Candidate[] {
  const objective = source.objectives[disruption];
  if (objective === undefined || candidates.length < 2) return candidates;
  const ways = judged(session, source, candidates, objective);
  if (ways.every(({ broken }) => broken.length > 0)) return candidates;
  // One of which nobody can tell may keep it as well.
  return ways.filter(({ verdict }) => verdict !== "missed").map(({ candidate }) => candidate);
}
