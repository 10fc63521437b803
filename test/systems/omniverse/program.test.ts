import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Resource, ResourceGraph, Value } from "../../../policies/graph";
import { blocking, judge } from "../../../policies/judge";
import { disruptions } from "../../../recovery";
import { compareJudgements } from "../../../recovery/compare";
import { duration } from "../../../recovery/duration";
import { jobScripts } from "../../../systems/jobScripts";
import { ACCOUNTS_ID, ASSETS_ID, DATABASE_ID } from "../../../systems/omniverse/objectives";
import { type PathPlan, recoveryPaths } from "../../../systems/omniverse/recoverySteps";
import { all, change, type Mutation, region, set, unset, without, withoutAlerts } from "../../policies/mutate";
import { asOf } from "../../recovery/build";
import { declaredGraph } from "../../support/declaredGraph";
import { aloneIn, containerOf, cronJobs, hasUnknown, metadataOf, neededBy, ofSystem, summaryOf } from "../declared";

const stacks = ["prod", "staging"] as const;
const whole = {} as Record<(typeof stacks)[number], ResourceGraph>;
let prod: readonly Resource[] = [];
/** What of production is Omniverse's, with what all systems share; judged alone, a mutation shows sooner. */
let alone: ResourceGraph;

beforeAll(async () => {
  for (const stack of stacks) whole[stack] = await declaredGraph(stack);
  prod = ofSystem(whole.prod.resources, "omniverse");
  alone = aloneIn(whole.prod, "omniverse");
});

