import { describe, expect, test } from "vitest";
import {
  type Asset,
  type Assumption,
  type CloudRole,
  duration,
  type LockedObject,
  type MaintenanceRuns,
  type Plan,
  type Register,
  type Safeguard,
  type Site,
  type Waiver,
} from "../../../recovery";
import { compareJudgements } from "../../../recovery/compare";
import {
  alert,
  asset,
  copy,
  here,
  path,
  plan,
  points,
  redundancy,
  rehearsal,
  series,
  source,
  step,
  store,
  term,
  there,
} from "../build";
import { compared, lines } from "./sides";

const cron = (expression: string, timeZone = "Etc/UTC") => ({ scheduler: "kubernetes" as const, expression, timeZone });

const waiver: Waiver = {
  rule: "rpo-is-met",
  asset: "s/data",
  owner: "shop",
  reason: "the site is being built",
  ticket: "OPS-1",
  expires: "2027-03-01",
};

const assumption: Assumption = {
  id: "page",
  term: "acknowledge",
  assets: ["s/data"],
  seconds: duration("5m"),
  owner: "shop",
  reason: "agreed",
  drill: "page-drill",
  expires: "2027-03-01",
};

const site: Site = {
  name: "main",
  place: here,
  nodeGrace: duration("50s"),
  controllerTimeZone: "Etc/UTC",
  storageClasses: { standard: { survives: "node", shared: false } },
  owner: "shop",
  drill: "site-check",
  expires: "2027-03-01",
};

const drill = {
  id: "d",
  asset: "s/data",
  path: "restore",
  date: "2026-11-01",
  seconds: duration("1h"),
  bytes: 1,
  verified: true,
};

const register = (edit: Partial<Register>): Plan =>
  plan({ register: { sites: [], assumptions: [], waivers: [], drills: [], ...edit } });
const limits = (region: [string, string], edit: Partial<Asset> = {}) => plan({ assets: [asset({ region }, edit)] });
const kept = (atLeast: string, atMost?: string) =>
  limits(["30h", "2h"], {
    retention: { atLeast: duration(atLeast), ...(atMost === undefined ? {} : { atMost: duration(atMost) }) },
  });
const taken = (...all: Parameters<typeof series>[0][]) => plan({ protections: [points({ series: all.map(series) })] });
const copied = (...all: Parameters<typeof copy>[0][]) => plan({ protections: [points({ copies: all.map(copy) })] });
const locked = (mode: "compliance" | "governance" | "none", keptFor: string, more = {}) =>
  copied({ lock: { mode, keptFor: term("locked", keptFor), ...more } });
const recovered = (edit: Parameters<typeof path>[0]) => plan({ paths: [path(edit)] });
const watched = (...all: Parameters<typeof alert>[0][]) => plan({ alerts: all.map(alert) });
const covering = (...covers: string[]) => limits(["30h", "2h"], { covers });
const kit: LockedObject = {
  kind: "locked-object",
  name: "kit.json",
  assets: ["s/data"],
  mode: "compliance",
  until: 1_800_000_000,
  source: source("kit"),
};
const check: MaintenanceRuns = {
  kind: "maintenance",
  name: "site-check",
  at: here,
  schedule: cron("50 5 * * *"),
  suspended: false,
  startSlack: term("late start", "30m"),
  run: term("run", "5m"),
  source: source("check"),
};
const role: CloudRole = { kind: "role", name: "backup", at: here, boundary: "prod-boundary", source: source("role") };
const { boundary: _, ...unbounded } = role;
const { until: __, ...endless } = kit;
const guarded = (...safeguards: Safeguard[]) => plan({ safeguards });
const rehearsed = (...all: Parameters<typeof rehearsal>[0][]) => plan({ rehearsals: all.map(rehearsal) });

