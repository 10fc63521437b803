import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { OBJECTIVES, RETENTIONS } from "../../examples/as-written/omniverse/objectives";
import { ALERTS, ASSETS, DATABASE } from "../../examples/as-written/omniverse/runbook";
import type { ResourceGraph } from "../../policies/graph";
import { blocking, judge } from "../../policies/judge";
import { loadGraph } from "../../preview/offline";
import { type Assessment, type Disruption, type Finding, formatBound, type Judgement } from "../../recovery";
import { assetRetention, databaseRetention, pairObjectives } from "../../systems/omniverse/objectives";
import { all, set, unset } from "../policies/mutate";
import { asOf } from "../recovery/build";
import { root } from "../support/parity";

const program = path.join(root, "examples/as-written/omniverse");

const stacks = ["prod", "promised", "dump", "pair-utc", "pair-berlin", "hot-copy"] as const;
type Stack = (typeof stacks)[number];

const graphs = new Map<Stack, ResourceGraph>();

beforeAll(async () => {
  for (const stack of stacks) graphs.set(stack, (await loadGraph({ program, stack })).graph);
});

function declaredGraph(stack: Stack): ResourceGraph {
  const graph = graphs.get(stack);
  if (graph === undefined) throw new Error(`stack ${stack} was not loaded`);
  return graph;
}

function judged(stack: Stack): Judgement {
  return judge(declaredGraph(stack), asOf);
}

/** What the findings of a rule say, each with its asset and disruption; what has the same cause follows. */
function said(judgement: Judgement, rule: string): string[] {
  return judgement.findings
    .filter((finding) => finding.rule === rule)
    .flatMap(({ assets, disruption, message, also }) => [
      `${assets.join(" and ") || "any"} · ${disruption ?? "any"}: ${message}`,
      ...(also ?? []),
    ]);
}

function assessed(judgement: Judgement, asset: string, disruption: Disruption): Assessment {
  const found = judgement.assessments.find((one) => one.asset === asset && one.disruption === disruption);
  if (found === undefined) throw new Error(`nothing assesses ${asset} for ${disruption}`);
  return found;
}

/** What an asset loses, with every run succeeding and with one failed, in seconds. */
function losses(judgement: Judgement, asset: string, disruption: Disruption): unknown[] | undefined {
  return assessed(judgement, asset, disruption).chosen?.rpo.map(({ total }) => total);
}

/** The counterexample of a loss, as a calendar shows it. */
function calendar(judgement: Judgement, asset: string, disruption: Disruption): string[] {
  const { events = [], conclusion } = assessed(judgement, asset, disruption).counterexamples.rpo ?? {};
  const dated = events.map(({ at, what }) => `${new Date(at * 1_000).toISOString().slice(0, 19)} ${what}`);
  return [...dated, conclusion ?? "nothing"];
}

function found(judgement: Judgement, rule: string, disruption: Disruption): Finding {
  const finding = judgement.findings.find((one) => one.rule === rule && one.disruption === disruption);
  if (finding === undefined) throw new Error(`there is no finding of ${rule} for ${disruption}`);
  return finding;
}

const hours = (count: number, minutes: number, seconds: number) => (count * 60 + minutes) * 60 + seconds;
/** The longest runs of the variants, with the 10 s that a start may be late. */
const dumped = (count: number) => hours(count, 30, 10);
const copied = (count: number) => hours(count, 40, 10);

const replica = `${DATABASE} · any: holdfast.dev/protection of CronJob failover names no protection of ${DATABASE}, or one that is not known before deployment`;

