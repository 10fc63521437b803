import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../policies/graph";
import { blocking, judge } from "../../policies/judge";
import { loadGraph } from "../../preview/offline";
import { type Disruption, type Finding, formatBound, type Judgement } from "../../recovery";
import { set } from "../policies/mutate";
import { asOf } from "../recovery/build";
import { root } from "../support/parity";

const program = path.join(root, "examples/as-written/omendb");

const stacks = ["prod", "restart", "eviction", "cadence", "detection", "retention", "disk", "replay"] as const;
type Stack = (typeof stacks)[number];

const graphs = new Map<Stack, ResourceGraph>();

beforeAll(async () => {
  for (const stack of stacks) graphs.set(stack, (await loadGraph({ program, stack })).graph);
});

function judged(stack: Stack): Judgement {
  return judge(declaredGraph(stack), asOf);
}

function declaredGraph(stack: Stack): ResourceGraph {
  const graph = graphs.get(stack);
  if (graph === undefined) throw new Error(`stack ${stack} was not loaded`);
  return graph;
}

/** What the findings of a rule say, each with its disruption; what has the same cause follows on lines of its own. */
function said(stack: Stack, rule: string): string[] {
  return judged(stack)
    .findings.filter((finding) => finding.rule === rule)
    .flatMap(({ disruption, message, also }) => [`${disruption ?? "any"}: ${message}`, ...(also ?? [])])
    .map((line) => line.replace(/^omendb\/data · /, ""));
}

function found(stack: Stack, rule: string, disruption: Disruption): Finding {
  const finding = judged(stack).findings.find((one) => one.rule === rule && one.disruption === disruption);
  if (finding === undefined) throw new Error(`stack ${stack} has no finding of ${rule} for ${disruption}`);
  return finding;
}

/** The events of a counterexample, each with the seconds since the first. */
function eventsOf({ counterexample }: Finding): [number, string][] {
  const first = counterexample?.events[0]?.at ?? 0;
  return (counterexample?.events ?? []).map(({ at, what }) => [at - first, what]);
}

/** The terms of a recovery or a loss as `name value`. */
function termsOf(stack: Stack, disruption: Disruption, half: "rpo" | "rto"): string[] {
  const chosen = judged(stack).assessments.find((one) => one.disruption === disruption)?.chosen;
  const terms = half === "rto" ? chosen?.rto.terms : chosen?.rpo[1].terms;
  return (terms ?? []).map(({ name, value }) => `${name} ${formatBound(value)}`);
}

describe("the OmenDB guide, as it is written", () => {
  it.each(stacks)("%s reads without a link that does not resolve, and must not be deployed", (stack) => {
    expect(said(stack, "links-resolve")).toEqual([]);
    expect(blocking(judged(stack)).length).toBeGreaterThan(0);
  });

  it("breaks each of the four rows of its own table", () => {
    const verdicts = judged("prod").assessments.map(({ disruption, verdict, broken }) => [
      disruption,
      verdict,
      broken.join(),
    ]);
    expect(verdicts).toEqual([
      ["process", "missed", "rpo,rto"],
      ["node", "missed", "rpo,rto"],
      ["zone", "missed", "rpo,rto"],
      ["region", "missed", "rpo,rto"],
    ]);
  });

  it("promises nothing for corruption and compromise", () => {
    expect(said("prod", "data-stores-have-objectives")).toEqual(["any: no objective for corruption, compromise"]);
  });

  it("OM2: keeps its backups on the disk of a node, so nothing comes back from the loss of a zone or the region", () => {
    const rpo = said("prod", "rpo-is-met");
    expect(rpo).toContainEqual(
      expect.stringMatching(
        /^zone: RPO is under 5m and RTO under 15m, but nothing declared brings it back .*volume backups of CronJob omendb-backup-full: on the local disk of one node/,
      ),
    );
    expect(rpo).toContainEqual(
      expect.stringMatching(
        /^region: RPO is under 15m and RTO under 1h, but nothing declared brings it back .*volume backups of CronJob omendb-backup-full: in the same region, eu-central-1/,
      ),
    );
    expect(said("prod", "a-copy-is-outside-the-region")).toEqual([
      "region: restore points are kept in volume backups of CronJob omendb-backup-full (in the same region, eu-central-1)",
    ]);
    expect(said("prod", "a-copy-cannot-be-deleted")).toEqual([
      "compromise: volume backups of CronJob omendb-backup-full: no lock keeps hostile credentials from deleting it",
    ]);
  });

  it("OM6: promises to lose nothing, and keeps its log in the pod", () => {
    const lost = "and nothing bounds the loss: the log is not on a persistent volume";
    expect(said("prod", "rpo-is-met")).toEqual(
      expect.arrayContaining([`process: RPO is 0s, ${lost}`, `node: RPO is under 1m, ${lost}`]),
    );
  });

  it("OM6: loses nothing with the log on the claim, and 5 s of work where a write is acknowledged before it is on disk", () => {
    expect(termsOf("restart", "process", "rpo")).toEqual(["acknowledged writes not yet on disk 0s"]);
    const configMap = declaredGraph("restart").resources.find(({ name }) => name === "config");
    const data = configMap?.props.data as { "omendb.toml": string };
    const changed = data["omendb.toml"].replace("sync_on_write = true", "sync_on_write = false");
    const { findings } = judge(set("config", 'data["omendb.toml"]', changed)(declaredGraph("restart")), asOf);
    const messages = findings.filter(({ rule }) => rule === "rpo-is-met").map(({ message }) => message);
    expect(messages).toContain("RPO is 0s, the plan can lose 5s");
  });

  it("bounds no run, lets runs overlap, and so promises a retention that no backup need ever reach", () => {
    const unbounded = said("prod", "runs-are-bounded");
    for (const job of ["omendb-backup-full", "omendb-backup-incremental"]) {
      expect(unbounded).toContainEqual(expect.stringMatching(`${job}: late start is unbounded`));
      expect(unbounded).toContainEqual(expect.stringMatching(`${job}: run is unbounded`));
    }
    expect(said("prod", "runs-do-not-overlap")).toEqual([
      "any: omendb-backup-full must forbid overlapping runs, its policy is allow",
      "any: omendb-backup-incremental must forbid overlapping runs, its policy is allow",
    ]);
    expect(judged("prod").findings.filter(({ rule }) => rule === "restore-points-are-kept")).toMatchObject([
      {
        message:
          "retention is 30d, but nothing says how far back points reach: no startingDeadlineSeconds: a run may start at any later time",
        source: { name: "CronJob omendb-backup-full", property: expect.stringMatching(/command$/) },
      },
    ]);
  });

  it("OM12: watches neither the age of its backups nor its own alerting", () => {
    expect(said("prod", "each-objective-has-an-alert")).toEqual(
      expect.arrayContaining([
        "any: no alert notices the age of its newest restore point",
        "any: no alert notices alerting that stopped",
      ]),
    );
  });

  it("rehearses nothing by itself", () => {
    expect(said("prod", "recovery-is-rehearsed")).toEqual(
      expect.arrayContaining([
        "any: restore points, but no scheduled verification",
        "any: restore points, but no scheduled drill",
      ]),
    );
  });
});