/** Each a plan, a weaker one, and all that is told; the reverse is told with the signs exchanged. */
const weaker: [title: string, before: Plan, after: Plan, told: string[]][] = [
  // What is promised.
  ["an RPO", limits(["30h", "2h"]), limits(["40h", "2h"]), ["RPO relaxed · s/data · region · 30h → 40h"]],
  [
    "an RTO by its comparison alone",
    limits(["30h", "under 2h"]),
    limits(["30h", "2h"]),
    ["RTO relaxed · s/data · region · under 2h → 2h"],
  ],
  [
    "several disruptions at once, told once",
    plan({ assets: [asset({ zone: ["30h", "2h"], region: ["30h", "2h"], node: ["30h", "2h"] })] }),
    plan({ assets: [asset({ zone: ["31h", "2h"], region: ["31h", "2h"], node: ["30h", "2h"] })] }),
    ["RPO relaxed · s/data · zone region · 30h → 31h"],
  ],
  [
    "an objective that is gone",
    plan({ assets: [asset({ zone: ["30h", "2h"], region: ["30h", "2h"] })] }),
    limits(["30h", "2h"]),
    ["objective removed · s/data · zone · RPO 30h, RTO 2h → "],
  ],
  [
    "an asset that is gone, with all that kept it",
    plan({
      assets: [asset({ region: ["30h", "2h"] }), asset({}, { id: "s/other" })],
      alerts: [alert({ asset: "s/other" })],
    }),
    plan(),
    ["asset removed · s/other · database, promised for no disruption → "],
  ],
  [
    "how long restore points are kept",
    kept("30d"),
    kept("7d"),
    ["retention relaxed · s/data · at least 30d → at least 7d"],
  ],
  [
    "by when they are deleted",
    kept("7d", "30d"),
    kept("7d"),
    ["retention relaxed · s/data · at least 7d, at most 30d → at least 7d"],
  ],
  ["what an asset covers", covering("zone-1", "zone-2"), covering("zone-1"), ["coverage removed · s/data · zone-2 → "]],
  [
    "a key that its restore points are sealed to",
    limits(["30h", "2h"], { openedBy: ["age1a"] }),
    limits(["30h", "2h"]),
    ["keys that open restore points narrowed · s/data · age1a → "],
  ],
  // What is taken on trust.
  [
    "a waiver",
    plan(),
    register({ waivers: [{ ...waiver, disruption: "region" }] }),
    ["waiver added · rpo-is-met of s/data · region ·  → until 2027-03-01, shop: the site is being built (OPS-1)"],
  ],
  [
    "a waiver for longer",
    register({ waivers: [waiver] }),
    register({ waivers: [{ ...waiver, expires: "2027-06-01" }] }),
    ["expiry of the waiver put off · rpo-is-met of s/data · 2027-03-01 → 2027-06-01"],
  ],
  [
    "an assumption",
    plan(),
    register({ assumptions: [assumption] }),
    ["assumption added · page ·  → acknowledge 5m, until 2027-03-01, shop: agreed"],
  ],
  [
    "an assumption of more assets",
    register({ assumptions: [assumption] }),
    register({ assumptions: [{ ...assumption, assets: ["s/data", "s/*"] }] }),
    ["assets of the assumption widened · page · s/data → s/*, s/data"],
  ],
  [
    "an assumption of all disruptions",
    register({ assumptions: [{ ...assumption, disruptions: ["zone"] }] }),
    register({ assumptions: [assumption] }),
    ["disruptions of the assumption widened · page · zone → all"],
  ],
  [
    "a storage class said to survive more",
    register({ sites: [site] }),
    register({ sites: [{ ...site, storageClasses: { standard: { survives: "zone", shared: false } } }] }),
    ["storage classes trusted more · main · standard: survives node → standard: survives zone"],
  ],
  [
    "a drill that is not on record",
    register({ drills: [drill] }),
    plan(),
    ["drill record removed · d of s/data · restore on 2026-11-01 took 1h, verified → "],
  ],
  // What keeps it.
  [
    "a schedule",
    taken({}),
    taken({ schedule: cron("0 2 * * 0") }),
    ["schedule made rarer · backup · 0 2 * * * Etc/UTC → 0 2 * * 0 Etc/UTC"],
  ],
  [
    "a schedule in a zone that changes its clocks",
    taken({}),
    taken({ schedule: cron("30 2 * * *", "Europe/Berlin") }),
    ["schedule made rarer · backup · 0 2 * * * Etc/UTC → 30 2 * * * Europe/Berlin"],
  ],
  [
    "a schedule that nobody can read",
    taken({}),
    taken({ schedule: { unknown: "an output" } }),
    ["schedule made rarer · backup · 0 2 * * * Etc/UTC → not known"],
  ],
  ["a suspended schedule", taken({}), taken({ suspended: true }), ["runs suspended · backup · false → true"]],
  [
    "the deadline of a run",
    taken({}),
    taken({ run: term("run", "2h") }),
    ["deadline of a run raised · backup · 30m → 2h"],
  ],
  [
    "the deadline of a run that is gone",
    taken({}),
    taken({ run: term("run", { unbounded: "none" }) }),
    ["deadline of a run raised · backup · 30m → unbounded"],
  ],
  [
    "how late a run may start",
    taken({}),
    taken({ startSlack: term("start slack", "1m") }),
    ["start slack raised · backup · 0s → 1m"],
  ],
  [
    "runs side by side",
    taken({}),
    taken({ overlap: "allow" }),
    ["overlap of runs allowed more · backup · forbid → allow"],
  ],
  [
    "a series that is gone",
    taken({}, { name: "log" }),
    taken({}),
    ["series removed · log · full, 0 2 * * * Etc/UTC → "],
  ],
  [
    "the expiry of restore points",
    copied({}),
    copied({ keptFor: term("kept", "29d") }),
    ["keeping of restore points shortened · bucket · 45d → 29d"],
  ],
  [
    "the length of a lock",
    locked("compliance", "45d"),
    locked("compliance", "44d"),
    ["lock shortened · bucket · 45d → 44d"],
  ],
  [
    "the mode of a lock",
    locked("compliance", "45d"),
    locked("governance", "45d"),
    ["lock weakened · bucket · compliance → governance"],
  ],
  [
    "a time in which the lock can be removed",
    locked("compliance", "45d"),
    locked("compliance", "45d", { graceUntil: 1_800_000_000 }),
    ["grace of the lock raised · bucket ·  → 2027-01-15 08:00 UTC"],
  ],
  [
    "a copy that is gone",
    copied({}, { source: source("far") }),
    copied({}),
    ["copy removed · far · aws 1 eu-west-1, kept 45d, locked 45d (compliance) → "],
  ],
  [
    "the number of restore points that are kept",
    copied({}),
    copied({ newest: 7 }),
    ["number of restore points kept lowered · bucket ·  → 7"],
  ],
  [
    "what storage survives",
    plan({ protections: [redundancy()] }),
    plan({ protections: [redundancy({ survives: "node" })] }),
    ["what it survives reduced · storage · zone → node"],
  ],
  [
    "a protection that is gone",
    plan({ protections: [points(), redundancy()] }),
    plan(),
    ["protection removed · storage · redundancy: storage → "],
  ],
  [
    "the deadline of a step",
    recovered({}),
    recovered({ steps: [step("restore", "90m", { restores: true })] }),
    ["deadline raised · restore of restore · process node zone region corruption compromise · 1h → 1h 30m"],
  ],
  [
    "a step that checks",
    recovered({ disruptions: ["zone"], steps: [step("check", "1m", { verifies: true })] }),
    recovered({ disruptions: ["zone"], steps: [] }),
    ["step removed · check of restore · zone · 1m → "],
  ],
  [
    "a decision",
    recovered({ disruptions: ["zone"] }),
    recovered({ disruptions: ["zone"], decide: [term("decide", "5m", "assumed")] }),
    ["acknowledgement and decision raised · restore · zone · none → 5m (assumed)"],
  ],
  [
    "a number that is less well founded",
    recovered({ disruptions: ["zone"], detect: [term("seen", "5m")] }),
    recovered({ disruptions: ["zone"], detect: [term("seen", "5m", "contractual")] }),
    ["detection raised · restore · zone · 5m → 5m (contractual)"],
  ],
  [
    "a path for one disruption less",
    recovered({}),
    recovered({ disruptions: ["process", "node", "zone", "corruption", "compromise"] }),
    ["path removed · restore · region · restore → "],
  ],
  [
    "a path that does not hold any more",
    recovered({ disruptions: ["zone"] }),
    recovered({ disruptions: ["zone"], excluded: { zone: "one zone only" } }),
    ["path does not hold any more · restore · zone · holds → one zone only"],
  ],
  ["an alert", watched({}), plan(), ["alert removed · Stale · freshness, critical → "]],
  [
    "the threshold of an alert",
    watched({}),
    watched({ threshold: duration("30h") }),
    ["threshold raised · Stale · 25h → 30h"],
  ],
  [
    "the severity of an alert",
    watched({}),
    watched({ severity: "warning" }),
    ["severity lowered · Stale · critical → warning"],
  ],
  [
    "an alert that is silent when its series is absent",
    watched({}),
    watched({ coversAbsence: false }),
    ["firing when its series is absent lost · Stale · true → false"],
  ],
  [
    "how soon an alert fires",
    watched({}),
    watched({ detect: [term("evaluation", "10m")] }),
    ["detection raised · Stale · 1m → 10m"],
  ],
  [
    "a rehearsal that is rarer",
    rehearsed({}),
    rehearsed({ schedule: cron("0 5 1 */3 *") }),
    ["schedule made rarer · rehearse · 0 5 1 * * Etc/UTC → 0 5 1 */3 * Etc/UTC"],
  ],
  [
    "a rehearsal that is suspended",
    rehearsed({}),
    rehearsed({ suspended: true }),
    ["runs suspended · rehearse · false → true"],
  ],
  [
    "a volume",
    plan({ stores: [store()] }),
    plan({ stores: [store({ size: 1e9 })] }),
    ["size lowered · volume · 10000000000 bytes → 1000000000 bytes"],
  ],
  // What no number is made from.
  [
    "the end of the lock of an object",
    guarded(kit),
    guarded({ ...kit, until: 1_790_000_000 }),
    ["end of the lock brought forward · kit.json · 2027-01-15 08:00 UTC → 2026-09-21 14:13 UTC"],
  ],
  [
    "an end of that lock that nobody knows",
    guarded(kit),
    guarded({ ...kit, until: { unknown: "an output" } }),
    ["end of the lock brought forward · kit.json · 2027-01-15 08:00 UTC → not known"],
  ],
  [
    "an end of that lock that is not there any more",
    guarded(kit),
    guarded(endless),
    ["end of the lock brought forward · kit.json · 2027-01-15 08:00 UTC → "],
  ],
  [
    "the mode of that lock",
    guarded(kit),
    guarded({ ...kit, mode: "governance" }),
    ["lock weakened · kit.json · compliance → governance"],
  ],
  [
    "an object that was locked",
    guarded(kit),
    guarded(),
    ["lock removed · kit.json · compliance, until 2027-01-15 08:00 UTC → "],
  ],
  [
    "a check that is rarer",
    guarded(check),
    guarded({ ...check, schedule: cron("50 5 1 1 *") }),
    ["schedule made rarer · site-check · 50 5 * * * Etc/UTC → 50 5 1 1 * Etc/UTC"],
  ],
  [
    "a check that is suspended",
    guarded(check),
    guarded({ ...check, suspended: true }),
    ["runs suspended · site-check · false → true"],
  ],
  ["a check that is gone", guarded(check), guarded(), ["maintenance job removed · site-check · 50 5 * * * Etc/UTC → "]],
  ["what bounds a role", guarded(role), guarded(unbounded), ["boundary removed · backup · prod-boundary → "]],
];