describe("the Omniverse runbook, as it is written", () => {
  it("NU0: promises nothing for either of its stores, so there is nothing to judge", () => {
    expect(judged("prod").assessments).toEqual([]);
    const none = "no objective for process, node, zone, region, corruption, compromise";
    expect(said(judged("prod"), "data-stores-have-objectives")).toEqual([
      `${ASSETS} · any: ${none}`,
      `${DATABASE} · any: ${none}`,
    ]);
    expect(judged("prod").findings).toHaveLength(2 + 26);
  });

  it("NU0: keeps data in two folders, which are found where nothing says that they are assets either", () => {
    const silent = (name: string) =>
      all(
        ...["asset", "objectives", "retention", "group"].map((key) =>
          unset(name, `metadata.annotations["holdfast.dev/${key}"]`),
        ),
      );
    const bare = all(silent("postgresql"), silent("nucleus-server"))(declaredGraph("prod"));
    const lacks = "keeps data, but no asset with objectives covers it";
    expect(said(judge(bare, asOf), "data-stores-have-objectives").sort()).toEqual([
      `any · any: folder /opt/ove/nucleus/data that Deployment nucleus-server writes to on its node ${lacks}`,
      `any · any: folder /var/lib/postgresql/15/main that Deployment postgresql writes to on its node ${lacks}`,
    ]);
  });

  it.each(stacks)("%s must not be deployed", (stack) => {
    expect(blocking(judged(stack)).length).toBeGreaterThan(0);
  });

  it.each<[Stack, string[]]>([
    ["prod", [replica]],
    ["promised", [replica]],
    ["dump", []],
    ["pair-utc", []],
    ["pair-berlin", []],
    ["hot-copy", []],
  ])("NU10: fails over in %s to a replica only where nothing declares one", (stack, unresolved) => {
    expect(said(judged(stack), "links-resolve")).toEqual(unresolved);
  });

  it.each([
    ["NU4", "daily-database-backup.sh", "sudo -u postgres pg_dump nucleus | gzip >"],
    ["NU5", "weekly-asset-backup.sh", "-mtime +$(($RETENTION_WEEKS * 7))"],
    ["NU6", "weekly-asset-backup.sh", 'rm -f "$BACKUP_DIR/latest"'],
    ["NU7", "monthly-dr-test.sh", "gunzip -c /backup/nucleus-db/latest.sql.gz"],
    ["NU8", "monthly-dr-test.sh", 'echo "DR test completed successfully"'],
    ["NU10", "failover.sh", "sudo -u postgres pg_promote /var/lib/postgresql/15/main/"],
    ["NU13", "weekly-storage-maintenance.sh", "nucleus-admin assets cleanup --orphaned --confirm"],
    ["NU14", "weekly-storage-maintenance.sh", "-mtime +30 -gzip"],
  ])("%s: carries %s as it is, which no rule reads", (_, file, line) => {
    const data = declaredGraph("prod").resources.find(({ name }) => name === "scripts")?.props.data as Record<
      string,
      string
    >;
    expect(data[file]).toContain(line);
  });

  it("runs its scripts when the runbook says, and by hand what a person starts", () => {
    const jobs = declaredGraph("prod").resources.filter(({ type }) => type.endsWith(":CronJob"));
    const timed = jobs.map(({ name, props }) => {
      const { schedule, suspend } = props.spec as { schedule: string; suspend?: boolean };
      return `${name} ${suspend === true ? "by hand" : schedule}`;
    });
    expect(timed.sort()).toEqual([
      "daily-database-backup 0 2 * * *",
      "database-recovery by hand",
      "dr-test-assets 0 4 1 * *",
      "dr-test-database 0 4 1 * *",
      "failover by hand",
      "weekly-asset-backup 0 1 * * 0",
      "weekly-storage-maintenance 0 2 * * 0",
    ]);
  });

  it("bounds no run, and lets runs overlap", () => {
    const unbounded = said(judged("prod"), "runs-are-bounded");
    for (const job of ["daily-database-backup", "weekly-asset-backup"]) {
      expect(unbounded).toContainEqual(expect.stringContaining(`${job}: late start is unbounded`));
      expect(unbounded).toContainEqual(expect.stringContaining(`${job}: run is unbounded`));
    }
    expect(unbounded).toHaveLength(4);
    expect(said(judged("prod"), "runs-do-not-overlap")).toEqual([
      `${ASSETS} · any: weekly-asset-backup must forbid overlapping runs, its policy is allow`,
      `${DATABASE} · any: daily-database-backup must forbid overlapping runs, its policy is allow`,
    ]);
  });
});

