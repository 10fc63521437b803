import { beforeAll, describe, expect, it } from "vitest";
import { type ResourceGraph, UNKNOWN } from "../../../policies/graph";
import { blocking, judge } from "../../../policies/judge";
import { all, type Mutation, set, unset, without } from "../../policies/mutate";
import { asOf } from "../../recovery/build";
import { declaredGraph } from "../../support/declaredGraph";
import { aloneIn } from "../declared";

const replica = "omniverse-database-replica";
const instance = "omniverse-database-instance";
const storage = "omniverse-primary-storage-cron";
const check = (site: string) => `omniverse-name-${site}-check`;
const slow = (site: string): Mutation =>
  all(set(check(site), "requestInterval", 30), set(check(site), "failureThreshold", 10));
const failed = "omniverse-secondary-alarms-OmniverseAssetCopyFailed";
const room = (site: string) => `omniverse-${site}-alarms-OmniverseDatabaseStorageLow`;
const silent = "omniverse-names-alarms-OmniverseSiteSilent";

const copying = "omniverse-assets-replication-policy";
/** Takes an action from what the role may do by which S3 copies files. */
const forbids =
  (action: string): Mutation =>
  (graph) => {
    const declared = graph.resources.find(({ name }) => name === copying)?.props.policy;
    const policy = JSON.parse(String(declared)) as { Statement: { Action: string[] }[] };
    const Statement = policy.Statement.map((one) => ({ ...one, Action: one.Action.filter((each) => each !== action) }));
    return set(copying, "policy", JSON.stringify({ ...policy, Statement }))(graph);
  };

/** What weakens production, the rule that must stop it, and what its finding must say. */
const weaker: [title: string, mutation: Mutation, rule: string, says: string[]][] = [
  [
    "a lock of 60 days for copies that want 90",
    set("omniverse-backups-lock", "rule.defaultRetention.days", 60),
    "links-resolve",
    ["omniverse-backup-assets", "90d", "60d"],
  ],
  [
    "copies that go with their bucket",
    set("omniverse-backups-bucket", "forceDestroy", true),
    "links-resolve",
    ["forceDestroy"],
  ],
  ["copies that may be shown to everybody", without("omniverse-backups-public-access"), "links-resolve", ["public"]],
  [
    "a replica in the first region, by its own word",
    set(replica, "region", "eu-central-1"),
    "each-objective-has-an-alert",
    ["omniverse/database/replica", "eu-central-1"],
  ],
  ["clients without TLS", without("omniverse-database-parameters"), "links-resolve", ["rds.force_ssl", instance]],
  [
    "AWS at work beside a dump",
    set(instance, "maintenanceWindow", "sun:06:00-sun:06:30"),
    "runs-do-not-overlap",
    [`maintenanceWindow of Instance ${instance} must not run beside omniverse-backup-database`],
  ],
  [
    "orphans hidden while a copy reads them",
    set("omniverse-primary-orphans-cron", "spec.schedule", "35 5 * * 0"),
    "runs-do-not-overlap",
    ["omniverse-orphans must not run beside omniverse-backup-assets"],
  ],
  [
    "a clean-up that does not say that it only reads",
    unset(storage, `metadata.annotations["holdfast.dev/reads"]`),
    "runs-do-not-overlap",
    ["omniverse-storage must not run beside omniverse-backup-assets"],
  ],
  [
    "a clean-up of which nobody knows whether it only reads",
    set(storage, `metadata.annotations["holdfast.dev/reads"]`, UNKNOWN),
    "runs-do-not-overlap",
    ["omniverse-storage must not run beside"],
  ],
  ["nobody outside", without(check("public")), "links-resolve", ["omniverse.company.com itself"]],
  ["somebody outside who sees late", slow("public"), "links-resolve", ["within 3m", "6m 6s", check("public")]],
  ["somebody outside who looks away", set(check("public"), "disabled", true), "links-resolve", ["disabled", "outside"]],
  ["somebody outside who tells nobody", without(silent), "links-resolve", ["no alarm", check("public")]],
  ["an alarm on it that is off", set(silent, "actionsEnabled", false), "links-resolve", ["no alarm", "actionsEnabled"]],
  [
    "a clean room that no name can lead to",
    without(check("clean-room")),
    "links-resolve",
    ["RECORD_VALUE", "clean-room"],
  ],
  ["a clean room that is asked rarely", slow("clean-room"), "links-resolve", ["within 3m", check("clean-room")]],
  [
    "a clean room that is asked no path",
    unset(check("clean-room"), "resourcePath"),
    "links-resolve",
    ["resourcePath", check("clean-room")],
  ],
  ["files that S3 gives up on unseen", without(failed), "links-resolve", ["OperationsFailedReplication"]],
  [
    "files of which ten may be given up on",
    set(failed, "threshold", 10),
    "links-resolve",
    ["OperationsFailedReplication"],
  ],
  [
    "files of which nobody knows how many",
    set(failed, "threshold", UNKNOWN),
    "links-resolve",
    ["OperationsFailedReplication"],
  ],
  [
    "a password of the database that one region alone has",
    unset("omniverse-database-user-secret", "replicas"),
    "links-resolve",
    ["omniverse-database-user-secret", "in eu-west-1, where it is not"],
  ],
  [
    "a password of the directory that one region alone has",
    unset("omniverse-directory", "replicas"),
    "links-resolve",
    ["omniverse-directory", "in eu-west-1, where it is not"],
  ],
  [
    "a password of the copies of which nobody knows who has it",
    set("omniverse-repositories-secret", "replicas", UNKNOWN),
    "links-resolve",
    ["omniverse-repositories-secret"],
  ],
  [
    "files that S3 may not put under the other region's key",
    forbids("kms:Encrypt"),
    "rpo-is-met",
    ["omniverse/assets", "kms:Encrypt"],
  ],
  [
    "files that S3 may not read to copy them",
    forbids("s3:GetObjectVersionForReplication"),
    "rpo-is-met",
    ["omniverse/assets", "s3:GetObjectVersionForReplication"],
  ],
  ["files whose role has no policy", without(copying), "rpo-is-met", ["omniverse/assets", "no policy lets"]],
  [
    "files of whose role nobody knows what it may do",
    set(copying, "policy", UNKNOWN),
    "rpo-is-met",
    ["omniverse/assets"],
  ],
  ["a database that fills up unseen", without(room("primary")), "links-resolve", ["FreeStorageSpace", instance]],
  ["a replica that fills up unseen", without(room("secondary")), "links-resolve", ["FreeStorageSpace", replica]],
  [
    "an alarm that is silent with its metric",
    set(room("primary"), "treatMissingData", "notBreaching"),
    "links-resolve",
    ["FreeStorageSpace", instance],
  ],
];

let prod: ResourceGraph;

beforeAll(async () => {
  const graph = await declaredGraph("prod");
  prod = aloneIn(graph, "omniverse");
});

describe("production of Omniverse is stopped by a mandatory finding where it has", () => {
  it("nothing, as it is", () => {
    expect(judge(prod, asOf).findings.map(({ message }) => message)).toEqual([]);
  });

  it.each(weaker)("%s", (_, mutation, rule, says) => {
    const found = blocking(judge(mutation(prod), asOf));
    const texts = found.filter((one) => one.rule === rule).map((one) => JSON.stringify(one));
    expect(texts.some((text) => says.every((word) => text.includes(word))) ? "said" : found).toBe("said");
  });
});