describe("one cause at a time", () => {
  it("OM4: a pod that hangs as it starts is noticed after 60 s, 150 s and a timeout, and may take 930 s to start: 19m 50s, not 2m", () => {
    expect(said("restart", "rto-is-met")).toContain(
      "process: RTO is under 2m, the plan can take 19m 50s (container restart)",
    );
    const finding = found("restart", "rto-is-met", "process");
    expect(eventsOf(finding)).toEqual([
      [0, "the process dies"],
      [220, "hung process is noticed (3m 40s)"],
      [250, "termination grace (30s)"],
      [260, "restart back-off (10s)"],
      [1190, "start (15m 30s)"],
      [1190, "clients reach the new pod (0s)"],
    ]);
    expect(finding.counterexample?.conclusion).toBe("back after 19m 50s; RTO is under 2m");
    // Noticing alone takes more than the 2m: no start could make up for it.
    expect(finding.source.property).toBe("spec.template.spec.containers[0].livenessProbe");
  });

  it("OM3: its volume leaves a lost node after 710 s, and then the pod starts: 27m 20s, not 5m", () => {
    expect(said("restart", "rto-is-met")).toContain("node: RTO is under 5m, the plan can take 27m 20s (reschedule)");
    expect(termsOf("restart", "node", "rto")).toEqual([
      "silent node counts as lost 50s",
      "pod is tolerated on it 5m",
      "volume leaves the lost node 6m",
      "image is pulled 0s",
      "start 15m 30s",
      "clients reach the new pod 0s",
    ]);
  });

  it("OM3: eviction alone takes 350 s, and 300 s are promised", () => {
    expect(said("eviction", "rto-is-met")).toEqual(["node: RTO is under 5m, the plan can take 5m 51s (reschedule)"]);
    const finding = found("eviction", "rto-is-met", "node");
    expect(eventsOf(finding).slice(0, 4)).toEqual([
      [0, "the node is lost"],
      [50, "silent node counts as lost (50s)"],
      [350, "pod is tolerated on it (5m)"],
      [350, "volume leaves the lost node (0s)"],
    ]);
    expect(finding.binding).toBe(
      "pod is tolerated on it of Deployment prod-omendb (spec.template.spec.tolerations): 5m; at most 4m 8s would do",
    );
  });

  it("OM1: a daily backup loses 24 h and its run, 48 h when one fails, where 1, 5 and 15 minutes are promised", () => {
    const lost = "the plan can lose 48h 30m 10s (24h 30m 10s with every run succeeding)";
    expect(said("cadence", "rpo-is-met").map((line) => line.replace(/; reschedule does not hold.*/, ""))).toEqual([
      "process: RPO is 0s, and nothing bounds the loss: the log is not on a persistent volume",
      `node: RPO is under 1m, ${lost}`,
      `zone: RPO is under 5m, ${lost}`,
      `region: RPO is under 15m, ${lost}`,
    ]);
    expect(found("cadence", "rpo-is-met", "node").counterexample?.conclusion).toBe(
      "lost 48h 30m 10s, 24h 30m 10s with every run succeeding; RPO is under 1m",
    );
  });

  it("OM12, OM5: an alert that takes 220 s and a script that waits 300 s leave nothing of 2 or 5 minutes", () => {
    expect(said("cadence", "rto-is-met")).toContain(
      "node: RTO is under 5m, the plan can take 8m 40s (restore from backup)",
    );
    expect(termsOf("cadence", "node", "rto")).toEqual([
      "scrape 1m",
      "scrape timeout 10s",
      "evaluation 1m",
      "alert holds 1m",
      "notification 30s",
      "acknowledge 0s",
      "decide 0s",
      "disaster-recovery 5m",
    ]);
  });

  it("OM12: nobody notices a lost region, because what would notice is lost with it", () => {
    const finding = found("detection", "rto-is-met", "region");
    expect(finding.message).toBe(
      "RTO is under 1h, and nothing bounds the time of restore from backup: every alert that notices it is lost with it",
    );
    expect(finding.counterexample?.conclusion).toBe(
      "alert has no bound: every alert that notices it is lost with it; RTO is under 1h",
    );
  });

  it("OM11: 30 days of a weekly chain reach 15 days and 23 hours back, through one full backup that fails", () => {
    expect(said("retention", "restore-points-are-kept")).toEqual([
      "any: retention is 30d, but points kept 30d in volume backups of CronJob omendb-backup-full can be restored 15d 23h 29m 50s back only: a chain needs its base, and one full backup may fail",
    ]);
  });

  it("OM11: a check every month looks after points that are gone: up to 31 days and its run, where they are kept 30", () => {
    expect(said("retention", "verification-comes-before-expiry")).toEqual([
      "any: a fault can outlive every good point: omendb-verification may notice it 31d 1h after it struck, and points kept 30d in volume backups of CronJob omendb-backup-full reach 15d 23h 29m 50s back",
    ]);
    const weekly = set("verification", "spec.schedule", "0 4 * * 0")(declaredGraph("retention"));
    const { findings } = judge(weekly, asOf);
    expect(findings.filter(({ rule }) => rule === "verification-comes-before-expiry")).toEqual([]);
  });

  it("OM10: room for three backups, where 30 days keep five full ones before the first incremental", () => {
    expect(said("disk", "volumes-hold-their-data")).toEqual([
      "any: PersistentVolumeClaim omendb-backups must hold 10.30 GB, it is 6.17 GB",
    ]);
    const { stores } = judged("disk").plan;
    expect(stores.map(({ name, size, needed }) => [name, size, needed])).toEqual([
      ["PersistentVolumeClaim omendb-backups", 6_177_600_000, 10_296_000_000],
      ["PersistentVolumeClaim omendb-data", 20 * 2 ** 30, 3_120_000_000],
    ]);
  });

  it("OM7: without an archive of the log nothing replays what was written since the last backup", () => {
    expect(said("replay", "rpo-is-met")).toContain(
      "corruption: RPO is under 15m, the plan can lose 48h 35m 10s (24h 35m 10s with every run succeeding)",
    );
    const corruption = judged("replay").assessments.find(({ disruption }) => disruption === "corruption");
    expect(corruption?.counterexamples.rpo?.conclusion).toBe(
      "lost 48h 35m 10s, 24h 35m 10s with every run succeeding; RPO is under 15m",
    );
  });
});

