import type {
  Asset,
  Copy,
  Disruption,
  Path,
  Place,
  Plan,
  Protection,
  Schedule,
  Series,
  Source,
  Term,
} from "../../recovery";
import { disruptions, duration, parseLimit } from "../../recovery";

const sources = new Map<string, Source>();

/** What is read from one place has one source, as in a plan that was read from a program. */
function source(name: string): Source {
  const known = sources.get(name) ?? { resource: `bench:${name}`, name, property: "bench" };
  sources.set(name, known);
  return known;
}

const terms = new Map<string, Term>();

/** Numbers that many assets have in common are one object, as in a plan that was read from one component. */
function term(name: string, text: string): Term {
  const known = terms.get(`${name} ${text}`) ?? {
    name,
    value: duration(text),
    grade: "guaranteed" as const,
    source: source(name),
  };
  terms.set(`${name} ${text}`, known);
  return known;
}

const here: Place = { cloud: "aws", account: "1", region: "eu-central-1", zones: ["a", "b", "c"], deployed: true };
const there: Place = { ...here, region: "eu-west-1", zones: [] };
const vault: Place = { ...there, account: "2", deployed: false };

const zones = ["Etc/UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe"];
const expressions = [
  "0 2 * * *",
  "30 1 * * *",
  "0 */6 * * *",
  "15 * * * *",
  "0 3 * * 0",
  "*/20 * * * *",
  "5 0,12 * * 1-5",
];

function scheduleOf(number: number): Schedule {
  return {
    scheduler: "kubernetes",
    expression: expressions[number % expressions.length] ?? "0 2 * * *",
    timeZone: zones[Math.floor(number / expressions.length) % zones.length] ?? "Etc/UTC",
  };
}

function seriesOf(name: string, role: Series["role"], schedule: Schedule): Series {
  return {
    name,
    role,
    schedule,
    suspended: false,
    overlap: "forbid",
    startSlack: term("start slack", "30s"),
    run: term("run", "10m"),
    source: source(name),
  };
}

const copy: Copy = {
  at: vault,
  keptFor: term("kept", "90d"),
  lock: { mode: "compliance", keptFor: term("locked", "90d") },
  source: source("bucket"),
};

const limits: Record<Disruption, [rpo: string, rto: string]> = {
  process: ["0s", "10m"],
  node: ["0s", "10m"],
  zone: ["0s", "10m"],
  region: ["26h", "4h"],
  corruption: ["30h", "6h"],
  compromise: ["36h", "8h"],
};

function objectivesOf(): Asset["objectives"] {
  const objectives: Asset["objectives"] = {};
  for (const disruption of disruptions) {
    const [rpo, rto] = limits[disruption].map(parseLimit);
    if (rpo === undefined || rto === undefined || "problem" in rpo || "problem" in rto) continue;
    objectives[disruption] = { rpo, rto, owner: "bench", reason: "bench" };
  }
  return objectives;
}

const objectives = objectivesOf();

/** A plan of many assets: six mixtures of mechanisms in turn, 35 calendars, one promise in ten not kept. */
export function manyAssets(count: number): Plan {
  const plan: Plan = {
    assets: [],
    protections: [],
    paths: [],
    groups: [],
    alerts: [],
    rehearsals: [],
    stores: [],
    work: [],
    availability: [],
    safeguards: [],
    register: { sites: [], assumptions: [], waivers: [], drills: [] },
  };
  for (let number = 0; number < count; number++) {
    const id = `bench/asset-${number}`;
    plan.assets.push({ id, system: "bench", kind: "database", at: here, objectives, source: source(id) });
    plan.protections.push(...protectionsOf(id, number));
    plan.paths.push(...pathsOf(id, number));
    if (number % 12 === 7) {
      const other = `bench/asset-${number - 1}`;
      const members = [
        { asset: other, refersTo: [] },
        { asset: id, refersTo: [other] },
      ];
      plan.groups.push({ id: `bench/group-${number}`, members, source: source(id) });
    }
  }
  return plan;
}

function protectionsOf(asset: string, number: number): Protection[] {
  const own = { asset, source: source(asset) };
  const points: Protection = {
    ...own,
    kind: "restore-points",
    id: `${asset}/points`,
    label: "restore points",
    capture: "start",
    series:
      number % 3 === 0
        ? [
            seriesOf("full", "full", { ...scheduleOf(0), expression: "0 2 * * 0" }),
            seriesOf("incremental", "incremental", { ...scheduleOf(0), expression: "0 */6 * * *" }),
          ]
        : [seriesOf("full", "full", scheduleOf(number))],
    transfer: term("transfer", "5m"),
    copies: [copy],
  };
  const zonal: Protection = {
    ...own,
    kind: "redundancy",
    id: `${asset}/redundancy`,
    label: "redundancy",
    survives: number % 6 === 2 ? { needed: 4, total: 6, together: { node: 1, zone: 2 } } : "zone",
    loss: [term("acknowledged before durable", "0s")],
  };
  switch (number % 6) {
    case 1:
      return [
        zonal,
        points,
        {
          ...own,
          kind: "archive",
          id: `${asset}/more`,
          label: "log",
          base: points.id,
          ship: term("ship", "60s"),
          upload: term("upload", "30s"),
          copies: [copy],
        },
      ];
    case 3:
      return [
        zonal,
        points,
        {
          ...own,
          kind: "replica",
          id: `${asset}/more`,
          label: "replica",
          at: there,
          lag: term("lag", "5m"),
          carries: "data",
        },
      ];
    case 4:
      return [
        zonal,
        points,
        {
          ...own,
          kind: "versions",
          id: `${asset}/more`,
          label: "versions",
          at: here,
          undoes: ["overwrite", "delete"],
          keptFor: term("kept", "30d"),
          lock: copy.lock,
        },
      ];
    case 5:
      return [
        zonal,
        points,
        { ...own, kind: "rebuild", id: `${asset}/more`, label: "rebuild", from: `bench/asset-${number - 1}` },
      ];
    default:
      return [zonal, points];
  }
}

function pathsOf(asset: string, number: number): Path[] {
  const path = (name: string, protection: string, disruptions: Disruption[], steps: [string, string][]): Path => ({
    id: `${asset}/${name}`,
    asset,
    protection: `${asset}/${protection}`,
    label: name,
    disruptions,
    detect: [term("noticed", "2m")],
    decide: disruptions.includes("process") ? [] : [term("acknowledged", "5m"), term("decided", "5m")],
    steps: steps.map(([step, bound], place) => ({
      name: step,
      bound: term(step, bound),
      after: steps.slice(place - 1, place).map(([before]) => before),
      ...(step === "stop" ? { stopsWrites: true } : {}),
      source: source(step),
    })),
    redirect: [term("redirect", "60s")],
    runsAt: vault,
    needs: [],
    excluded: {},
    source: source(name),
  });
  const long = number % 10 === 0 ? "9h" : "40m";
  const restore: [string, string][] = [
    ["stop", "1m"],
    ["provision", "10m"],
    ["restore", long],
    ["verify", "5m"],
  ];
  return [
    path("takeover", "redundancy", ["process", "node", "zone"], [["start", "90s"]]),
    path("restore", "points", ["region", "corruption", "compromise"], restore),
    ...(number % 6 === 0 || number % 6 === 2 ? [] : [path("other", "more", ["region", "corruption"], restore)]),
  ];
}
