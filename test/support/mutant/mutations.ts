import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Value } from "../../../policies/graph";
import { edit, ignore, type Parts, without } from "../../policies/observe/program";
import { providerFor } from "./declare";

/** One way to change a program, tried as a system of its own. */
export interface Mutation {
  /** The name of its system. */
  id: string;
  title: string;
  change(parts: Parts, id: string): Parts;
  /** The rule that finds it; none where the engine and the offline preview find nothing. */
  rule?: string;
  /** Whether what it changes cannot be proved; else it is known, and weaker. */
  unproven?: boolean;
  /** Why the engine knows at preview what nobody knows offline, and with which check of the provider; then it may decide. */
  engineKnows?: { why: string; check?: "filled" };
}

const job = "spec.jobTemplate.spec";
const pod = "spec.template.spec";
const days = "rules[0].expiration.days";
const says = (key: string) => `metadata.annotations["holdfast.dev/${key}"]`;

/** What is known later stands among the plain values, and is handed on as it is. */
const later = (output: pulumi.Output<unknown>): Value => output as unknown as Value;

/** Changes one property. */
const set =
  (part: string, path: string, value: Value): Mutation["change"] =>
  (parts) =>
    edit(parts, part, path, value);

/** Every job of a system names its bucket by something that is known later, in its links and in its environment. */
const copiesTo =
  (name: () => pulumi.Output<string>): Mutation["change"] =>
  (parts) => {
    const bucket = name();
    return ["full", "incremental"].reduce(
      (all, part) =>
        edit(
          edit(all, part, says("copies-to"), later(bucket)),
          part,
          `${job}.template.spec.containers[0].env[0].value`,
          later(pulumi.interpolate`s3://${bucket}/chain`),
        ),
      parts,
    );
  };

const providerOf = (parts: Parts, part: string): pulumi.ProviderResource => {
  const provider = parts[part]?.provider;
  if (provider === undefined) throw new Error(`${part} has no provider`);
  return providerFor(provider);
};

/** Moves what is in the bucket's place elsewhere. */
const copiesIn =
  (region: (parts: Parts) => Value): Mutation["change"] =>
  (parts, id) => {
    const props = { region: region(parts), allowedAccountIds: ["222222222222"] };
    return Object.fromEntries(
      Object.entries(parts).map(([part, resource]) => {
        const { provider } = resource;
        if (provider?.name !== "copies") return [part, resource];
        return [part, { ...resource, provider: { ...provider, name: `${id}-copies`, props } }];
      }),
    );
  };

let network: pulumi.StackReference | undefined;

/** An output of a stack that this program does not declare. */
function fromNetwork(name: string): pulumi.Output<string> {
  network ??= new pulumi.StackReference("organization/network/prod");
  return network.getOutput(name) as pulumi.Output<string>;
}

const config = () => new pulumi.Config("mutants");

const unprovable = (all: Mutation[]): Mutation[] => all.map((one) => ({ ...one, unproven: true }));

/** Everybody sees what these say, and that it breaks a promise. */
const weaker: Mutation[] = [
  {
    id: "w01",
    title: "incrementals every two hours",
    rule: "rpo-is-met",
    change: set("incremental", "spec.schedule", "0 */2 * * *"),
  },
  {
    id: "w02",
    title: "a full backup that is suspended",
    rule: "schedules-run",
    change: set("full", "spec.suspend", true),
  },
  {
    id: "w03",
    title: "a run without a deadline",
    rule: "runs-are-bounded",
    change: set("full", `${job}.activeDeadlineSeconds`, undefined),
  },
  {
    id: "w04",
    title: "a run that may start at any later time",
    rule: "runs-are-bounded",
    change: set("incremental", "spec.startingDeadlineSeconds", undefined),
  },
  {
    id: "w05",
    title: "runs that replace each other",
    rule: "runs-do-not-overlap",
    change: set("full", "spec.concurrencyPolicy", "Replace"),
  },
  {
    id: "w06",
    title: "restore points that expire after 29 days",
    rule: "restore-points-are-kept",
    change: set("lifecycle", days, 29),
  },
  {
    id: "w07",
    title: "copies in the region of the data",
    rule: "a-copy-is-outside-the-region",
    change: copiesIn(() => "eu-central-1"),
  },
  { id: "w08", title: "data in one zone", rule: "rpo-is-met", change: set("data", "spec.storageClassName", "ebs") },
  {
    id: "w09",
    title: "a Lease of ten minutes",
    rule: "rto-is-met",
    change: set("lease", "spec.leaseDurationSeconds", 600),
  },
  {
    id: "w10",
    title: "no alert on the age of restore points",
    rule: "each-objective-has-an-alert",
    change: (parts) => edit(parts, "rules", "spec.groups[0].rules[1].annotations.holdfast_guards", "health"),
  },
  {
    id: "w11",
    title: "a bucket that nobody declares",
    rule: "links-resolve",
    unproven: true,
    change: (parts) => without(parts, "bucket"),
  },
];

