import fc from "fast-check";
import * as recovery from "../../../recovery";
import { plans } from "../arbitraries";
import { alert, asOf, copy, points, series, plan as soundPlan } from "../build";
import { rewritten } from "../rewritten";
import * as odd from "./odd";

type Functions = {
  [Name in keyof typeof recovery as (typeof recovery)[Name] extends (...args: never[]) => unknown
    ? Name
    : never]: (typeof recovery)[Name];
};

/** The name of a function that `recovery/index.ts` exports. */
export type Door = keyof Functions;

type Arguments = { [Name in Door]: fc.Arbitrary<Parameters<Functions[Name]>> };

const { number, text, anything, bound, span, setting, count, schedule, drill, way, steps } = odd;
/** Bounds that `seconds` has made: these functions look at no other. */
const sound = fc.nat().map((value) => recovery.seconds(value));
const missed = fc.constantFrom<(0 | 1)[]>(0, 1);
const limit = fc
  .constantFrom("0s", "15m", "under 15m", "99999w")
  .map((written) => recovery.parseLimit(written) as recovery.Limit);
const zone = fc
  .constantFrom("Etc/UTC", "Europe/Berlin", "America/New_York")
  .map((name) => recovery.zoneOf(name) as recovery.Zone);
const disruption = fc.constantFrom(...recovery.disruptions);
const threshold = fc
  .tuple(number, fc.constantFrom<Partial<recovery.Alert>[]>({}, { role: "full" }, { role: "incremental" }))
  .map(([age, role]) => alert({ threshold: age, ...role }));

/** What holds a word of a few, or lists of such: the type of a plan leaves no other. */
const words =
  "kind capture role overlap mode grade carries undoes survives scheduler disruptions guards effect ageFrom part".split(
    " ",
  );

/** A plan of which there is always something to say. */
const healthy = soundPlan();

/** A plan of which one number, text or list is odd. */
const plan = fc
  .tuple(plans({ odd: 2, assets: 2 }), fc.nat(), number, text)
  .map(([sound, chosen, oddNumber, oddText]): recovery.Plan => {
    const isLeaf = (part: unknown, key: string) =>
      !words.includes(key) && (typeof part !== "object" || part === null || Array.isArray(part));
    const withLeaf = (replace: (leaf: unknown, place: number) => unknown) => {
      let place = 0;
      return rewritten(sound, (part, key) => (isLeaf(part, key) ? replace(part, place++) : part));
    };
    let last = 0;
    withLeaf((leaf, place) => {
      last = place;
      return leaf;
    });
    return withLeaf((leaf, place) => {
      if (place !== chosen % (last + 1)) return leaf;
      return typeof leaf === "number"
        ? oddNumber
        : typeof leaf === "string"
          ? oddText
          : Array.isArray(leaf)
            ? []
            : leaf;
    });
  });
const instant = fc.oneof(fc.constant(asOf), number);
/** An instant that every date option accepts: the model is asked for no other. */
const day = fc.constantFrom(asOf, 0, 253_402_300_799);
const assessed = fc.tuple(plan, day, fc.nat()).map(([one, at, place]): [recovery.Plan, recovery.Assessment, number] => {
  const all = [one, healthy].flatMap((each) => recovery.assess(each, at).map((found) => [each, found] as const));
  const [of, found] = all[place % all.length] ?? [];
  if (of === undefined || found === undefined) throw new Error("nothing was assessed");
  return [of, found, at];
});

const oddSeries = fc
  .record({ schedule, startSlack: odd.term, run: odd.term, overlap: fc.constantFrom("allow", "forbid", "replace") })
  .map((edit) => series(edit as Partial<recovery.Series>));
const rated = sound.map((value) => ({ ...points().transfer, value }));
const oddPoints = fc
  .record({
    series: fc.array(oddSeries, { maxLength: 2 }),
    transfer: odd.term,
    restoreRate: fc.record({ perLink: rated, bytesPerSecond: fc.integer({ min: 1 }), baseBytes: fc.nat() }),
  })
  .map((edit) => points(edit));
const oddCopy = fc
  .record({
    keptFor: odd.term,
    lock: fc.record({ mode: fc.constantFrom("compliance", "none"), keptFor: odd.term, graceUntil: number }),
  })
  .map((edit) => copy(edit as Partial<recovery.Copy>));
