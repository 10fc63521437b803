import { beforeAll, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../policies/graph";
import { blocking, judge } from "../../policies/judge";
import { disruptions, type Judgement } from "../../recovery";
import { compareJudgements } from "../../recovery/compare";
import { assetIds } from "../../systems/analytics/objectives";
import { ACCOUNTS_ID, ASSETS_ID, DATABASE_ID } from "../../systems/omniverse/objectives";
import { assetId, assetNames } from "../../systems/platform/assets";
import { asOf } from "../recovery/build";
import { declaredGraph } from "../support/declaredGraph";
import { aloneIn } from "../systems/declared";
import { all, ignore, type Mutation, region, set, unset, withoutAlerts } from "./mutate";
import { weakerRecovery } from "./mutations/recovery";
import { serving, servingHarmless } from "./mutations/serving";
import { watching, watchingHarmless } from "./mutations/watching";

const incremental = "omendb-primary-backup-incremental-cron";
const full = "omendb-primary-backup-full-cron";
const database = "omendb-primary-database-deployment";
const lease = "omendb-primary-database-lease";
const lock = "omendb-backups-lock";
const lifecycle = "omendb-backups-lifecycle";
const restore = "omendb-restore-in-secondary-restore";
const claims = "omendb-primary-database-claims";
const spread = "spec.template.spec.topologySpreadConstraints";

/** What weakens production, the rule that must stop it, and what its finding must say: resource, promise, fact. */
const weaker: [title: string, mutation: Mutation, rule: string, says: string[]][] = [
  [
    "retention of 29 days",
    all(set(lock, "rule.defaultRetention.days", 29), set(lifecycle, "rules[0].expiration.days", 29)),
    "restore-points-are-kept",
    ["30d", "29d"],
  ],
  [
    "a schedule of every 2 hours",
    set(incremental, "spec.schedule", "0 */2 * * *"),
    "rpo-is-met",
    ["region", "under 15m", "4h 3m", "omendb-backup-incremental"],
  ],
  [
    "the full on Sundays at 02:00 in Berlin",
    all(set(full, "spec.schedule", "0 2 * * 0"), set(full, "spec.timeZone", "Europe/Berlin")),
    "restores-fit-their-deadline",
    ["restore", "20m", "incrementals"],
  ],
  [
    "the copy in the same region",
    region("secondary-aws", "eu-central-1"),
    "a-copy-is-outside-the-region",
    ["region", "eu-central-1"],
  ],
  [
    "the lock in governance mode",
    set(lock, "rule.defaultRetention.mode", "GOVERNANCE"),
    "a-copy-cannot-be-deleted",
    ["governance", "compromise"],
  ],
  [
    "a suspended backup",
    set(incremental, "spec.suspend", true),
    "schedules-run",
    ["omendb-backup-incremental", "suspended"],
  ],
  [
    "no freshness alert",
    withoutAlerts("freshness"),
    "each-objective-has-an-alert",
    ["omendb/data", "age of its newest restore point"],
  ],
  [
    "no deadline for a run",
    unset(incremental, "spec.jobTemplate.spec.activeDeadlineSeconds"),
    "runs-are-bounded",
    ["omendb-backup-incremental", "activeDeadlineSeconds"],
  ],
  [
    "no starting deadline",
    unset(incremental, "spec.startingDeadlineSeconds"),
    "runs-are-bounded",
    ["omendb-backup-incremental", "startingDeadlineSeconds"],
  ],
  ["no standbys", set(database, "spec.replicas", 1), "rto-is-met", ["zone", "under 15m"]],
  [
    "a Lease that outlives the RTO",
    set(lease, "spec.leaseDurationSeconds", 600),
    "rto-is-met",
    ["under 2m", "Lease", "leaseDurationSeconds"],
  ],
  [
    "zonal storage",
    set(`${claims}-omendb-data`, "spec.storageClassName", "zonal"),
    "rpo-is-met",
    ["zone", "under 5m", "it is not shared"],
  ],
  ["changes of the lock ignored", ignore(lock, "rule.defaultRetention"), "a-copy-cannot-be-deleted", ["ignoreChanges"]],
  ["changes of the expiry ignored", ignore(lifecycle, "rules"), "restore-points-are-kept", ["ignoreChanges"]],
  ["the full suspended", set(full, "spec.suspend", true), "schedules-run", ["omendb-backup-full"]],
  [
    "runs that replace each other",
    set(incremental, "spec.concurrencyPolicy", "Replace"),
    "runs-do-not-overlap",
    ["omendb-backup-incremental", "replace"],
  ],
  [
    "a restore without a deadline",
    unset(restore, "spec.jobTemplate.spec.activeDeadlineSeconds"),
    "rto-is-met",
    ["region", "under 1h", "activeDeadlineSeconds"],
  ],
  [
    "a restore that nobody suspended",
    set(restore, "spec.suspend", false),
    "links-resolve",
    ["omendb-restore-in-secondary-restore", "suspend"],
  ],
  [
    "writes acknowledged before they are durable",
    set(
      "omendb-primary-config",
      'data["omendb.toml"]',
      '[wal]\nenabled = true\nsync_on_write = false\n[storage]\nsync_interval_ms = 5000\n[database]\ndata_dir = "/var/lib/omendb/data"\n',
    ),
    "rpo-is-met",
    ["process", "RPO is 0s", "5s"],
  ],
  [
    "no hung process is noticed",
    unset(database, "spec.template.spec.containers[0].livenessProbe"),
    "rto-is-met",
    ["process", "liveness"],
  ],
  [
    "a log volume below the guide's minimum",
    set(`${claims}-omendb-wal`, "spec.resources.requests.storage", "1Gi"),
    "volumes-hold-their-data",
    ["omendb-wal", "GB"],
  ],
  [
    "a data volume of 1 GiB",
    set(`${claims}-omendb-data`, "spec.resources.requests.storage", "1Gi"),
    "volumes-hold-their-data",
    ["omendb-data", "GB"],
  ],
  [
    "a register that has expired",
    set("register", "assumptions[0].expires", "2026-01-01"),
    "links-resolve",
    ["expired"],
  ],
  ...serving,
  ...watching,
  ...weakerRecovery,
];

/** What weakens production without breaking a promise: the report must name what keeps it, or stop it. */
const harmless: [title: string, mutation: Mutation][] = [
  ["no tolerations", unset(database, "spec.template.spec.tolerations")],
  [
    "a soft spread over nodes",
    all(
      set(database, `${spread}[0].whenUnsatisfiable`, "ScheduleAnyway"),
      set(database, `${spread}[1].whenUnsatisfiable`, "ScheduleAnyway"),
    ),
  ],
];

let whole: ResourceGraph;
/** The system that the lines are about. */
let prod: ResourceGraph;

beforeAll(async () => {
  whole = await declaredGraph("prod");
  prod = aloneIn(whole, "omendb");
});

describe("production", () => {
  it("keeps every promise, without a finding and without a waiver", () => {
    const { assessments, findings, plan } = judge(whole, asOf);
    expect(findings).toEqual([]);
    expect(plan.register.waivers).toEqual([]);
    expect(assessments.map(({ asset, disruption }) => `${asset} ${disruption}`)).toEqual(
      [
        ...Object.values(assetIds).sort(),
        "omendb/data",
        ACCOUNTS_ID,
        ASSETS_ID,
        DATABASE_ID,
        ...assetNames.map(assetId).sort(),
      ].flatMap((asset) => disruptions.map((disruption) => `${asset} ${disruption}`)),
    );
    expect(assessments.filter(({ verdict }) => verdict !== "proven" && verdict !== "assumed")).toEqual([]);
  });
});

describe("a weaker production is stopped by a mandatory finding that names resource, promise and fact", () => {
  it.each(weaker)("%s", (_, mutation, rule, says) => {
    const judgement = judge(mutation(prod), asOf);
    const found = blocking(judgement).filter((finding) => finding.rule === rule);
    const texts = found.map((finding) => JSON.stringify(finding));
    expect(
      texts.some((text) => says.every((words) => text.includes(words)))
        ? "said"
        : {
            says,
            found: found.map(({ message, binding, source, disruption }) => ({ disruption, message, binding, source })),
          },
    ).toBe("said");
    expect(toldAsWeaker(judgement)).not.toEqual([]);
  });
});

/** What a comparison with production says of a production that is weaker. */
function toldAsWeaker(judgement: Judgement): string[] {
  const { outcomes, promises, protections, findings } = compareJudgements(judge(prod, asOf), judgement, asOf);
  return [
    ...outcomes.filter(({ direction }) => direction === "worse").map(({ disruption }) => disruption),
    ...[...promises, ...protections].filter(({ direction }) => direction === "weaker").map(({ what }) => what),
    ...findings.added.map(({ message }) => message),
  ];
}

describe("a production that has more, and is no weaker, has no finding", () => {
  it.each([...servingHarmless, ...watchingHarmless])("%s", (_, mutation) => {
    expect(judge(mutation(prod), asOf).findings.map(({ message }) => message)).toEqual([]);
  });
});

describe("a production that is weaker and still keeps its promises says what keeps them", () => {
  it.each(harmless)("%s", (_, mutation) => {
    const judgement = judge(mutation(prod), asOf);
    if (blocking(judgement).length > 0) return;
    expect(changed(judgement)).not.toEqual([]);
  });
});

/** Verdicts that rest on another path than in production, and notes about paths that no longer hold. */
function changed(judgement: Judgement): string[] {
  const before = judge(prod, asOf);
  const moved = judgement.assessments.flatMap((now) => {
    const then = before.assessments.find(
      ({ asset, disruption }) => asset === now.asset && disruption === now.disruption,
    );
    const others = JSON.stringify(then?.others) === JSON.stringify(now.others);
    return then?.chosen?.path === now.chosen?.path && others ? [] : [`${now.disruption}: ${now.chosen?.label}`];
  });
  return [...moved, ...judgement.notes.filter(({ kind }) => kind === "kept-by").map(({ message }) => message)];
}