describe("the program of Omniverse", () => {
  it.each(stacks)("declares in %s what the golden file shows", async (stack) => {
    const lines = ofSystem(whole[stack].resources, "omniverse").map(summaryOf).sort();
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`../../golden/omniverse-${stack}.txt`);
  });

  it("knows every object before deployment, and gives every CronJob a name that the controller accepts", () => {
    const unknown = prod.filter(({ props }) =>
      ["metadata", "spec", "data", "rules"].some((key) => hasUnknown(props[key])),
    );
    // The keys are made by AWS.
    expect(unknown.map(({ name }) => name).sort()).toEqual([
      "omniverse-assets-copy-encryption",
      "omniverse-assets-copying",
      "omniverse-assets-written-encryption",
    ]);
    const names = cronJobs(prod).map((one) => `${one.provider?.name} ${metadataOf(one).name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => (name.split(" ")[1] ?? "").length > 52)).toEqual([]);
  });

  it("runs scripts that the ConfigMap carries, with every variable that they insist on", () => {
    const scripts = jobScripts("omniverse");
    const problems = cronJobs(prod).flatMap((job) => {
      const { command, env } = containerOf(job);
      const file = path.basename(command[0] ?? "");
      const script = scripts[file];
      if (script === undefined) return [`${job.name}: no script ${file}`];
      return neededBy(script, "")
        .filter((name) => !env.has(name))
        .map((name) => `${job.name}: ${file} needs ${name}`);
    });
    expect(problems).toEqual([]);
  });

  it("gives its roles nothing that deletes a version, ends a lock or destroys a database", () => {
    const actions = prod
      .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
      .filter(({ props }) => typeof props.policy === "string")
      .flatMap(({ props }) => (JSON.parse(String(props.policy)) as { Statement: { Action: string[] }[] }).Statement)
      .flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(10);
    expect(actions.filter((one) => /\*|DeleteObjectVersion|Bypass|DeleteDB|PutObjectRetention/.test(one))).toEqual([]);
  });

  it("keeps what opens its copies where the platform seals it for the clean room, in each stack", () => {
    for (const { resources } of Object.values(whole)) {
      const values = (name: string) =>
        new Set(cronJobs(resources).flatMap((job) => [containerOf(job).env.get(name) ?? []].flat()));
      const [secret = "", ...others] = values("RESTIC_SECRET");
      const [prefix = "none"] = values("SECRET_PREFIX");
      expect(others).toEqual([]);
      expect(secret.startsWith(prefix), `${secret} is below ${prefix}`).toBe(true);
    }
  });

  it("brings assets back before their database is checked against them", () => {
    const total = ({ steps }: PathPlan, until: string) => {
      const names = Object.keys(steps);
      const counted = names.slice(0, names.indexOf(until) < 0 ? names.length : names.indexOf(until));
      return counted.reduce((sum, name) => sum + duration(steps[name]?.deadline ?? "0s"), 0);
    };
    const pairs = [
      ["assets-in-place", "database-in-place"],
      ["assets-in-secondary", "database-in-secondary"],
    ] as const;
    for (const [assets, database] of pairs) {
      expect(total(recoveryPaths[assets], "end"), assets).toBeLessThanOrEqual(total(recoveryPaths[database], "verify"));
    }
  });
});

describe("Omniverse's promises", () => {
  it.each(stacks)(
    "are kept in %s by database and assets together, and by accounts, for each disruption, without a finding",
    (stack) => {
      const { assessments, findings, plan } = judge(whole[stack], asOf);
      expect(findings.map(({ message }) => message)).toEqual([]);
      expect(plan.groups.map(({ id, members }) => [id, members])).toEqual([
        [
          "omniverse/content",
          [
            { asset: ASSETS_ID, refersTo: [] },
            { asset: DATABASE_ID, refersTo: [ASSETS_ID] },
          ],
        ],
      ]);
      const own = assessments.filter(({ asset }) => asset.startsWith("omniverse/"));
      expect(own.map(({ asset, disruption }) => `${asset} ${disruption}`)).toEqual(
        [ACCOUNTS_ID, ASSETS_ID, DATABASE_ID].flatMap((asset) =>
          disruptions.map((disruption) => `${asset} ${disruption}`),
        ),
      );
      expect(own.filter(({ verdict }) => verdict !== "assumed" && verdict !== "proven")).toEqual([]);
    },
  );

  const database = "omniverse-database-instance";
  const copies = "omniverse-database-backups";
  const versions = "omniverse-assets-written-versioning";
  const lifecycle = "omniverse-assets-written-lifecycle";
  const copying = "omniverse-assets-copying";
  const lock = "omniverse-backups-lock";
  const dump = "omniverse-primary-backup-database-cron";
  const snapshot = "omniverse-primary-backup-assets-cron";
  const server = "omniverse-primary-server-deployment";
  const accountClaim = "omniverse-primary-server-claims-nucleus-data";
  const accountCopy = "omniverse-primary-backup-accounts-cron";
  const noEntry = (id: string): Mutation =>
    change("register", "assumptions", (list) =>
      Array.isArray(list) ? list.filter((one) => (one as { id?: unknown }).id !== id) : list,
    );

  it.each<[string, Mutation, string, string[]]>([
    ["a retention of 0", set(database, "backupRetentionPeriod", 0), "rpo-is-met", [DATABASE_ID, "corruption"]],
    ["no retention at all", unset(database, "backupRetentionPeriod"), "rpo-is-met", [DATABASE_ID, "corruption"]],
    ["no standby", set(database, "multiAz", false), "rpo-is-met", [DATABASE_ID, "zone"]],
    ["no copy of the backups", without(copies), "rpo-is-met", [DATABASE_ID, "region"]],
    ["a replica in the same region", region("secondary-aws", "eu-central-1"), "rpo-is-met", ["region"]],
    ["no deletion protection", set(database, "deletionProtection", false), "links-resolve", ["deletionProtection"]],
    [
      "backups in the maintenance window",
      set(database, "backupWindow", "04:30-05:00"),
      "links-resolve",
      ["backupWindow"],
    ],
    ["no versions", set(versions, "versioningConfiguration.status", "Suspended"), "rpo-is-met", [ASSETS_ID]],
    ["versions that nobody asks for", without(versions), "rpo-is-met", [ASSETS_ID, "corruption"]],
    [
      "copies kept for less than eight weeks",
      all(
        set(lock, "rule.defaultRetention.days", 54),
        set("omniverse-backups-lifecycle", "rules[0].expiration.days", 55),
        change(lifecycle, "rules", (rules) => shortened(rules, 55)),
      ),
      "restore-points-are-kept",
      [ASSETS_ID, "56d"],
    ],
    [
      "earlier versions kept for less than eight weeks, though copies are kept longer",
      change(lifecycle, "rules", (rules) => shortened(rules, 55)),
      "restore-points-are-kept",
      [ASSETS_ID, "56d"],
    ],
    [
      "files that expire while they are used",
      change(lifecycle, "rules", expired),
      "links-resolve",
      [ASSETS_ID, "used or not"],
    ],
    [
      "copied files that expire while they are used",
      change("omniverse-assets-copy-lifecycle", "rules", expired),
      "links-resolve",
      [ASSETS_ID, "used or not"],
    ],
    [
      "backups by the service kept for less than promised, though dumps are kept longer",
      set(database, "backupRetentionPeriod", 29),
      "restore-points-are-kept",
      [DATABASE_ID, "30d"],
    ],
    [
      "dumps that expire before their time",
      all(
        set(lock, "rule.defaultRetention.days", 7),
        set("omniverse-backups-lifecycle", "rules[0].expiration.days", 8),
      ),
      "restore-points-are-kept",
      [DATABASE_ID, "30d"],
    ],
    [
      "no deletion protection of the replica",
      unset("omniverse-database-replica", "deletionProtection"),
      "links-resolve",
      ["deletionProtection"],
    ],
    ["copying that is off", set(copying, "rules[0].status", "Disabled"), "rpo-is-met", [ASSETS_ID, "region"]],
    ["copying without a time", unset(copying, "rules[0].destination.replicationTime"), "rpo-is-met", [ASSETS_ID]],
    ["no copying", without(copying), "rpo-is-met", ["region"]],
    [
      "a lock in governance mode",
      set(lock, "rule.defaultRetention.mode", "GOVERNANCE"),
      "a-copy-cannot-be-deleted",
      ["governance"],
    ],
    ["no lock", without(lock), "a-copy-cannot-be-deleted", ["omniverse"]],
    [
      "a production key on the locked copy",
      set("omniverse-backups-encryption", "rules[0].applyServerSideEncryptionByDefault", {
        sseAlgorithm: "aws:kms",
        kmsMasterKeyId: "arn:aws:kms:eu-west-1:111111111111:key/1",
      }),
      "a-copy-cannot-be-deleted",
      ["key"],
    ],
    ["dumps once a day", set(dump, "spec.schedule", "0 2 * * *"), "rpo-is-met", [DATABASE_ID, "compromise"]],
    ["assets once a week", set(snapshot, "spec.schedule", "30 2 * * 0"), "rpo-is-met", [ASSETS_ID, "compromise"]],
    ["dumps that are suspended", set(dump, "spec.suspend", true), "schedules-run", ["omniverse-backup-database"]],
    [
      "a dump without a deadline",
      unset(dump, "spec.jobTemplate.spec.activeDeadlineSeconds"),
      "runs-are-bounded",
      ["omniverse-backup-database"],
    ],
    [
      "a restore that takes longer than the promise",
      set("omniverse-database-in-secondary-restore", "spec.jobTemplate.spec.activeDeadlineSeconds", 86_400),
      "rto-is-met",
      [DATABASE_ID, "region"],
    ],
    ["no drill of the assets", without("omniverse-secondary-drill-assets-cron"), "recovery-is-rehearsed", [ASSETS_ID]],
    [
      "no verification of dumps",
      without("omniverse-primary-verification-database-cron"),
      "recovery-is-rehearsed",
      [DATABASE_ID],
    ],
    ["no freshness alerts", withoutAlerts("freshness"), "each-objective-has-an-alert", [DATABASE_ID]],
    [
      "no alarm on the copy of the assets",
      without("omniverse-secondary-alarms-OmniverseAssetCopyBehind"),
      "each-objective-has-an-alert",
      [ASSETS_ID],
    ],
    [
      "a copy that may fall silent",
      set("omniverse-secondary-alarms-OmniverseAssetCopyUnseen", "treatMissingData", "notBreaching"),
      "each-objective-has-an-alert",
      [ASSETS_ID],
    ],
    [
      "alarms that nobody hears",
      without("omniverse-secondary-alarms-page"),
      "each-objective-has-an-alert",
      [DATABASE_ID],
    ],
    ["nobody asks for the region", without("omniverse-secondary-probe-probe"), "rto-is-met", ["region"]],
    ["nobody's word for the failover", noEntry("omniverse-multi-az"), "rto-is-met", [DATABASE_ID, "zone"]],
    ["nobody's word for the log", noEntry("omniverse-log-upload"), "rpo-is-met", [DATABASE_ID, "corruption"]],
    [
      "accounts that are copied once a day",
      set(accountCopy, "spec.schedule", "15 3 * * *"),
      "rpo-is-met",
      [ACCOUNTS_ID],
    ],
    ["no copy of accounts", without(accountCopy), "rpo-is-met", [ACCOUNTS_ID, "region"]],
    [
      "no verification of accounts",
      without("omniverse-primary-verification-accounts-cron"),
      "recovery-is-rehearsed",
      [ACCOUNTS_ID],
    ],
    [
      "nobody's word for when accounts are written",
      noEntry("omniverse-accounts-write-loss"),
      "rpo-is-met",
      [ACCOUNTS_ID, "process"],
    ],
    [
      "servers that name no Lease",
      unset(server, `metadata.annotations["holdfast.dev/lease"]`),
      "rpo-is-met",
      [ACCOUNTS_ID, "one volume"],
    ],
    ["one server", set(server, "spec.replicas", 1), "rpo-is-met", [ACCOUNTS_ID, "zone"]],
    [
      "servers in one zone",
      unset(server, "spec.template.spec.topologySpreadConstraints"),
      "rpo-is-met",
      [ACCOUNTS_ID, "zone"],
    ],
    [
      "accounts on a volume of one zone",
      set(accountClaim, "spec.storageClassName", "zonal"),
      "rpo-is-met",
      [ACCOUNTS_ID, "zone"],
    ],
    [
      "accounts on a volume that nobody mounts",
      set(server, `metadata.annotations["holdfast.dev/holds"]`, "nucleus-attic"),
      "links-resolve",
      [ACCOUNTS_ID, "nucleus-attic"],
    ],
    [
      "a proxy that writes where accounts are",
      change("omniverse-primary-edge-deployment", "spec.template.spec.volumes", (all) => renamedClaim(all)),
      "links-resolve",
      [ACCOUNTS_ID, "nginx"],
    ],
    [
      "no server at the other site",
      without("omniverse-secondary-server-deployment"),
      "links-resolve",
      [ACCOUNTS_ID, "declare it there with 0 replicas"],
    ],
    [
      "the weekly work on the database beside its dump, as the runbook has it",
      set("omniverse-primary-maintenance-cron", "spec.schedule", "0 2 * * 0"),
      "runs-do-not-overlap",
      [DATABASE_ID, "omniverse-database-maintenance must not run beside omniverse-backup-database"],
    ],
    [
      "work that keeps away from an asset that nobody knows",
      set("omniverse-primary-maintenance-cron", `metadata.annotations["holdfast.dev/apart-from"]`, "omniverse/attic"),
      "links-resolve",
      ["omniverse/attic"],
    ],
    ["no recovery kit", without("omniverse-kit-manifests"), "links-resolve", ["kit"]],
    [
      "assets that are in no group",
      all(unset("omniverse-assets", "asset.group")),
      "links-resolve",
      [DATABASE_ID, "omniverse/content"],
    ],
  ])("are broken by %s, which is a mandatory finding", (_, mutation, rule, says) => {
    const judgement = judge(mutation(alone), asOf);
    const found = blocking(judgement).filter((one) => one.rule === rule);
    const texts = found.map((one) => JSON.stringify(one));
    const rules = blocking(judgement).map((one) => one.rule);
    expect(texts.some((text) => says.every((words) => text.includes(words))) ? "said" : { rules, texts }).toBe("said");
  });

  it("may not be given up in silence: a group that is gone is told as weaker", () => {
    const apart = all(unset("omniverse-assets", "asset.group"), unset("omniverse-database", "asset.group"))(alone);
    const { promises } = compareJudgements(judge(alone, asOf), judge(apart, asOf), asOf);
    const weaker = promises.filter(({ direction }) => direction === "weaker");
    expect(weaker.map(({ what }) => what)).toContain("group removed");
  });

  it("are kept by Omniverse alone, so that the mutations above start from none", () => {
    expect(blocking(judge(alone, asOf)).map(({ message }) => message)).toEqual([]);
  });
});

function renamedClaim(volumes: Value): Value {
  const text = JSON.stringify(volumes).replaceAll('"nucleus-logs"', '"nucleus-data"');
  return JSON.parse(text) as Value;
}

/** With one rule more, which leaves nothing that is a day old. */
function expired(rules: Value): Value {
  const day = {
    id: "day",
    status: "Enabled",
    expiration: { days: 1 },
    noncurrentVersionExpiration: { noncurrentDays: 1 },
  };
  return [...(rules as unknown as Value[]), day] as unknown as Value;
}

function shortened(rules: Value, noncurrentDays: number): Value {
  return (rules as unknown as Record<string, Value>[]).map((rule) =>
    rule.noncurrentVersionExpiration === undefined
      ? rule
      : { ...rule, noncurrentVersionExpiration: { noncurrentDays } },
  ) as unknown as Value;
}