const shares = fc.record({
  needed: number,
  total: number,
  together: fc.record({ node: number, zone: number }, { requiredKeys: [] }),
  away: number,
  members: number,
  rebuild: odd.term,
});
const strike = fc.record({ at: fc.constantFrom({ unknown: "x" }, copy().at), disruption, asOf: number });
const fact = fc.record({
  id: text,
  says: text,
  value: number,
  unit: fc.constantFrom("seconds", "days", "count", "bytes"),
  standing: fc.constantFrom("design", "contract", "typical", "none", "measured", "unverified"),
  source: text,
  read: text,
  reviewBy: text,
}) as fc.Arbitrary<recovery.Fact>;
const check = { interval: setting, timeout: setting, threshold: count };
const names = { ttl: setting, clientCache: setting };
const node = {
  workload: fc.constantFrom<("Deployment" | "StatefulSet")[]>("Deployment", "StatefulSet"),
  nodeGrace: setting,
  toleration: setting,
  volume: fc.record({
    value: fc.constantFrom<recovery.VolumeUse[]>("none", "shared", "exclusive"),
    source: fc.constant(series().source),
  }),
  imagePull: setting,
  start: setting,
};
const zoneNodes = fc.record({ all: number, lost: number, othersStand: fc.boolean() });
const probe = fc.record({ initialDelay: bound, period: bound, timeout: bound, failures: number });
const managed = fc.record({ name: text, automatic: fc.boolean(), time: fact });
const window = fc.record({ from: instant, to: instant, missed: number });
const ends = (some: number): recovery.Member["stream"] => ({ kind: "log", behind: [some, some] });

