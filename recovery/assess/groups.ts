import { type Bound, compare, isUnbounded, isUnknown, max, min, sum } from "../bound";
import { seconds } from "../duration";
import { type Joint, losesMore } from "../loss/joint";
import { type Disruption, type Limit, largestKept } from "../objective";
import { type Asset, type Copy, type Grade, type Group, grades, type Path, type Series, type Term } from "../plan";
import type { Candidate, Sum } from "./assessment";
import { besideOf } from "./rests";
import { lastProtected, type Session, totalOf } from "./session";
import { type Back, lossOf, membersOf, setOf } from "./sets";
import type { Endless } from "./streams";
import { candidateOf, outlived, ownWays, strikesToo, type Ways } from "./ways";

/** Most combinations of ways that are reckoned for one group. */
const mostCombinations = 64;

/**
 * Ways of a member of a group: each of its own ways with each of those of the other members, since the promise covers
 * the set. What is lost is told by a walk over all their calendars; service is back when the last member is.
 */
export function inGroup(session: Session, group: Group, asset: Asset, disruption: Disruption, own: Ways): Ways {
  const dropped = [...own.dropped];
  for (const { asset: id } of own.candidates.length > 0 ? group.members : []) {
    if (id === asset.id || backsOf(session, id, asset, disruption).length > 0) continue;
    const reason = `${id}, which it must fit together with, does not come back`;
    const other = session.about(id)?.asset;
    const unknown = other === undefined || ownWays(session, other, disruption).dropped.some((one) => one.unknown);
    dropped.push({ path: group.id, label: group.id, reason, unknown, declared: true });
  }
  const combinations = combinationsOf(session, group, asset, disruption);
  return { candidates: combinations.flatMap((backs) => together(session, group, backs, disruption)), dropped };
}

/**
 * Whether the loss of a set, or of one of its members by itself, may keep a limit in some combination of ways. A set loses
 * no less than any of its members, nor after any of them fails: what is not kept here is not kept by the set.
 */
export function mayKeep(
  session: Session,
  group: Group,
  asset: Asset,
  disruption: Disruption,
  limit: Limit,
  member?: string,
): boolean {
  const combinations =
    member === undefined
      ? combinationsOf(session, group, asset, disruption)
      : backsOf(session, member, asset, disruption).map((back) => [back]);
  return combinations.some((backs) => {
    const members = membersOf(session, setOf(group, backs));
    return Array.isArray(members) && !losesMore(members, largestKept(limit));
  });
}

/** Each way of the asset with each of the other members, its own first. */
function combinationsOf(session: Session, group: Group, asset: Asset, disruption: Disruption): Back[][] {
  let combinations = backsOf(session, asset.id, asset, disruption).map((back) => [back]);
  for (const { asset: id } of group.members) {
    if (id === asset.id) continue;
    const backs = backsOf(session, id, asset, disruption);
    combinations = combinations.flatMap((some) => backs.map((back) => [...some, back])).slice(0, mostCombinations);
  }
  return combinations;
}

/** How a member comes back: it need not where it is not struck, and may still have to go back to fit. */
function backsOf(session: Session, id: string, struck: Asset, disruption: Disruption): Back[] {
  const asset = session.about(id)?.asset;
  if (asset === undefined) return [];
  const backs = ownWays(session, asset, disruption).candidates.flatMap((way) =>
    backsBy(session, asset, way, disruption),
  );
  return id === struck.id || strikesToo(asset, struck, disruption) ? backs : [{ asset, rests: [] }, ...backs];
}

/**
 * A member that comes back by a way of its own: from where points come to directly, and from each copy that a job carries
 * them to, for which a walk tells other moments; that is of use beside a direct one only where it keeps them longer.
 */
function backsBy(session: Session, asset: Asset, way: Candidate, disruption: Disruption): Back[] {
  const about = session.about(asset.id);
  const protection = about?.protections.find(({ id }) => id === way.protection);
  const path = about?.paths.find(({ id }) => id === way.path);
  if (about === undefined || protection === undefined || path === undefined) {
    return [{ asset, way, rests: restsOf(way, path) }];
  }
  if (protection.kind !== "restore-points") {
    return [{ asset, way, origin: { protection }, rests: restsOf(way, path) }];
  }
  const outlives = outlived(session, about, protection, disruption);
  const copies = "copies" in outlives ? outlives.copies : [];
  const direct = copies.filter(({ relay }) => relay === undefined);
  const backFrom = (some: readonly Copy[], relay?: Series): Back => {
    const by =
      some.length === copies.length ? way : candidateOf({ session, about, path, disruption }, protection, some);
    return { asset, way: by, origin: { protection, ...(relay ? { relay } : {}) }, rests: restsOf(by, path) };
  };
  const first = direct.length > 0 ? [backFrom(direct)] : [];
  const relayed = copies.flatMap((copy) => (copy.relay ? [backFrom([copy], copy.relay)] : []));
  return [...first, ...relayed.filter((back) => first.every((one) => reachOf(one) < reachOf(back)))];
}