describe("held to production's objectives", () => {
  it("NU11: keeps its copies on the host they are of, so no disruption that takes the host leaves any", () => {
    const rpo = said(judged("promised"), "rpo-is-met");
    for (const [asset, volume, job] of [
      [DATABASE, "dumps", "daily-database-backup"],
      [ASSETS, "copies", "weekly-asset-backup"],
    ]) {
      for (const [disruption, why] of [
        ["node", "on the local disk of one node"],
        ["zone", "on the local disk of one node"],
        ["region", "in the same region, eu-central-1"],
        ["compromise", "no lock keeps hostile credentials from deleting it"],
      ]) {
        const line = rpo.find((one) => one.startsWith(`${asset} · ${disruption}: `));
        expect(line).toContain("but nothing declared brings it back");
        expect(line).toContain(`restore points in a node: volume ${volume} of CronJob ${job}: ${why}`);
      }
    }
    expect(said(judged("promised"), "a-copy-is-outside-the-region")).toHaveLength(2);
    expect(said(judged("promised"), "a-copy-cannot-be-deleted")).toHaveLength(2);
  });

  it("NU10: has nothing but its host's disk for assets when the region is lost, and for the database a failover to nothing", () => {
    const lost = "RPO is 1h and RTO 4h, but nothing declared brings it back";
    const rpo = said(judged("promised"), "rpo-is-met");
    expect(rpo).toContainEqual(expect.stringContaining(`${ASSETS} · region: ${lost} (its own storage: survives`));
    expect(rpo).toContainEqual(
      expect.stringContaining(`${DATABASE} · region: ${lost} (failover: the protection it uses does not exist;`),
    );
  });

  it("has no procedure that restores assets, though its test does", () => {
    expect(said(judged("promised"), "rpo-is-met")).toContainEqual(
      expect.stringMatching(/^omniverse\/assets · corruption: .*restore points in a node: no recovery path uses it/),
    );
  });

  it("NU12: watches neither the age of its copies nor its test nor its own alerting, and no alert fires on silence", () => {
    const missing = ["alerting that stopped", "overdue verification", "the age of its newest restore point"];
    const alerts = said(judged("promised"), "each-objective-has-an-alert");
    for (const asset of [ASSETS, DATABASE]) {
      for (const what of missing) expect(alerts).toContain(`${asset} · any: no alert notices ${what}`);
    }
    expect(alerts.filter((one) => one.includes("no alert notices"))).toHaveLength(6);
    expect(alerts).toContain(
      `${DATABASE} · any: without a severity, summary, description or runbook: DatabaseConnectionFailure`,
    );
    expect(alerts).toContain(
      `${ASSETS} · any: without a severity, summary, description or runbook: HighCPUUsage, NucleusServerDown, StorageSpaceLow`,
    );
    expect(ALERTS.filter(({ expr }) => expr.includes("absent("))).toEqual([]);
    expect(judged("promised").plan.alerts.filter(({ coversAbsence }) => coversAbsence)).toEqual([]);
  });

  it("NU9: looks at its dumps up to 31 days and an hour after a fault, and keeps them 30 days", () => {
    expect(said(judged("promised"), "verification-comes-before-expiry")).toEqual([
      `${DATABASE} · any: a fault can outlive every good point: dr-test-database may notice it 31d 1h after it struck, and points kept 30d in volume dumps of CronJob daily-database-backup reach 27d 23h 29m 50s back`,
    ]);
    const weekly = set("dr-test-database", "spec.schedule", "0 4 * * 0")(declaredGraph("promised"));
    expect(said(judge(weekly, asOf), "verification-comes-before-expiry")).toEqual([]);
  });

  it("keeps for 30 days and 8 weeks what reaches back less, once a run fails", () => {
    const less = "only: a chain needs its base, and one full backup may fail";
    expect(said(judged("promised"), "restore-points-are-kept")).toEqual([
      `${ASSETS} · any: retention is 56d, but points kept 56d in volume copies of CronJob weekly-asset-backup can be restored 41d 23h 19m 50s back ${less}`,
      `${DATABASE} · any: retention is 30d, but points kept 30d in volume dumps of CronJob daily-database-backup can be restored 27d 23h 29m 50s back ${less}`,
    ]);
  });
});

