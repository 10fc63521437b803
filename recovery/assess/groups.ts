import { type Bound, compare, isBounded, isUnbounded, isUnknown, max, min, sum, type Unbounded } from "../bound";
import { type Seconds, seconds } from "../duration";
import { unshippedTerms } from "../loss/archive";
import { type Joint, jointLoss, type Member, type Stream } from "../loss/joint";
import { dueOfAll, isWalkable, midnightOf } from "../loss/series";
import type { Disruption } from "../objective";
import { type Asset, type Grade, type Group, grades, type Protection, type RestorePoints, type Term } from "../plan";
import type { Candidate, Sum } from "./assessment";
import { besideOf } from "./rests";
import { lastProtected, type Session, totalOf, worstOf } from "./session";
import { candidateOf, outlived, ownWays, strikesToo, type Ways } from "./ways";

/** Most combinations of ways that are reckoned for one group. */
const mostCombinations = 64;

/** How one member of a group comes back: by a way of its own, or by itself where nothing strikes it. */
interface Back {
  asset: Asset;
  way?: Candidate;
  protection?: Protection;
}

/**
 * Ways of a member of a group: each of its own ways with each of those of the other members, since the promise covers
 * the set. What is lost is told by a walk over all their calendars; service is back when the last member is.
 */
export function inGroup(session: Session, group: Group, asset: Asset, disruption: Disruption, own: Ways): Ways {
  const others = group.members.filter((one) => one.asset !== asset.id);
  let combinations: Back[][] = own.candidates.map((way) => [backBy(session, asset, way, disruption)]);
  const dropped = [...own.dropped];
  for (const { asset: id } of others) {
    const other = session.about(id)?.asset;
    const backs = other ? waysBack(session, other, asset, disruption) : [];
    if (backs.length === 0 && own.candidates.length > 0) {
      const reason = `${id}, which it must fit together with, does not come back`;
      const unknown = other === undefined || ownWays(session, other, disruption).dropped.some((one) => one.unknown);
      dropped.push({ path: group.id, label: group.id, reason, unknown, declared: true });
    }
    combinations = combinations.flatMap((some) => backs.map((back) => [...some, back])).slice(0, mostCombinations);
  }
  const candidates = combinations.flatMap((backs) => together(session, group, backs, disruption));
  return { candidates, dropped };
}

/**
 * A member that comes back by a way of its own. A walk over calendars tells of points that come to where they are kept
 * without a job of their own, so only of those that do.
 */
function backBy(session: Session, asset: Asset, way: Candidate, disruption: Disruption): Back {
  const about = session.about(asset.id);
  const protection = about?.protections.find(({ id }) => id === way.protection);
  const path = about?.paths.find(({ id }) => id === way.path);
  if (about === undefined || protection === undefined || path === undefined) return { asset, way };
  if (protection.kind !== "restore-points") return { asset, way, protection };
  const outlives = outlived(session, about, protection, disruption);
  const direct = "copies" in outlives ? outlives.copies.filter(({ relay }) => relay === undefined) : [];
  const kept = { ...protection, copies: direct };
  if (direct.length === 0) return { asset, way, protection: kept };
  return { asset, way: candidateOf({ session, about, path, disruption }, kept, direct), protection: kept };
}

/** Another member need not come back where it is not struck; it may still have to go back to fit. */
function waysBack(session: Session, other: Asset, struck: Asset, disruption: Disruption): Back[] {
  const ways = ownWays(session, other, disruption).candidates.map((way) => backBy(session, other, way, disruption));
  return strikesToo(other, struck, disruption) ? ways : [{ asset: other }, ...ways];
}

