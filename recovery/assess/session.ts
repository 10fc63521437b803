import { type Bound, compare, sumOf } from "../bound";
import { baseAge, restoreTime } from "../loss/chains";
import { agesOf, type Cadence, cadencesOf } from "../loss/restorePoints";
import type { Disruption } from "../objective";
import type { Alert, Asset, Group, Path, Plan, Protection, RestorePoints, Term } from "../plan";
import { actingTerms, criticalPath, noticingTerms, untilWritesStop } from "../time/criticalPath";
import type { Candidate, Sum } from "./assessment";
import { inOrder, orderedGroup, orderedPath, orderedProtection } from "./canonical";
import type { Kept } from "./costs";
import type { Ways } from "./ways";

/** What a plan says of one asset. */
export interface About {
  asset: Asset;
  paths: Path[];
  protections: Protection[];
  alerts: Alert[];
  group?: Group;
  /** Whether the recovery of another asset may ask for that of this one. */
  shared: boolean;
  /** Whether a step of its paths uses what a step of another asset's path uses as well. */
  takesTurns: boolean;
  /** Whether its recovery waits for itself. */
  circular: boolean;
}

/** One run of the model: a plan by asset, a date in seconds since 1970, and what has been reckoned so far. */
export interface Session {
  plan: Plan;
  asOf: number;
  about(asset: string): About | undefined;
  /** What takes some restore points and how old they get; reckoned once. */
  stream(points: RestorePoints): PointStream;
  /** A number as part of what is lost before damage, or after it. */
  part(which: "before" | "after", term: Term): Term;
  /** How long a path takes, reckoned once. */
  times(path: Path): Times;
  /** What is lost by a path after damage, until nothing is written any more; reckoned once. */
  after(path: Path): readonly Term[];
  /** What is remembered of an asset: of the one that was asked for last, and of those that others ask for. */
  memory(asset: string): Memory;
}

/** What has been reckoned of one asset. */
export interface Memory {
  /** Its ways to recover, by itself and with the members of its group; `undefined` while they are being reckoned. */
  own: Map<Disruption, Ways | undefined>;
  whole: Map<Disruption, Ways | undefined>;
  /** Those reckoned last. */
  ways?: Ways;
  streams: Map<RestorePoints, PointStream>;
  times: Map<Path, Times>;
  after: Map<Path, readonly Term[]>;
  /** The last way by each path, and what it was reckoned from. */
  last: Map<Path, Last>;
}

/** A way with all that makes it differ from another by the same path. */
export interface Last {
  protection: Protection;
  kept: Kept;
  damage: Disruption | undefined;
  candidates: Candidate[];
}

/** Restore points as they come: what takes the newest, the best first. */
export interface PointStream {
  newest: Newest[];
  /** How long a point takes to be usable, and how late and long each run may be. */
  spans: readonly Term[];
  /** How old the base of a chain can be. */
  baseAge: Bound;
  /** How long restoring the longest chain takes, where a rate is declared. */
  restore: Bound | undefined;
}

/** What takes the newest restore points; for each of its series their age, with no failed run and with one. */
export interface Newest {
  cadence: Cadence;
  ages: [healthy: Sum[], failed: Sum[]];
}

/** The largest total; 0 where there is none. */
export function worstOf(all: readonly Sum[]): Sum {
  if (all.length < 2) return all[0] ?? totalOf([]);
  return all.reduce((a, b) => (compare(b.total, a.total) > 0 ? b : a));
}

/** How long a path takes, whatever it recovers from. */
export interface Times {
  /** From the disruption until its steps begin. */
  noticing: Bound;
  steps: Bound;
  /** From the disruption to verified service, unless it waits for another asset. */
  whole: Sum;
}

const known = new WeakMap<Plan, Map<string, About>>();

/** A run of the model over a plan; the plan must not change while it lasts. */
export function sessionOf(plan: Plan, asOf: number): Session {
  const found = known.get(plan) ?? byAsset(plan);
  known.set(plan, found);
  const parts = { before: new Map<Term, Term>(), after: new Map<Term, Term>() };
  const shared = new Map<string, Memory>();
  let last: { asset: string; memory: Memory } | undefined;
  const memory = (asset: string): Memory => {
    if (last?.asset === asset) return last.memory;
    const isShared = found.get(asset)?.shared === true;
    const own = shared.get(asset) ?? nothingYet();
    if (isShared) shared.set(asset, own);
    last = { asset, memory: own };
    return own;
  };
  const session: Session = {
    plan,
    asOf,
    about: (asset) => found.get(asset),
    stream: (points) => {
      const { streams } = memory(points.asset);
      return streams.get(points) ?? keptIn(streams, points, pointStreamOf(points, asOf));
    },
    part: (part, term) => parts[part].get(term) ?? keptIn(parts[part], term, { ...term, part }),
    after: (path) => {
      const { after } = memory(path.asset);
      return after.get(path) ?? keptIn(after, path, afterOf(session, path));
    },
    times: (path) => {
      const { times } = memory(path.asset);
      return times.get(path) ?? keptIn(times, path, timesOf(path));
    },
    memory,
  };
  return session;
}

function nothingYet(): Memory {
  return {
    own: new Map(),
    whole: new Map(),
    streams: new Map(),
    times: new Map(),
    after: new Map(),
    last: new Map(),
  };
}

function keptIn<K, V>(answers: Map<K, V>, key: K, answer: V): V {
  answers.set(key, answer);
  return answer;
}

function afterOf(session: Session, path: Path): readonly Term[] {
  return untilWritesStop(path).map((term) => session.part("after", term));
}