/** How far back points reach, in seconds. */
function reachOf({ way }: Back): number {
  const available = way?.window?.available;
  if (available === undefined || isUnknown(available)) return 0;
  return isUnbounded(available) ? Number.POSITIVE_INFINITY : available;
}

function together(session: Session, group: Group, backs: readonly Back[], disruption: Disruption): Candidate[] {
  const [own, ...others] = backs;
  if (own?.way === undefined) return [];
  const { reprotect: _, witness: __, ...way } = own.way;
  const losses = lossOf(session, setOf(group, backs));
  const [healthy, failed] = Array.isArray(losses) ? losses : [losses, losses];
  const damaging = disruption === "corruption" || disruption === "compromise";
  const path = session.about(own.asset.id)?.paths.find(({ id }) => id === own.way?.path);
  const after = damaging && path ? session.after(path) : [];
  const sharedBy = { ...newestTerm(group, backs), ...(damaging ? { part: "before" as const } : {}) };
  const rpo: [Sum, Sum] = [lossTotal(sharedBy, healthy, after), lossTotal(sharedBy, failed, after)];
  const slowest = backs.reduce((a, b) =>
    compare(b.way?.rto.total ?? seconds(0), a.way?.rto.total ?? seconds(0)) > 0 ? b : a,
  );
  const witness = "loss" in failed ? failed.witness : undefined;
  const window = windowOf(backs, sum([rpo[1].terms[0]?.value ?? seconds(0), slowest.way?.rto.total ?? seconds(0)]));
  const rests = backs.flatMap((back) => back.rests);
  return [
    {
      ...way,
      ...lastProtected(backs.flatMap((back) => (back.way ? [back.way.reprotect] : []))),
      label: [
        own.way.label,
        ...others.map(({ asset, way }) => `${asset.id} ${way ? `by ${way.label}` : "as it is"}`),
      ].join(", with "),
      rpo,
      rto: slowest.way?.rto ?? own.way.rto,
      rests,
      ...(window ? { window } : {}),
      ...(witness ? { witness } : {}),
    },
  ];
}

/** What a set has in common, as well founded as the least founded number of its members. */
function newestTerm({ id, source }: Group, backs: readonly Back[]): Omit<Term, "value"> {
  const grade = worstGrade(backs.flatMap(({ way }) => way?.rpo[1].terms ?? []));
  return { name: `newest moment that all of ${id} hold`, source, ...grade };
}

function lossTotal(term: Omit<Term, "value">, answer: Joint | Endless, after: readonly Term[]): Sum {
  return totalOf([{ ...term, value: "loss" in answer ? answer.loss : answer }, ...after]);
}

/** Every number, and everything needed, that a way rests on. */
function restsOf(way: Candidate, path: Path | undefined): Term[] {
  return [...way.rpo[1].terms, ...way.rto.terms, ...(way.rests ?? []), ...besideOf(path)];
}

/** The largest need of any member against the shortest reach; a set that reaches back no member is short of. */
function windowOf(backs: readonly Back[], oldest: Bound): Candidate["window"] {
  const windows = backs.flatMap(({ way }) => way?.window ?? []);
  const [first, ...others] = windows.map(({ available }) => available);
  if (first === undefined) return undefined;
  return { needed: windows.map(({ needed }) => needed).reduce(max, oldest), available: others.reduce(min, first) };
}

/** The least founded of some numbers decides how well what follows from them is founded. */
function worstGrade(terms: readonly Term[]): { grade: Grade; assumption?: string } {
  const [first, ...others] = terms;
  if (first === undefined) return { grade: "guaranteed" };
  const worst = others.reduce((a, b) => (grades.indexOf(b.grade) > grades.indexOf(a.grade) ? b : a), first);
  return { grade: worst.grade, ...(worst.assumption === undefined ? {} : { assumption: worst.assumption }) };
}