describe("what the example adds to the guide", () => {
  it.each(stacks)("is labelled on every resource of %s that the guide does not describe in full", (stack) => {
    const label = '"holdfast.dev/assumed":"';
    // The guide's own name; and what S3 gives no tags, whose bucket has them.
    const bare = /:Namespace$|:Bucket(Versioning|ObjectLockConfiguration|LifecycleConfiguration|PublicAccessBlock)$/;
    const unlabelled = declaredGraph(stack)
      .resources.filter(({ type }) => /^(kubernetes|aws):/.test(type) && !bare.test(type))
      .filter(({ props }) => !JSON.stringify(props.metadata ?? props.tags ?? {}).includes(label));
    expect(unlabelled.map(({ name }) => name)).toEqual([]);
  });

  it("says on each resource that a stack mends what is mended", () => {
    const rules = declaredGraph("cadence").resources.find(({ name }) => name === "alerts");
    expect(JSON.stringify(rules?.props.metadata)).toContain("mended: Prometheus scrapes");
    expect(JSON.stringify(declaredGraph("prod").resources)).not.toContain("mended: ");
  });

  it("is in the guide's favour: every span that the register assumes is 0", () => {
    const { assumptions, waivers, drills } = judged("replay").plan.register;
    expect(assumptions.filter(({ seconds }) => seconds !== undefined && seconds !== 0)).toEqual([]);
    expect([waivers, drills]).toEqual([[], []]);
    expect(assumptions.filter(({ owner, reason, drill }) => !owner || !reason || !drill)).toEqual([]);
  });
});
