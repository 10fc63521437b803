import { add, type Bound, compare, isUnbounded, isUnknown, max, min, sumOf } from "../bound";
import { seconds } from "../duration";
import { losesMore } from "../loss/joint";
import { isDamaging } from "../loss/survive";
import { type Disruption, type Limit, largestKept } from "../objective";
import { type Asset, type Copy, type Group, grades, type Path, type Series, type Term } from "../plan";
import { actingTerms, noticingTerms } from "../time/criticalPath";
import type { AtBest, Candidate, Sum } from "./assessment";
import { type Combination, chosenTogether, type Event } from "./choice";
import { atBestOf, hiddenWay, noSooner } from "./hidden";
import { inOrder } from "./judge";
import { besideOf } from "./rests";
import { lastProtected, type Session, totalOf } from "./session";
import { type Back, lossOf, membersOf, setOf } from "./sets";
import { termsAfter, type Waits, waitTerms } from "./waiting";
import { candidatesFrom, outlived, ownWays, strikesToo, type Ways } from "./ways";

/** Most combinations of ways that are reckoned for one group. */
const mostCombinations = 64;

/**
 * Ways of a member of a group: each of its own ways with each of those of the other members, since the promise covers
 * the set. What is lost is told by a walk over all their calendars; service is back when the last member is.
 */
export function inGroup(session: Session, group: Group, asset: Asset, disruption: Disruption, own: Ways): Ways {
  const events = eventsOn(session, group, asset, disruption).map((struck) => {
    const combinations = combinationsOf(session, group, struck, disruption).flatMap((backs) =>
      together(session, group, backs, { struck, asset, disruption }),
    );
    return chosenTogether(session, combinations, { struck, asset, disruption });
  });
  const candidates = worstOf(session, asset, events, disruption);
  const others = group.members.filter((one) => one.asset !== asset.id);
  const dropped = own.dropped.map((one) => {
    if (one.atBest === undefined) return one;
    const atBest = others.reduce((all, { asset: id }) => noSooner(session, id, asset, disruption, all), one.atBest);
    return { ...one, atBest };
  });
  for (const { asset: id } of own.candidates.length > 0 ? others : []) {
    const hidden = hiddenWay(session, id, disruption);
    if (!comesBack(session, id, asset, disruption)) {
      const reason = `${id}, which it must fit together with, does not come back`;
      const unknown = session.about(id) === undefined || hidden !== undefined;
      dropped.push({ path: group.id, label: group.id, reason, unknown, declared: true });
    } else if (hidden) {
      const label = `${group.id}, with ${id} by ${hidden.label}`;
      const atBest = bestOfSet(session, group, asset, disruption);
      dropped.push({ path: group.id, label, reason: hidden.reason, unknown: true, declared: true, atBest });
    }
  }
  return { candidates: [...candidates], dropped };
}

/**
 * What loses a node or a zone of an asset, each event by an asset that it strikes: an asset in several zones may be struck
 * with one of those that are in one zone each, and the others serve on.
 */
function eventsOn(session: Session, group: Group, asset: Asset, disruption: Disruption): Asset[] {
  const events = [asset];
  const isApart = disruption === "node" || disruption === "zone";
  if (!isApart || (!isUnknown(asset.at) && asset.at.zones.length === 1)) return events;
  for (const { asset: id } of group.members) {
    const other = session.about(id)?.asset;
    if (other === undefined || isUnknown(other.at) || other.at.zones.length !== 1) continue;
    if (strikesToo(other, asset, disruption) && events.every((one) => one.id !== id)) events.push(other);
  }
  return events;
}

/** Of the ways that each event leaves, those of the event that is worst for an asset. */
function worstOf(
  session: Session,
  asset: Asset,
  events: readonly (readonly Candidate[])[],
  disruption: Disruption,
): readonly Candidate[] {
  const [only = []] = events;
  if (events.length < 2) return only;
  const bests = events.flatMap((candidates) => inOrder(session, asset, candidates, disruption).slice(0, 1));
  if (bests.length < events.length) return [];
  const [worst] = inOrder(session, asset, bests, disruption).slice(-1);
  return events.find((candidates) => worst !== undefined && candidates.includes(worst)) ?? [];
}