describe("one cause at a time", () => {
  it.each<[string, string, number[], string[]]>([
    [
      "47 h where the clocks change, 71 h when one fails",
      "Europe/Berlin",
      [dumped(47), dumped(71)],
      [
        "2027-03-26T01:00:00 daily-database-backup starts: the newest state that will be usable",
        "2027-03-27T01:00:00 daily-database-backup fails",
        "2027-03-29T00:00:10 daily-database-backup starts, as late as 10s",
        "2027-03-29T00:30:10 just before it is usable, the region is lost",
        "lost 71h 30m 10s, 47h 30m 10s with every run succeeding; RPO is 1h",
      ],
    ],
    [
      "24 h in UTC, 48 h when one fails",
      "Etc/UTC",
      [dumped(24), dumped(48)],
      [
        "2026-11-21T02:00:00 daily-database-backup starts: the newest state that will be usable",
        "2026-11-22T02:00:00 daily-database-backup fails",
        "2026-11-23T02:00:10 daily-database-backup starts, as late as 10s",
        "2026-11-23T02:30:10 just before it is usable, the region is lost",
        "lost 48h 30m 10s, 24h 30m 10s with every run succeeding; RPO is 1h",
      ],
    ],
  ])("NU1: a daily dump alone loses %s, and its run of 30 minutes", (_, zone, lost, events) => {
    const graph = set("register", "sites[0].controllerTimeZone", zone)(declaredGraph("dump"));
    const judgement = judge(graph, asOf);
    expect(losses(judgement, DATABASE, "region")).toEqual(lost);
    expect(calendar(judgement, DATABASE, "region")).toEqual(events);
  });

  it.each<[string, Stack, number[], string[]]>([
    [
      "191 h in UTC, 359 h when one fails",
      "pair-utc",
      [copied(191), copied(359)],
      [
        "2026-11-21T02:00:00 omniverse/database: the moment that will be brought back",
        "2026-11-22T01:00:00 omniverse/assets: the moment that will be brought back",
        "2026-12-06T01:40:10 a run of omniverse/assets since then has failed",
        "2026-12-06T01:40:10 just before anything newer fits, the region is lost",
        "lost 14d 23h 40m 10s, 7d 23h 40m 10s with every run succeeding; RPO is 1h",
      ],
    ],
    [
      "192 h in Europe/Berlin, 360 h when one fails",
      "pair-berlin",
      [copied(192), copied(360)],
      [
        "2027-10-23T00:00:00 omniverse/database: the moment that will be brought back",
        "2027-10-23T23:00:00 omniverse/assets: the moment that will be brought back",
        "2027-11-07T00:40:10 a run of omniverse/assets since then has failed",
        "2027-11-07T00:40:10 just before anything newer fits, the region is lost",
        "lost 15d 40m 10s, 8d 40m 10s with every run succeeding; RPO is 1h",
      ],
    ],
  ])("NU2: database and assets together lose %s, and the run of 40 minutes", (_, stack, lost, events) => {
    for (const asset of [ASSETS, DATABASE]) {
      for (const disruption of ["node", "zone", "region"] as const) {
        expect(losses(judged(stack), asset, disruption)).toEqual(lost);
      }
      expect(calendar(judged(stack), asset, "region")).toEqual(events);
    }
    const finding = found(judged(stack), "rpo-is-met", "node");
    expect(finding.assets).toEqual([ASSETS, DATABASE]);
    expect(finding.binding).toContain("newest moment that all of omniverse/content hold");
  });

  it("NU2: a member alone would seem to lose less than the pair does", () => {
    expect(losses(judged("dump"), ASSETS, "region")).toEqual([copied(169), copied(337)]);
    expect(losses(judged("pair-berlin"), ASSETS, "region")).toEqual([copied(192), copied(360)]);
  });

  it("NU2: in Europe/London the hour of the asset copy is skipped once a year: 335 h instead of 168 h", () => {
    const graph = set("register", "sites[0].controllerTimeZone", "Europe/London")(declaredGraph("dump"));
    expect(losses(judge(graph, asOf), ASSETS, "region")).toEqual([copied(335), copied(503)]);
  });

  it("NU3: a copy of files that change meanwhile brings nothing back for which nobody answers", () => {
    const unproven = "Register has no assumption need:restorable for omniverse/assets";
    const spoken = (stack: Stack) => said(judged(stack), "rpo-is-met").filter((one) => one.includes(unproven));
    expect(spoken("hot-copy").map((one) => one.split(":")[0])).toEqual([
      `${ASSETS} · node`,
      `${ASSETS} · zone`,
      `${ASSETS} · region`,
    ]);
    expect(assessed(judged("hot-copy"), ASSETS, "region").verdict).toBe("cannot prove");
    // What the database refers to does not come back either.
    expect(assessed(judged("hot-copy"), DATABASE, "region").verdict).toBe("cannot prove");
    expect(spoken("pair-utc")).toEqual([]);
    const [points] = judged("hot-copy").plan.protections.filter(({ id }) => id === `${ASSETS}/restore-points`);
    expect(points).toMatchObject({ capture: "fuzzy" });
  });

  it("NU12: a page comes 3m 40s after a service is gone, by Prometheus' own defaults", () => {
    for (const asset of [ASSETS, DATABASE]) {
      const terms = assessed(judged("pair-utc"), asset, "node").chosen?.rto.terms ?? [];
      expect(terms.slice(0, 5).map(({ name, value }) => `${name} ${formatBound(value)}`)).toEqual([
        "scrape 1m",
        "scrape timeout 10s",
        "evaluation 1m",
        "alert holds 1m",
        "notification 30s",
      ]);
    }
    expect(said(judged("pair-utc"), "rto-is-met")).toContainEqual(
      expect.stringContaining("node: RTO is 10m, the plan can take 1h 3m 40s (restore assets"),
    );
  });

  it("NU12: nobody notices a lost region, because what would notice is lost with it", () => {
    expect(found(judged("pair-utc"), "rto-is-met", "region").message).toContain(
      "every alert that notices it is lost with it",
    );
  });
});

