import {
  type Alert,
  type Asset,
  assess,
  type Bound,
  type Copy,
  type Disruption,
  disruptions,
  duration,
  type Evidence,
  type Grade,
  isProblem,
  type Path,
  type Place,
  type Plan,
  parseLimit,
  type ReadProblem,
  type Redundancy,
  type Rehearsal,
  type RestorePoints,
  type Series,
  type Source,
  type Step,
  type Store,
  type Term,
} from "../../recovery";

/** Saturday, 21 November 2026, 00:00 UTC: the date every test judges at. */
export const asOf = Date.UTC(2026, 10, 21) / 1_000;

/** The source of a made-up number. */
export const source = (name: string): Source => ({ resource: `urn:${name}`, name });

/** A term of a duration, or of a bound that is none. */
export const term = (name: string, value: string | Bound, grade: Grade = "guaranteed"): Term => ({
  name,
  value: typeof value === "string" ? duration(value) : value,
  grade,
  source: { ...source(name), property: `spec.${name}` },
});

/** A place in the primary region, three zones. */
export const here: Place = {
  cloud: "aws",
  account: "1",
  region: "eu-central-1",
  zones: ["a", "b", "c"],
  deployed: true,
};

/** A place in another region, same account. */
export const there: Place = { ...here, region: "eu-west-1", zones: [] };

/** A place that this program has no credentials for. */
export const cleanRoom: Place = { ...there, account: "2", deployed: false };

/** An asset with one objective for every disruption, or some of its own. */
export function asset(
  limits: Partial<Record<Disruption, [rpo: string, rto: string]>>,
  edit: Partial<Asset> = {},
): Asset {
  const objectives: Asset["objectives"] = {};
  for (const disruption of disruptions) {
    const pair = limits[disruption];
    if (pair === undefined) continue;
    const [rpo, rto] = pair.map(parseLimit);
    if (rpo === undefined || rto === undefined || isProblem(rpo) || isProblem(rto)) throw new Error("bad limit");
    objectives[disruption] = { rpo, rto, owner: "test", reason: "test" };
  }
  return { id: "s/data", system: "s", kind: "database", at: here, objectives, source: source("asset"), ...edit };
}

/** A schedule that takes restore points: daily at 02:00 UTC, no slack, 30 minutes. */
export function series(edit: Partial<Series> = {}): Series {
  return {
    name: "backup",
    role: "full",
    schedule: { scheduler: "kubernetes", expression: "0 2 * * *", timeZone: "Etc/UTC" },
    suspended: false,
    overlap: "forbid",
    startSlack: term("start slack", "0s"),
    run: term("run", "30m"),
    source: source("backup"),
    ...edit,
  };
}

/** A copy in another region, kept and locked for 45 days. */
export function copy(edit: Partial<Copy> = {}): Copy {
  return {
    at: there,
    keptFor: term("kept", "45d"),
    lock: { mode: "compliance", keptFor: term("locked", "45d") },
    source: source("bucket"),
    ...edit,
  };
}

/** Restore points captured at the start of each run, ten minutes to leave the failed domain. */
export function points(edit: Partial<RestorePoints> = {}): RestorePoints {
  return {
    kind: "restore-points",
    id: "points",
    asset: "s/data",
    label: "restore points",
    capture: "start",
    series: [series()],
    transfer: term("transfer", "10m"),
    copies: [copy()],
    source: source("points"),
    ...edit,
  };
}

/** Storage that survives a zone and acknowledges durable writes. */
export function redundancy(edit: Partial<Redundancy> = {}): Redundancy {
  return {
    kind: "redundancy",
    id: "storage",
    asset: "s/data",
    label: "storage",
    survives: "zone",
    loss: [term("acknowledged before durable", "0s")],
    source: source("storage"),
    ...edit,
  };
}

/** One step of a recovery. */
export function step(name: string, bound: string | Bound, edit: Partial<Step> = {}): Step {
  return { name, bound: term(name, bound), after: [], source: source(name), ...edit };
}

/** A path that restores in one hour, noticed and decided at once. */
export function path(edit: Partial<Path> = {}): Path {
  return {
    id: "restore",
    asset: "s/data",
    protection: "points",
    label: "restore",
    disruptions: [...disruptions],
    detect: [],
    decide: [],
    steps: [step("restore", "1h", { restores: true })],
    redirect: [],
    runsAt: there,
    needs: [],
    excluded: {},
    source: source("restore"),
    ...edit,
  };
}

/** A plan of one asset. */
export function plan(edit: Partial<Plan> = {}): Plan {
  return {
    assets: [asset({ region: ["30h", "2h"] })],
    protections: [points()],
    paths: [path()],
    groups: [],
    alerts: [],
    rehearsals: [],
    stores: [],
    work: [],
    availability: [],
    safeguards: [],
    register: { sites: [], assumptions: [], waivers: [], drills: [] },
    ...edit,
  };
}

/** A complete alert that fires when the newest restore point is 25 hours old or absent, noticed within a minute. */
export function alert(edit: Partial<Alert> = {}): Alert {
  return {
    name: "Stale",
    asset: "s/data",
    guards: "freshness",
    disruptions: [],
    threshold: duration("25h"),
    coversAbsence: true,
    severity: "critical",
    complete: true,
    at: here,
    detect: [term("evaluation", "1m")],
    source: source("alert"),
    ...edit,
  };
}

/** A monthly drill. */
export function rehearsal(edit: Partial<Rehearsal> = {}): Rehearsal {
  return {
    name: "rehearse",
    role: "drill",
    asset: "s/data",
    schedule: { scheduler: "kubernetes", expression: "0 5 1 * *", timeZone: "Etc/UTC" },
    suspended: false,
    run: term("run", "1h"),
    source: source("rehearse"),
    ...edit,
  };
}

/** A volume of exactly the 10 GB that its asset needs there. */
export function store(edit: Partial<Store> = {}): Store {
  return { name: "volume", asset: "s/data", size: 10e9, needed: 10e9, source: source("volume"), ...edit };
}

/** What a rule sees of a plan. */
export function evidence(one: Plan, problems: ReadProblem[] = []): Evidence {
  return { plan: one, assessments: assess(one, asOf), problems, asOf };
}
