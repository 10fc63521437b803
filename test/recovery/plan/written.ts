import type { Plan } from "../../../recovery";
import { readPlan } from "../../../recovery/plan/file";

/** A value of a file. */
export type Written = { [key: string]: unknown };

/** A plan as somebody writes it: one database, nightly dumps, a log, a standby; each call makes a new one. */
export function written(): Written {
  return {
    places: {
      here: { cloud: "aws", account: "1", region: "eu-central-1", zones: ["a", "b"] },
      there: { cloud: "aws", account: "1", region: "eu-west-1", zones: [] },
    },
    assets: [
      {
        id: "shop/orders",
        kind: "database",
        at: "here",
        bytes: 1e9,
        retention: { atLeast: "30d", atMost: "60d" },
        objectives: { region: { rpo: "under 30h", rto: "6h", owner: "shop", reason: "agreed" } },
      },
      {
        id: "shop/index",
        kind: "search index",
        at: "here",
        dependsOn: ["shop/orders"],
        covers: ["products"],
        openedBy: ["age1key"],
        objectives: { region: { rpo: "30h", rto: "1d", owner: "shop", reason: "agreed" } },
      },
    ],
    protections: [
      {
        kind: "restore-points",
        id: "shop/orders/nightly-dumps",
        asset: "shop/orders",
        capture: "start",
        series: [
          {
            name: "dump",
            role: "full",
            schedule: { scheduler: "kubernetes", expression: "0 2 * * *", timeZone: "Etc/UTC" },
            overlap: "forbid",
            startSlack: "10m",
            run: "1h",
          },
        ],
        transfer: "0s",
        copies: [{ at: "there", keptFor: "45d", lock: { mode: "compliance", keptFor: "45d" } }],
      },
      {
        kind: "archive",
        id: "shop/orders/log",
        asset: "shop/orders",
        base: "shop/orders/nightly-dumps",
        ship: 60,
        upload: { assumption: "upload" },
        copies: [],
      },
      {
        kind: "redundancy",
        id: "shop/orders/quorum",
        asset: "shop/orders",
        survives: { needed: 2, total: 3, together: { node: 1, zone: 1 }, members: 3 },
        loss: "0s",
      },
      { kind: "rebuild", id: "shop/index/rebuild", asset: "shop/index", from: "shop/orders" },
    ],
    paths: [
      {
        id: "restore",
        asset: "shop/orders",
        protection: "shop/orders/nightly-dumps",
        disruptions: ["region"],
        detect: [{ name: "alert", value: "5m" }],
        decide: { assumption: "decide" },
        steps: [
          { name: "scale-down", bound: { value: "5m", grade: "measured" } },
          { name: "restore", bound: { value: "2h", grade: "measured" }, restores: true },
          { name: "warm-up", bound: { value: "10m", assumption: "undrilled" }, after: [] },
        ],
        redirect: "1m",
        runsAt: "there",
        needs: [{ what: "images", at: "there" }],
      },
      {
        id: "index-again",
        asset: "shop/index",
        protection: "shop/index/rebuild",
        disruptions: ["region"],
        detect: [],
        decide: [],
        steps: [],
        redirect: [],
        runsAt: { unknown: "nobody said" },
        needs: [],
      },
    ],
    groups: [
      {
        id: "books",
        members: [
          { asset: "shop/orders", refersTo: [] },
          { asset: "shop/index", refersTo: ["shop/orders"] },
        ],
      },
    ],
    alerts: [
      {
        name: "Stale",
        asset: "shop/orders",
        guards: "freshness",
        threshold: "28h",
        coversAbsence: true,
        severity: "critical",
        complete: true,
        at: "there",
        detect: "5m",
      },
    ],
    rehearsals: [
      {
        name: "drill",
        role: "drill",
        asset: "shop/orders",
        schedule: { scheduler: "kubernetes", expression: "0 5 1 * *", timeZone: "Etc/UTC" },
        run: "6h",
      },
    ],
    stores: [{ name: "volume", asset: "shop/orders", size: 2e9, needed: 1e9 }],
    work: [
      {
        name: "upgrade",
        system: "shop",
        schedule: { scheduler: "kubernetes", expression: "0 3 * * 0", timeZone: "Etc/UTC" },
        lasts: "30m",
        effect: "read-only",
      },
    ],
    availability: [
      { system: "shop", perMillion: "99.9%", over: "30d", readOnlyCounts: false, owner: "shop", reason: "agreed" },
    ],
    safeguards: [
      { kind: "locked-object", name: "kit.json", assets: ["shop/orders"], mode: "compliance", until: "2027-03-01" },
      {
        kind: "maintenance",
        name: "site-check",
        at: "here",
        schedule: { scheduler: "kubernetes", expression: "0 6 * * *", timeZone: "Etc/UTC" },
        startSlack: "30m",
        run: "5m",
      },
      { kind: "role", name: "orders-backup", at: "here", boundary: "prod-boundary" },
    ],
    register: {
      sites: [
        {
          name: "prod",
          cloud: "aws",
          account: "1",
          region: "eu-central-1",
          zones: ["a", "b"],
          context: "prod",
          owner: "platform",
          drill: "site-check",
          expires: "2027-03-01",
        },
      ],
      assumptions: [
        entry("upload", { term: "upload", value: "1m" }),
        entry("decide", { term: "decide", value: "15m", disruptions: ["region"] }),
        entry("undrilled", { term: "undrilled", path: "restore" }),
      ],
      waivers: [
        {
          rule: "rto-is-met",
          asset: "shop/orders",
          owner: "shop",
          reason: "soon",
          ticket: "OPS-1",
          expires: "2027-03-01",
        },
      ],
      drills: [
        {
          id: "2026-11",
          asset: "shop/orders",
          path: "restore",
          date: "2026-11-01",
          took: "1h",
          bytes: 1e9,
          verified: true,
        },
      ],
    },
  };
}

function entry(id: string, more: Written): Written {
  return {
    id,
    assets: ["shop/*"],
    owner: "shop",
    reason: "agreed",
    drill: "drill",
    expires: "2027-03-01",
    ...more,
  };
}

/** A file with one thing changed: `protections[0].series[0].run`; undefined takes it away. */
export function changed(path: string, value: unknown, file: Written = written()): Written {
  const keys = [...path.matchAll(/\["([^"]+)"\]|([^.[\]]+)/g)].map((match) => match[1] ?? match[2] ?? "");
  const last = keys.pop() ?? "";
  const parent = keys.reduce<unknown>((part, key) => (part as Written)[key], file) as Written;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return file;
}

/** What is at a place of a file. */
export function partOf(path: string, file: Written = written()): unknown {
  return path
    .split(/[.[\]]+/)
    .filter((key) => key !== "")
    .reduce<unknown>((part, key) => (part as Written)[key], file);
}

/** Every problem of a file, as `where what`. */
export function problemsOf(file: unknown): string[] {
  const read = readPlan(file, "orders.yaml");
  return Array.isArray(read) ? read.map(({ path, problem }) => `${path} ${problem}`) : [];
}

/** The plan of a file that has no problem. */
export function planOf(file: unknown): Plan {
  const read = readPlan(file, "orders.yaml");
  if (Array.isArray(read)) throw new Error(JSON.stringify(read));
  return read;
}