describe("what the example adds to the runbook", () => {
  it("is what production promises, number by number", () => {
    const bare = (from: typeof OBJECTIVES) =>
      Object.entries(from).map(([disruption, { rpo, rto }]) => [disruption, rpo, rto]);
    expect(bare(OBJECTIVES)).toEqual(bare(pairObjectives));
    expect(RETENTIONS.database.atLeast).toBe(databaseRetention.atLeast);
    expect(RETENTIONS.assets.atLeast).toBe(assetRetention.atLeast);
  });

  it.each(stacks)("is labelled on every resource of %s", (stack) => {
    const label = '"holdfast.dev/assumed":"';
    // The runbook's own name; and what S3 gives no tags, whose bucket has them.
    const bare = /:Namespace$|:BucketPublicAccessBlock$/;
    const unlabelled = declaredGraph(stack)
      .resources.filter(({ type }) => /^(kubernetes|aws):/.test(type) && !bare.test(type))
      .filter(({ props }) => !JSON.stringify(props.metadata ?? props.tags ?? {}).includes(label));
    expect(unlabelled.map(({ name }) => name)).toEqual([]);
  });

  it("says on each resource that a stack mends what is mended", () => {
    const copy = declaredGraph("pair-utc").resources.find(({ name }) => name === "weekly-asset-backup");
    expect(JSON.stringify(copy?.props.metadata)).toContain("mended: the optional upload is made");
    expect(JSON.stringify(declaredGraph("prod").resources)).not.toContain("mended: ");
  });

  it("is in the runbook's favour: every span that the register assumes is 0", () => {
    const { assumptions, waivers, drills } = judged("pair-utc").plan.register;
    expect(assumptions.filter(({ seconds }) => seconds !== undefined && seconds !== 0)).toEqual([]);
    expect([waivers, drills]).toEqual([[], []]);
    expect(assumptions.filter(({ owner, reason, drill }) => !owner || !reason || !drill)).toEqual([]);
  });

  it.each(stacks)("names no time zone in a schedule of %s, as the runbook names none", (stack) => {
    const jobs = declaredGraph(stack).resources.filter(({ type }) => type.endsWith(":CronJob"));
    expect(jobs.length).toBeGreaterThan(4);
    expect(JSON.stringify(jobs.map(({ props }) => props.spec))).not.toContain("timeZone");
  });
});