/** What a set may cost at the least where nobody can tell of each of its members. */
function bestOfSet(session: Session, group: Group, asset: Asset, disruption: Disruption): readonly AtBest[] {
  const isSure = (id: string) => id === asset.id || hiddenWay(session, id, disruption) === undefined;
  const members = group.members.filter((one) => isSure(one.asset));
  const known = combinationsOf(session, { ...group, members }, asset, disruption)
    .flatMap((backs) => together(session, group, backs, { struck: asset, asset, disruption }))
    .map(({ candidate }) => atBestOf(candidate));
  return group.members
    .filter((one) => !isSure(one.asset))
    .reduce((all: readonly AtBest[], { asset: id }) => noSooner(session, id, asset, disruption, all), known);
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

/** Each way of each member with each of the others, whichever of those that are struck it is asked for. */
function combinationsOf(session: Session, group: Group, struck: Asset, disruption: Disruption): Back[][] {
  let combinations: Back[][] = [[]];
  for (const { asset: id } of group.members) {
    const backs = backsOf(session, id, struck, disruption);
    combinations = combinations.flatMap((some) => backs.map((back) => [...some, back])).slice(0, mostCombinations);
  }
  return combinations;
}

/** How a member comes back: it need not where it is not struck, and may still have to go back to fit. */
function backsOf(session: Session, id: string, struck: Asset, disruption: Disruption): Back[] {
  const asset = session.about(id)?.asset;
  if (asset === undefined) return [];
  const { candidates } = ownWays(session, asset, disruption);
  const backs = candidates.flatMap((way) => backsBy(session, asset, way, disruption));
  return id === struck.id || strikesToo(asset, struck, disruption) ? backs : [{ asset, rests: [] }, ...backs];
}

/** Whether a member can come back, or need not. */
function comesBack(session: Session, id: string, struck: Asset, disruption: Disruption): boolean {
  const asset = session.about(id)?.asset;
  if (asset === undefined) return false;
  const isStruck = id === struck.id || strikesToo(asset, struck, disruption);
  return !isStruck || ownWays(session, asset, disruption).candidates.length > 0;
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
  if (direct.length > 0 && direct.length === copies.length) {
    return [{ asset, way, origin: { protection }, rests: restsOf(way, path) }];
  }
  const backFrom = (some: readonly Copy[], relay?: Series): Back => {
    const one = some.length === copies.length || isUnknown(way.rpo[1].total);
    const [by = way] = one ? [] : candidatesFrom({ session, about, path, disruption }, protection, { copies: some });
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

/** What a combination of ways costs, as told of one member. */
function together(
  session: Session,
  group: Group,
  backs: readonly Back[],
  { struck, asset, disruption }: Event,
): Combination[] {
  const own = backs.find((back) => back.asset.id === asset.id);
  if (own?.way === undefined) return [];
  const others = backs.filter((back) => back !== own);
  const walked = lossOf(session, setOf(group, backs));
  // The walk goes by what can be read of each member.
  const losses = Array.isArray(walked) ? (backs.map(({ way }) => way?.rpo[1].total).find(isUnknown) ?? walked) : walked;
  const [healthy, failed] = Array.isArray(losses) ? losses : [losses, losses];
  const times = timesTogether(session, backs, disruption);
  // Where nothing was lost, nobody goes back to fit.
  const goesBack = isDamaging(disruption) || [healthy, failed].some((one) => ("loss" in one ? one.loss : one) !== 0);
  const after = goesBack ? writtenAfter(session, struck, backs, disruption, times) : [];
  const worst = worstTerm(backs);
  const newest: Term = {
    name: `newest moment that all of ${group.id} hold`,
    value: "loss" in healthy ? healthy.loss : healthy,
    grade: worst?.grade ?? "guaranteed",
    source: group.source,
  };
  if (worst?.assumption !== undefined) newest.assumption = worst.assumption;
  if (isDamaging(disruption) || after.length > 0) newest.part = "before";
  const newestThen = { ...newest, value: "loss" in failed ? failed.loss : failed };
  const rpo: [Sum, Sum] = [totalOf([newest, ...after]), totalOf([newestThen, ...after])];
  let slowest = times.of(own, own.way);
  let label = own.way.label;
  let rests = own.rests;
  for (const back of others) {
    const { way, rests: further } = back;
    const { id } = back.asset;
    const time = way && times.of(back, way);
    if (time !== undefined && compare(time.total, slowest.total) > 0) slowest = time;
    label += way === undefined ? `, with ${id} as it is` : `, with ${id} by ${way.label}`;
    rests = rests.concat(further);
  }
  const { path: taken, protection } = own.way;
  const candidate: Candidate = { path: taken, protection, label, rpo, rto: slowest, rests };
  const window = windowOf(backs, add(rpo[1].terms[0]?.value ?? seconds(0), slowest.total));
  if (window !== undefined) candidate.window = window;
  if ("loss" in failed && failed.witness !== undefined) candidate.witness = failed.witness;
  const { reprotect } = lastProtected(backs.flatMap((back) => (back.way ? [back.way.reprotect] : [])));
  if (reprotect !== undefined) candidate.reprotect = reprotect;
  return [{ backs, candidate }];
}

/**
 * What is lost of what members write until they stop: those that damage leaves writing, and those that nothing strikes and
 * that go back to fit. The one that goes on longest counts.
 */
function writtenAfter(
  session: Session,
  struck: Asset,
  backs: readonly Back[],
  disruption: Disruption,
  times: Times,
): readonly Term[] {
  let longest: readonly Term[] = [];
  for (const back of backs) {
    const { asset, way } = back;
    const path = session.about(asset.id)?.paths.find(({ id }) => id === way?.path);
    const stops = !isDamaging(disruption) && (asset === struck || strikesToo(asset, struck, disruption));
    if (path === undefined || stops) continue;
    const after = termsAfter(session, asset, disruption, path, times.waits.get(back));
    if (longest.length === 0 || compare(sumOf(after), sumOf(longest)) > 0) longest = after;
  }
  return longest;
}

/** How long members take that go back together, and what those wait for that depend on others of them. */
interface Times {
  of(back: Back, way: Candidate): Sum;
  waits: ReadonlyMap<Back, Waits>;
}

/** One that depends on another member waits for it by the way that is taken here, even where nothing strikes that. */
function timesTogether(session: Session, backs: readonly Back[], disruption: Disruption): Times {
  const waits = new Map<Back, Waits>();
  if (backs.every(({ asset }) => asset.dependsOn === undefined)) return { of: (_, way) => way.rto, waits };
  const times = new Map<Back, Sum>();
  const of = (back: Back, way: Candidate): Sum => {
    const known = times.get(back);
    if (known !== undefined) return known;
    const { asset } = back;
    const path = session.about(asset.id)?.paths.find(({ id }) => id === way.path);
    const together = (id: string): Candidate | undefined => {
      const other = backs.find((one) => one.asset.id === id);
      return other?.way && { ...other.way, rto: of(other, other.way) };
    };
    if (path === undefined || !asset.dependsOn?.some((id) => together(id) !== undefined)) return way.rto;
    const waiting = waitTerms(session, asset, disruption, path, together);
    waits.set(back, waiting);
    const { others, turns } = waiting;
    // What is made anew waits for its source as well.
    const begun = back.origin?.protection.kind === "rebuild" ? way.rto.terms : [...noticingTerms(path), ...turns];
    const acting = back.origin?.protection.kind === "rebuild" ? [] : actingTerms(path);
    const time = totalOf([...begun, ...others, ...acting]);
    times.set(back, time);
    return time;
  };
  for (const back of backs) if (back.way !== undefined) of(back, back.way);
  return { of, waits };
}

/** The least founded number of any member decides how well founded is what they have in common. */
function worstTerm(backs: readonly Back[]): Term | undefined {
  let worst: Term | undefined;
  for (const { way } of backs) {
    for (const term of way?.rpo[1].terms ?? []) {
      if (worst === undefined || grades.indexOf(term.grade) > grades.indexOf(worst.grade)) worst = term;
    }
  }
  return worst;
}

/** Every number, and everything needed, that a way rests on. */
function restsOf(way: Candidate, path: Path | undefined): Term[] {
  return way.rpo[1].terms.concat(way.rto.terms, way.rests ?? [], besideOf(path));
}

/** The largest need of any member against the shortest reach; a set that reaches back no member is short of. */
function windowOf(backs: readonly Back[], oldest: Bound): Candidate["window"] {
  const windows = backs.flatMap(({ way }) => way?.window ?? []);
  const [first, ...others] = windows.map(({ available }) => available);
  if (first === undefined) return undefined;
  return { needed: windows.map(({ needed }) => needed).reduce(max, oldest), available: others.reduce(min, first) };
}