/** Odd arguments for every function of the model that others may call. */
export const doors: Arguments = {
  assess: fc.tuple(plan, day),
  budgets: fc.tuple(plan, day),
  fixOf: assessed,
  mend: assessed,
  spansTaken: fc.tuple(fc.record({ allowed: sound, planned: sound }) as unknown as fc.Arbitrary<recovery.Budget>),
  termsOf: assessed.map(([, { chosen }]): [recovery.Candidate] => [
    chosen ?? (recovery.assess(healthy, asOf)[0]?.chosen as recovery.Candidate),
  ]),

  compare: fc.tuple(bound, bound),
  formatBound: fc.tuple(bound),
  isBounded: fc.tuple(bound),
  isUnbounded: fc.tuple(anything),
  isUnknown: fc.tuple(anything),
  max: fc.tuple(bound, bound),
  sum: fc.tuple(fc.array(bound)),

  duration: fc.tuple(text),
  formatSeconds: fc.tuple(number),
  isProblem: fc.tuple(anything),
  parseDuration: fc.tuple(anything),
  seconds: fc.tuple(number),
  show: fc.tuple(anything),
  wholeDays: fc.tuple(span),
  writtenSpan: fc.tuple(anything),
  formatLimit: fc.tuple(limit),
  keeps: fc.tuple(bound, limit),
  largestKept: fc.tuple(limit),
  parseLimit: fc.tuple(anything),

  factSeconds: fc.tuple(fact),
  gradeOf: fc.tuple(fact),
  isStale: fc.tuple(fact, number),
  reviewBy: fc.tuple(text),
  staleFacts: fc.tuple(number),

  alertsOn: fc.tuple(oddPoints, fc.array(threshold), fc.array(oddPoints), instant),
  base: fc.tuple(oddPoints, instant),
  copySurvives: fc.tuple(oddCopy, strike),
  freshest: fc.tuple(oddPoints, instant),
  gapsOf: fc.tuple(oddSeries, instant),
  healthyAge: fc.tuple(oddPoints, instant),
  jointLoss: fc.tuple(
    fc.array(
      sound.map((some) => ({ name: "x", stream: ends(some), refersTo: [] })),
      { maxLength: 2 },
    ),
  ),
  longestChain: fc.tuple(oddPoints, instant),
  longestGap: fc.tuple(
    fc.record({ rpo: fc.nat(), detection: fc.nat(), slack: fc.nat(), run: fc.nat(), transfer: fc.nat() }),
  ),
  placeSurvives: fc.tuple(fc.constantFrom({ unknown: "x" }, copy().at), strike),
  placementOf: fc.tuple(number, number, number, number),
  keptTerm: fc.tuple(oddPoints, oddCopy, instant),
  reachBack: fc.tuple(oddPoints, sound, instant, oddSeries),
  readTime: fc.tuple(fc.record({ bytesPerSecond: number, bytes: fc.nat() })),
  relayedAge: fc
    .tuple(oddPoints, oddSeries, missed, instant)
    .chain(([one, relay, failed, at]) => cadence(one, (found) => [one, found, relay, failed, at])),
  restoreTime: fc.tuple(oddPoints, instant),
  spanOf: fc.tuple(oddSeries, missed, instant),
  stoppedArchive: fc.tuple(number, number, number),
  toleratedLosses: fc.tuple(shares),
  windowOfVulnerability: fc.tuple(shares),

  formatInstant: fc.tuple(number),
  gapOfChange: fc.tuple(schedule, schedule, window),
  hasClockTimes: fc.tuple(schedule),
  gaps: fc.tuple(schedule, window),
  habitsOf: fc.tuple(
    schedule.filter(({ scheduler, expression }) => scheduler in recovery.habits && typeof expression === "string"),
  ),
  instantOf: fc.tuple(text, zone),
  isOver: fc.tuple(schedule, instant),
  next: fc.tuple(schedule, instant),
  openEnd: fc.tuple(schedule, instant),
  parseCron: fc.tuple(schedule.map(({ expression }) => expression)),
  runs: fc.tuple(schedule, instant, instant),
  suggestions: fc.tuple(fc.constantFrom(...recovery.schedulers)),
  worstGaps: fc.tuple(schedule, instant, number),
  zoneOf: fc.tuple(text),

  countFrom: fc.tuple(fact),
  criticalPath: steps.chain((all) => fc.tuple(fc.constant(all), fc.subarray(all))) as fc.Arbitrary<
    Parameters<typeof recovery.criticalPath>
  >,
  daysSince: fc.tuple(drill, day),
  drillBound: fc.tuple(way),
  drilledTime: fc.tuple(drill, number),
  drillsByPath: fc.tuple(fc.array(drill)),
  evictionWait: fc.tuple(zoneNodes),
  frontDoorDetection: fc.tuple(fc.record({ probeInterval: setting, sampleSize: count, successesRequired: count })),
  heartbeatDetection: fc.tuple(fc.record({ groupInterval: setting, repeatInterval: setting, silence: setting })),
  heartbeatGap: fc.tuple(bound, bound),
  isDrilledBy: fc.tuple(way, drill),
  leaseLeft: fc.tuple(setting, odd.terms),
  leaseTakeover: fc.tuple(setting),
  managedFailover: fc.tuple(
    managed,
    fc.record({
      detect: odd.terms,
      decide: odd.terms,
      redirect: odd.terms,
      measured: span,
      source: fc.constant(series().source),
    }),
  ),
  measuredTime: fc.tuple(fc.array(drill), instant, number),
  nameRedirect: fc.tuple(fc.record(names)),
  newestDrill: fc.tuple(fc.array(drill)),
  nodeRestart: fc.tuple(fc.record(node)),
  probeBudget: fc.tuple(probe),
  probeDetection: fc.tuple(probe),
  processRestart: fc.tuple(fc.record({ hang: setting, terminationGrace: setting, backOff: setting, start: setting })),
  prometheusDetection: fc.tuple(
    fc.record({ scrape: setting, scrapeTimeout: setting, evaluation: setting, for: setting, wait: setting }),
  ),
  recoveryTerms: fc.tuple(way),
  route53Redirection: fc.tuple(fc.record({ ...check, ...names })),
  slowestDrill: fc.tuple(fc.array(drill), instant, number),
  spanFrom: fc.tuple(fact),
  targetDetection: fc.tuple(fc.record(check)),
  termOf: fc.tuple(text, setting),
  trafficManagerRedirection: fc.tuple(fc.record({ interval: setting, timeout: setting, tolerated: count, ...names })),
  zoneRestart: fc.tuple(
    fc.record({ ...node, nodes: fc.record({ value: zoneNodes, source: fc.constant(series().source) }) }),
  ),
};

/** Arguments that need what bounds the age of points; points without it have none. */
function cadence<T>(one: recovery.RestorePoints, make: (found: recovery.Cadence) => T): fc.Arbitrary<T> {
  const found = recovery.freshest(one, asOf);
  return fc.constant(make(found ?? (recovery.freshest(points(), asOf) as recovery.Cadence)));
}