describe("what weakens a plan is told in words", () => {
  test.each(weaker)("%s", (_, before, after, told) => {
    expect(lines(compared(before, after))).toEqual(told.map((one) => `weaker · ${one}`));
  });
});

describe("what strengthens it is told as the reverse", () => {
  test.each(weaker)("%s", (_, before, after) => {
    const there = compared(before, after);
    const back = compared(after, before);
    expect([...back.promises, ...back.protections].map(({ direction }) => direction)).toEqual(
      [...there.promises, ...there.protections].map(() => "stronger"),
    );
  });
});

describe("what is neither is told as well: nothing changes silently", () => {
  test.each<[string, Plan, Plan, string]>([
    [
      "who answers",
      limits(["30h", "2h"]),
      plan({ assets: [owned("other team")] }),
      "owner of the objective changed · s/data · region · test → other team",
    ],
    [
      "less time assumed",
      register({ assumptions: [assumption] }),
      register({ assumptions: [{ ...assumption, seconds: duration("1m") }] }),
      "assumed time changed · page · 5m → 1m",
    ],
    [
      "more time assumed",
      register({ assumptions: [assumption] }),
      register({ assumptions: [{ ...assumption, seconds: duration("9m") }] }),
      "assumed time changed · page · 5m → 9m",
    ],
    [
      "another hour",
      taken({}),
      taken({ schedule: cron("0 3 * * *") }),
      "schedule changed · backup · 0 2 * * * Etc/UTC → 0 3 * * * Etc/UTC",
    ],
    [
      "a copy that moved",
      copied({}),
      copied({ at: here }),
      "place of the copy changed · bucket · aws 1 eu-west-1 → aws 1 eu-central-1 (zones a, b, c)",
    ],
    [
      "a quicker step fewer",
      recovered({ disruptions: ["zone"], steps: [step("a", "1m"), step("b", "1m")] }),
      recovered({ disruptions: ["zone"], steps: [step("a", "1m")] }),
      "step removed · b of restore · zone · 1m → ",
    ],
    [
      "another version of what is covered",
      covering("shop/web@sha256:11"),
      covering("shop/web@sha256:22"),
      "version of what is covered changed · s/data · sha256:11 → sha256:22",
    ],
    [
      "another key that restore points are sealed to",
      limits(["30h", "2h"], { openedBy: ["age1a"] }),
      limits(["30h", "2h"], { openedBy: ["age1b"] }),
      "keys that open restore points changed · s/data · age1a → age1b",
    ],
    [
      "another boundary of a role",
      guarded(role),
      guarded({ ...role, boundary: "other" }),
      "boundary changed · backup · prod-boundary → other",
    ],
    [
      "where a recovery runs",
      recovered({ disruptions: ["zone"] }),
      recovered({ disruptions: ["zone"], runsAt: here }),
      `place of the recovery changed · restore · zone · aws 1 ${there.region} → aws 1 eu-central-1 (zones a, b, c)`,
    ],
  ])("%s", (_, before, after, told) => {
    expect(lines(compared(before, after))).toEqual([`other · ${told}`]);
  });
});