function pointStreamOf(points: RestorePoints, asOf: number): PointStream {
  const newest = cadencesOf(points, asOf).map((cadence): Newest => {
    const [healthy, failed] = [agesOf(points, cadence, 0), agesOf(points, cadence, 1)];
    return { cadence, ages: [healthy.map(totalOf), failed.map(totalOf)] };
  });
  const spans = points.series.flatMap(({ startSlack, run }) => [startSlack, run]);
  return {
    newest,
    spans: [points.transfer, ...spans],
    baseAge: baseAge(points, asOf),
    restore: restoreTime(points, asOf),
  };
}

function timesOf(path: Path): Times {
  const noticing = noticingTerms(path);
  const critical = criticalPath(path.steps);
  return {
    noticing: sumOf(noticing),
    steps: critical.total,
    whole: totalOf([...noticing, ...actingTerms(path, critical)]),
  };
}

/** Terms with their total. */
export function totalOf(terms: Term[]): Sum {
  return { total: sumOf(terms), terms };
}

/** Reckons something of an asset once, or says that it is being reckoned: what depends on itself has no answer. */
export function once<T>(
  answers: Map<Disruption, T | undefined>,
  disruption: Disruption,
  reckon: () => T,
): T | "depends on itself" {
  const answer = answers.get(disruption);
  if (answer !== undefined) return answer;
  if (answers.has(disruption)) return "depends on itself";
  answers.set(disruption, undefined);
  const reckoned = reckon();
  answers.set(disruption, reckoned);
  return reckoned;
}

function byAsset({ assets, paths, protections, alerts, groups }: Plan): Map<string, About> {
  const found = new Map<string, About>();
  for (const asset of assets)
    found.set(asset.id, {
      asset,
      paths: [],
      protections: [],
      alerts: [],
      shared: false,
      takesTurns: false,
      circular: false,
    });
  for (const path of paths) found.get(path.asset)?.paths.push(orderedPath(path));
  for (const id of takingTurns(paths)) {
    const about = found.get(id);
    if (about) about.takesTurns = true;
  }
  const share = (id: string) => {
    const about = found.get(id);
    if (about) about.shared = true;
  };
  for (const protection of protections) {
    found.get(protection.asset)?.protections.push(orderedProtection(protection));
    if (protection.kind === "rebuild") share(protection.from);
  }
  for (const { dependsOn = [] } of assets) for (const other of dependsOn) share(other);
  for (const alert of alerts) found.get(alert.asset)?.alerts.push(alert);
  for (const about of found.values()) {
    // Lists that have grown have room for many more, and these are kept for as long as the plan is.
    about.paths = inOrder(about.paths.slice(), idOf);
    about.protections = inOrder(about.protections.slice(), idOf);
    about.alerts = inOrder(about.alerts.slice(), nameOf);
  }
  for (const group of joined(groups).map(orderedGroup)) {
    for (const member of group.members) {
      const about = found.get(member.asset);
      if (about) about.group = group;
      share(member.asset);
    }
  }
  for (const about of found.values()) if (about.shared) about.circular = waitsForItself(about, found);
  return found;
}

function idOf({ id }: Path | Protection): string {
  return id;
}

function nameOf({ name }: Alert): string {
  return name;
}

/** Assets whose paths use something that those of another use as well. */
function takingTurns(paths: readonly Path[]): Set<string> {
  const users = new Map<string, Set<string>>();
  for (const { asset, steps } of paths) {
    for (const thing of steps.flatMap(({ uses = [] }) => uses)) {
      users.set(thing, (users.get(thing) ?? new Set()).add(asset));
    }
  }
  return new Set([...users.values()].flatMap((some) => (some.size > 1 ? [...some] : [])));
}

/** Groups that have a member in common are one: what fits in one must fit in the other. */
function joined(groups: readonly Group[]): Group[] {
  const together = new Map<string, Group[]>();
  for (const group of groups) {
    const touching = new Set(group.members.flatMap(({ asset }) => together.get(asset) ?? []));
    const all = [...touching, group];
    for (const { members } of all) for (const { asset } of members) together.set(asset, all);
  }
  return [...new Set(together.values())].flatMap((set) => {
    const [first, ...others] = set.sort((a, b) => (a.id < b.id ? -1 : 1));
    return first === undefined ? [] : [oneOf(first, others)];
  });
}

function oneOf(first: Group, others: readonly Group[]): Group {
  if (others.length === 0) return first;
  const groups = [first, ...others];
  const members = new Map<string, Set<string>>();
  for (const { asset, refersTo } of groups.flatMap((one) => one.members)) {
    members.set(asset, new Set([...(members.get(asset) ?? []), ...refersTo]));
  }
  return {
    ...first,
    id: groups.map(({ id }) => id).join(" and "),
    members: [...members].map(([asset, refersTo]) => ({ asset, refersTo: [...refersTo] })),
  };
}

/** Follows what an asset depends on or is made from, back to itself. */
function waitsForItself({ asset }: About, all: ReadonlyMap<string, About>): boolean {
  const seen = new Set<string>();
  const open = [asset.id];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const about = all.get(id);
    const origins = (about?.protections ?? []).flatMap((one) => (one.kind === "rebuild" ? [one.from] : []));
    for (const next of [...(about?.asset.dependsOn ?? []), ...origins]) {
      if (next === asset.id) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return false;
}

/** Several are protected again when the last of them is; where one says nothing, nobody can tell. */
export function lastProtected(times: readonly (Sum | undefined)[]): { reprotect?: Sum } {
  const known = times.filter((one) => one !== undefined);
  const [first, ...others] = known;
  if (first === undefined || known.length < times.length) return {};
  return { reprotect: others.reduce((a, b) => (compare(b.total, a.total) > 0 ? b : a), first) };
}
