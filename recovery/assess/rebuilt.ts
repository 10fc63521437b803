import { compare, sumOf } from "../bound";
import { seconds } from "../duration";
import type { Disruption } from "../objective";
import type { Asset, Path, Rebuild, Term } from "../plan";
import { actingTerms, noticingTerms } from "../time/criticalPath";
import type { Candidate } from "./assessment";
import { besideOf, restingOn } from "./rests";
import { lastProtected, type Session, totalOf } from "./session";
import { waitTerms } from "./waiting";
import { type Drop, strikesToo, waysBeside } from "./ways";

/**
 * Ways to make derived data anew: one for each way of its source to come back, whose loss it shares; damage may have
 * come from the source, so then as well.
 */
export function rebuilt(
  session: Session,
  asset: Asset,
  path: Path,
  { id, from, source }: Rebuild,
  disruption: Disruption,
): Candidate[] | Drop {
  const origin = session.about(from)?.asset;
  if (origin === undefined) return { reason: `${from}, which it is made from, is not in the plan`, unknown: true };
  const identity = { path: path.id, protection: id };
  const waits = waitTerms(session, asset, disruption, path);
  const begun = [...noticingTerms(path), ...waits.others];
  const acting = [...waits.turns, ...actingTerms(path)];
  if (disruption !== "corruption" && !strikesToo(origin, asset, disruption)) {
    const none: Term = { name: `${from} is not struck`, value: seconds(0), grade: "guaranteed", source };
    const rpo = totalOf([none]);
    const rto = totalOf([...begun, ...acting]);
    const again = path.reprotect ? { reprotect: totalOf(path.reprotect) } : {};
    const rests = restingOn(besideOf(path), rto.terms, waits.rests);
    return [{ ...identity, label: path.label, rpo: [rpo, rpo], rto, ...again, ...rests }];
  }
  const { candidates, dropped } = waysBeside(session, origin, asset, disruption);
  if (candidates.length === 0) {
    const reasons = dropped.map(({ label, reason }) => `${label}: ${reason}`).join("; ");
    const reason = `${from}, which it is made from, does not come back${reasons === "" ? "" : `: ${reasons}`}`;
    return { reason, unknown: dropped.some(({ unknown }) => unknown) };
  }
  return candidates.map(({ reprotect: again, rests = [], ...way }) => {
    // It is made anew once its source is back, and once that it has to be is noticed and all else it needs is there.
    const isSourceLast = compare(way.rto.total, sumOf(begun)) >= 0;
    const rto = totalOf([...(isSourceLast ? way.rto.terms : begun), ...acting]);
    const beside = isSourceLast ? begun : way.rto.terms;
    const taken = session.about(from)?.paths.find(({ id }) => id === way.path);
    return {
      ...way,
      ...identity,
      label: `${path.label}, after ${way.label} of ${from}`,
      rto,
      ...lastProtected([again, path.reprotect && totalOf(path.reprotect)]),
      ...restingOn(
        [...rests, ...beside, ...besideOf(taken), ...besideOf(path)],
        [...way.rpo[1].terms, ...rto.terms],
        waits.rests,
      ),
    };
  });
}