function owned(owner: string): Asset {
  const one = asset({ region: ["30h", "2h"] });
  return { ...one, objectives: { region: { ...one.objectives.region, owner } as never } };
}

describe("rules", () => {
  const judged = (...rules: { name: string; level: "mandatory" | "advisory" }[]) => ({
    plan: plan(),
    assessments: [],
    findings: [],
    rules,
  });
  test.each<[string, ReturnType<typeof judged>, ReturnType<typeof judged>, string]>([
    [
      "one that is gone",
      judged({ name: "a", level: "mandatory" }),
      judged(),
      "weaker · rule removed · a · mandatory → ",
    ],
    [
      "one that stops nothing any more",
      judged({ name: "a", level: "mandatory" }),
      judged({ name: "a", level: "advisory" }),
      "weaker · rule weakened · a · mandatory → advisory",
    ],
    ["one more", judged(), judged({ name: "a", level: "advisory" }), "stronger · rule added · a ·  → advisory"],
  ])("%s", (_, before, after, told) => {
    expect(lines(compareJudgements(before, after, 0))).toEqual([told]);
  });

  test("are not compared where one side does not name them", () => {
    const { rules: _, ...unnamed } = judged({ name: "a", level: "mandatory" });
    expect(lines(compareJudgements(unnamed, judged(), 0))).toEqual([]);
  });
});