/** Nobody can prove what these say: alike on the engine and offline. */
const unproven: Mutation[] = unprovable([
  {
    id: "u01",
    title: "a schedule under ignoreChanges",
    rule: "schedules-run",
    change: (parts) => ignore(parts, "incremental", "spec.schedule"),
  },
  {
    id: "u02",
    title: "an expiry under ignoreChanges",
    rule: "restore-points-are-kept",
    change: (parts) => ignore(parts, "lifecycle", "rules"),
  },
  {
    id: "u03",
    title: "a bucket that is read with .get()",
    rule: "links-resolve",
    change: (parts, id) =>
      copiesTo(
        () => aws.s3.Bucket.get(`${id}-found`, "found-archive", {}, { provider: providerOf(parts, "bucket") }).bucket,
      )(parts, id),
  },
  {
    id: "u04",
    title: "a bucket of another stack",
    rule: "links-resolve",
    change: copiesTo(() => fromNetwork("bucket")),
  },
  {
    id: "u05",
    title: "a Secret of another stack",
    rule: "links-resolve",
    change: (parts) =>
      edit(parts, "deployment", `${pod}.volumes[3]`, {
        name: "tls",
        secret: { secretName: later(fromNetwork("secret")) },
      }),
  },
  {
    id: "u06",
    title: "a Secret that a Helm chart makes",
    rule: "links-resolve",
    change: (parts, id) => {
      const chart = new k8s.helm.v4.Chart(`${id}-chart`, { chart: "tls" }, { provider: providerOf(parts, "data") });
      const secretName = chart.resources.apply((made: unknown[]) => String(made[0]));
      return edit(parts, "deployment", `${pod}.volumes[3]`, { name: "tls", secret: { secretName: later(secretName) } });
    },
  },
  {
    id: "u07",
    title: "a bucket that an invoke finds",
    rule: "links-resolve",
    change: (parts, id) =>
      copiesTo(
        () => aws.s3.getBucketOutput({ bucket: "found-archive" }, { provider: providerOf(parts, "bucket") }).bucket,
      )(parts, id),
  },
  {
    id: "u08",
    title: "a schedule that an invoke on something new tells",
    rule: "schedules-run",
    change: (parts, id) => {
      const topic = new aws.sns.Topic(`${id}-topic`, {}, { provider: providerOf(parts, "bucket") });
      const found = aws.sns.getTopicOutput({ name: topic.id }, { provider: providerOf(parts, "bucket") });
      return edit(parts, "incremental", "spec.schedule", later(found.name));
    },
  },
  {
    id: "u09",
    title: "a bucket named in encrypted configuration",
    rule: "links-resolve",
    change: copiesTo(() => config().requireSecret("bucket")),
  },
  {
    id: "u10",
    title: "a name to repoint that another stack has",
    rule: "links-resolve",
    change: (parts) => {
      const name = later(fromNetwork("secret"));
      const repointed = edit(parts, "dns", says("redirects"), name);
      return edit(repointed, "dns", `${job}.template.spec.containers[0].env[1].value`, name);
    },
  },
]);

/** The engine knows these at preview, and nobody does offline. */
const known: Mutation[] = unprovable([
  {
    id: "k01",
    title: "a storage class in encrypted configuration",
    rule: "rpo-is-met",
    engineKnows: { why: "the engine has the key" },
    change: (parts) => edit(parts, "data", "spec.storageClassName", later(config().requireSecret("class"))),
  },
  {
    id: "k02",
    title: "an expiry of another stack",
    rule: "restore-points-are-kept",
    engineKnows: { why: "the engine reads the outputs of the other stack" },
    change: (parts) => edit(parts, "lifecycle", days, later(fromNetwork("days").apply(Number))),
  },
  {
    id: "k03",
    title: "a region that an invoke tells",
    rule: "a-copy-is-outside-the-region",
    engineKnows: { why: "the provider answers while it previews" },
    change: copiesIn((parts) => later(aws.getRegionOutput({}, { provider: providerOf(parts, "bucket") }).region)),
  },
  {
    id: "k04",
    title: "a bucket that the provider names",
    rule: "links-resolve",
    engineKnows: { why: "the provider makes the name up while it previews", check: "filled" },
    change: (parts, id) => {
      const provider = providerOf(parts, "bucket");
      const bucket = new aws.s3.Bucket(`${id}-named`, {}, { provider });
      const shut = {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      };
      new aws.s3.BucketPublicAccessBlock(`${id}-named-shut`, { bucket: bucket.bucket, ...shut }, { provider });
      return copiesTo(() => bucket.bucket)(without(parts, "bucket"), id);
    },
  },
  {
    id: "k05",
    title: "an expiry computed from encrypted configuration",
    rule: "restore-points-are-kept",
    engineKnows: { why: "the engine has the key" },
    change: (parts) => edit(parts, "lifecycle", days, later(config().requireSecret("days").apply(Number))),
  },
]);

/** The system as it should be, and the ways to change it. */
export const mutations: Mutation[] = [
  { id: "sound", title: "nothing", change: (parts) => parts },
  ...weaker,
  ...unproven,
  ...known,
];