function together(session: Session, group: Group, backs: readonly Back[], disruption: Disruption): Candidate[] {
  const [own, ...others] = backs;
  if (own?.way === undefined) return [];
  const { reprotect: _, ...way } = own.way;
  const losses = lossOf(session, group, backs);
  const [healthy, failed] = Array.isArray(losses) ? losses : [losses, losses];
  const damaging = disruption === "corruption" || disruption === "compromise";
  const path = session.about(own.asset.id)?.paths.find(({ id }) => id === own.way?.path);
  const after = damaging && path ? session.times(path).after : [];
  const sharedBy = { ...newestTerm(group, backs), ...(damaging ? { part: "before" as const } : {}) };
  const rpo: [Sum, Sum] = [lossTotal(sharedBy, healthy, after), lossTotal(sharedBy, failed, after)];
  const slowest = backs.reduce((a, b) =>
    compare(b.way?.rto.total ?? seconds(0), a.way?.rto.total ?? seconds(0)) > 0 ? b : a,
  );
  const witness = "loss" in failed ? failed.witness : undefined;
  const window = windowOf(backs, sum([rpo[1].terms[0]?.value ?? seconds(0), slowest.way?.rto.total ?? seconds(0)]));
  const rests = backs.flatMap((back) => restsOf(session, back));
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

function lossTotal(term: Omit<Term, "value">, answer: Joint | Exclude<Bound, Seconds>, after: readonly Term[]): Sum {
  return totalOf([{ ...term, value: "loss" in answer ? answer.loss : answer }, ...after]);
}

/** Every number, and everything needed, that the way of a member rests on. */
function restsOf(session: Session, { asset, way }: Back): Term[] {
  if (way === undefined) return [];
  const path = session.about(asset.id)?.paths.find(({ id }) => id === way.path);
  return [...way.rpo[1].terms, ...way.rto.terms, ...(way.rests ?? []), ...besideOf(path)];
}

/** The largest need of any member against the shortest reach; a set that reaches back no member is short of. */
function windowOf(backs: readonly Back[], oldest: Bound): Candidate["window"] {
  const windows = backs.flatMap(({ way }) => way?.window ?? []);
  const [first, ...others] = windows.map(({ available }) => available);
  if (first === undefined) return undefined;
  return { needed: windows.map(({ needed }) => needed).reduce(max, oldest), available: others.reduce(min, first) };
}

type Joints = ReturnType<typeof jointLoss> | Unbounded;

const known = new Map<string, Joints>();

/** What a set loses; reckoned once for each set of calendars and spans, whichever assets they belong to. */
function lossOf(session: Session, group: Group, backs: readonly Back[]): Exclude<Joints, { torn: number }> {
  const members = group.members.flatMap((member) => {
    const back = backs.find(({ asset }) => asset.id === member.asset);
    return back ? [{ ...member, back }] : [];
  });
  const places = new Map(members.map(({ asset }, place) => [asset, place]));
  const refers = members.map(({ refersTo }) => refersTo.flatMap((id) => places.get(id) ?? []));
  const key = JSON.stringify([midnightOf(session.asOf), refers, members.map(({ back }) => keyOf(back.protection))]);
  const answer =
    known.get(key) ??
    walk(
      session,
      members.map(({ back }) => back.protection),
      refers,
    );
  known.set(key, answer);
  if ("torn" in answer) {
    const unbounded = `${members[answer.torn]?.asset} cannot be brought back to a moment that all it refers to hold`;
    return { unbounded };
  }
  if (!Array.isArray(answer)) return answer;
  const name = (place: string) => members[Number(place)]?.asset ?? place;
  const [healthy, failed] = answer.map(({ loss, witness }): Joint => {
    if (witness === undefined) return { loss };
    const captured = witness.captured.map((one) => ({ ...one, name: name(one.name) }));
    const { failed } = witness;
    return { loss, witness: { ...witness, captured, ...(failed === undefined ? {} : { failed: name(failed) }) } };
  });
  return healthy && failed ? [healthy, failed] : answer;
}

/** Members go by their places, which stand for any asset. */
function walk(session: Session, protections: readonly (Protection | undefined)[], refers: readonly number[][]): Joints {
  const streams = protections.map((protection) => streamOf(session, protection));
  const endless = streams.filter((stream) => !("kind" in stream));
  const worst = endless.filter(isUnbounded).sort(byText)[0] ?? endless.filter(isUnknown).sort(byText)[0];
  if (worst !== undefined) return worst;
  return jointLoss(
    streams.flatMap((stream, place): Member[] =>
      "kind" in stream ? [{ name: String(place), stream, refersTo: refers[place] ?? [] }] : [],
    ),
  );
}

/** Of several reasons the same is told in any order. */
function byText(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** What the moments that a protection can bring back depend on. */
function keyOf(protection: Protection | undefined): unknown {
  switch (protection?.kind) {
    case "restore-points":
      return [
        protection.capture,
        protection.transfer.value,
        protection.copies.some(({ relay }) => relay === undefined),
        protection.series.map(({ role, schedule, suspended, overlap, startSlack, run }) => [
          [role, schedule, suspended, overlap],
          [startSlack.value, run.value],
        ]),
      ];
    case "archive":
      return [protection.kind, protection.ship.value, protection.upload.value];
    case "replica":
      return [protection.kind, protection.carries, protection.lag.value];
    case "redundancy":
      return [protection.kind, protection.loss.map(({ value }) => value)];
    default:
      return protection?.kind;
  }
}

/** The moments that a protection can bring back; without one, that of the asset as it is. */
function streamOf(session: Session, protection: Protection | undefined): Stream | Exclude<Bound, Seconds> {
  switch (protection?.kind) {
    case undefined:
      return { kind: "mirror", lag: 0 };
    case "redundancy":
      return mirror(sum(protection.loss.map(({ value }) => value)));
    case "replica":
      return protection.carries === "data" ? mirror(protection.lag.value) : { unbounded: "it copies none of the data" };
    case "versions":
      return { kind: "log", behind: [0, 0] };
    case "archive": {
      const behind = ([0, 1] as const).map((missed) =>
        sum(unshippedTerms(protection, missed).map(({ value }) => value)),
      );
      const [healthy = seconds(0), failed = seconds(0)] = behind;
      if (!isBounded(healthy)) return healthy;
      return isBounded(failed) ? { kind: "log", behind: [healthy, failed] } : failed;
    }
    case "rebuild":
      return { unknown: "no walk knows when derived data was made" };
    case "restore-points":
      return runsOf(protection, session);
  }
}

function mirror(lag: Bound): Stream | Exclude<Bound, Seconds> {
  return isBounded(lag) ? { kind: "mirror", lag } : lag;
}

function runsOf(points: RestorePoints, session: Session): Stream | Exclude<Bound, Seconds> {
  const [newest] = session.newest(points);
  if (newest === undefined) return { unbounded: "nothing takes restore points" };
  const { cadence } = newest;
  const [slack, run, transfer] = [cadence.startSlack.value, cadence.run.value, points.transfer.value];
  const ages = newest.ages.map((all) => totalOf(worstOf(all)).total);
  const endless = ages.find((age) => !isBounded(age));
  if (endless !== undefined && !isBounded(endless)) return endless;
  if (points.copies.length === 0) {
    return { unknown: `${points.label} are carried on by a job of their own: no walk over a group knows when` };
  }
  const spans = { slack: Number(slack), run: Number(run), transfer: Number(transfer), capture: points.capture };
  const { sources } = cadence;
  if (sources.every((one) => isWalkable(one, session.asOf))) {
    return { kind: "runs", due: dueOfAll(sources, midnightOf(session.asOf)), ...spans };
  }
  const latest = spans.slack + (points.capture === "start" ? 0 : spans.run);
  const [healthy = 0, failed = 0] = ages.map(Number);
  const step = cadence.span.map((span) => Number(span) + latest);
  return { kind: "dense", age: [healthy, failed], step: [step[0] ?? 0, step[1] ?? 0] };
}

/** The least founded of some numbers decides how well what follows from them is founded. */
function worstGrade(terms: readonly Term[]): { grade: Grade; assumption?: string } {
  const [worst] = [...terms].sort((a, b) => grades.indexOf(b.grade) - grades.indexOf(a.grade));
  if (worst === undefined) return { grade: "guaranteed" };
  return { grade: worst.grade, ...(worst.assumption === undefined ? {} : { assumption: worst.assumption }) };
}
