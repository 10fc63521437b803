import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Resource } from "../../../policies/graph";
import { jobScripts } from "../../../systems/jobScripts";
import { declaredGraph } from "../../support/declaredGraph";
import { containerOf, cronJobs, hasUnknown, kindOf, metadataOf, neededBy, ofSystem, summaryOf } from "../declared";

let prod: readonly Resource[] = [];
let staging: readonly Resource[] = [];

beforeAll(async () => {
  prod = await omendbOf("prod");
  staging = await omendbOf("staging");
});

async function omendbOf(stack: string): Promise<Resource[]> {
  return ofSystem((await declaredGraph(stack)).resources, "omendb");
}

describe("the program of OmenDB", () => {
  it("declares in prod what the golden file shows", async () => {
    const lines = prod.map(summaryOf).sort();
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../../golden/omendb-prod.txt");
  });

  it("declares the same in staging, only smaller", () => {
    const shapeOf = (resources: readonly Resource[]) => resources.map(({ type, name }) => `${type} ${name}`);
    const withoutStack = (shape: string[]) => shape.filter((one) => !one.startsWith("pulumi:pulumi:Stack"));
    expect(withoutStack(shapeOf(staging))).toEqual(withoutStack(shapeOf(prod)));
    expect(storageOf(staging)).toBeLessThan(storageOf(prod));
  });

  it("declares the same every time", async () => {
    expect(await omendbOf("prod")).toEqual(prod);
  });

  it("leaves no provider to chance, and holds no credentials of the clean room", async () => {
    const { resources } = await declaredGraph("prod");
    const providers = resources
      .filter(({ type }) => type.startsWith("pulumi:providers:"))
      // The analytics platform has sites and providers of its own.
      .filter(({ name }) => !name.startsWith("analytics-"));
    expect(providers.map(({ type, name }) => `${type.split(":")[2]} ${name}`)).toEqual([
      "aws primary-aws",
      "aws secondary-aws",
      // Metrics of Route 53 are there and nowhere else.
      "aws secondary-us-east-1-aws",
      "kubernetes primary",
      "kubernetes secondary",
      "random random",
    ]);
    expect(providers.find(({ name }) => name === "secondary-aws")?.props).toMatchObject({
      region: "eu-west-1",
      allowedAccountIds: '["111111111111"]',
    });
  });

  it("knows every Kubernetes object before deployment, but for its Secrets", () => {
    const objects = prod.filter(({ type }) => type.startsWith("kubernetes:") && !type.endsWith(":Secret"));
    const unknown = objects.filter(({ props }) =>
      ["metadata", "spec", "data", "rules"].some((key) => hasUnknown(props[key])),
    );
    expect(unknown.map(({ name }) => name)).toEqual([]);
  });

  it("gives every CronJob a name that the controller accepts, and no two the same in a cluster", () => {
    const names = cronJobs(prod).map((one) => `${one.provider?.name} ${metadataOf(one).name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.map((name) => name.split(" ")[1]).filter((name) => (name ?? "").length > 52)).toEqual([]);
  });

  it("protects what holds data, and the copies of it", () => {
    const types = ["PersistentVolumeClaim", "Namespace", "Bucket", "BucketObjectLockConfiguration", "Deployment"];
    const exposed = prod.filter(({ type, protect }) => types.includes(kindOf(type)) && !protect);
    expect(exposed.map(({ name }) => name)).toEqual([
      "omendb-primary-database-claims-omendb-scratch",
      "omendb-secondary-database-claims-omendb-scratch",
    ]);
  });

  it("allows nobody in AWS to delete a copy or to shorten its lock", () => {
    const actions = prod
      .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
      .flatMap(({ props }) => (JSON.parse(String(props.policy)) as { Statement: { Action: string[] }[] }).Statement)
      .flatMap(({ Action }) => Action);
    expect([...new Set(actions)].sort()).toEqual([
      "route53:ChangeResourceRecordSets",
      "route53:GetChange",
      "s3:GetObject",
      "s3:GetObjectRetention",
      "s3:GetObjectVersion",
      "s3:ListBucket",
      "s3:ListBucketVersions",
      "s3:PutObject",
    ]);
  });

  it("lets a serving pod write its own lease and endpoints, and nothing else", () => {
    const role = prod.find(({ name }) => name === "omendb-primary-serving-role");
    expect(role?.props.rules).toEqual([
      {
        apiGroups: ["coordination.k8s.io"],
        resources: ["leases"],
        resourceNames: ["prod-omendb"],
        verbs: ["get", "update"],
      },
      {
        apiGroups: ["discovery.k8s.io"],
        resources: ["endpointslices"],
        resourceNames: ["prod-omendb-serving"],
        verbs: ["get", "update"],
      },
    ]);
  });

  it("sizes volumes by the guide's machine where its formula gives less", () => {
    const size = (resources: readonly Resource[], name: string) =>
      resources.find((one) => one.name === `omendb-primary-database-claims-${name}`)?.props.spec;
    // 500 GB, ten parts data and one part log, in whole GiB.
    expect(size(prod, "omendb-data")).toMatchObject({ resources: { requests: { storage: "424Gi" } } });
    expect(size(prod, "omendb-wal")).toMatchObject({ resources: { requests: { storage: "43Gi" } } });
    expect(size(staging, "omendb-data")).toMatchObject({ resources: { requests: { storage: "85Gi" } } });
  });

  it("puts into the recovery kit all objects of the standby site, and no Secret", () => {
    const kit = prod.find(({ name }) => name === "omendb-kit-manifests");
    const { items } = JSON.parse(String(kit?.props.content)) as {
      items: { kind: string; metadata: { name: string } }[];
    };
    const standby = prod.filter(
      ({ type, provider, name }) =>
        type.startsWith("kubernetes:") && !type.endsWith(":Secret") && provider?.name === "secondary" && name !== "",
    );
    expect(items[0]?.kind).toBe("Namespace");
    expect(items).toHaveLength(standby.length);
    expect(items.filter(({ kind }) => kind === "Secret")).toEqual([]);
    expect(items.filter(({ kind }) => kind === "CronJob").map(({ metadata }) => metadata.name)).toContain(
      "omendb-rebuild-in-clean-room-restore",
    );
  });
});

describe("the jobs of OmenDB", () => {
  const scripts = jobScripts("omendb");
  /** What only a person knows comes from a ConfigMap that the person makes. */
  const said = ["DAMAGE_TIME", "NEW_IMAGE", "RESTORE_BEFORE"];

  it("run scripts that the ConfigMap carries, with every variable that the script insists on", () => {
    const problems = cronJobs(prod).flatMap((job) => {
      const { command, env } = containerOf(job);
      const [file = "", step = ""] = [path.basename(command[0] ?? ""), command[1]];
      const script = scripts[file];
      if (script === undefined) return [`${job.name}: no script ${file}`];
      const missing = neededBy(script, step).filter((name) => !env.has(name) && !said.includes(name));
      return missing.map((name) => `${job.name}: ${file} ${step} needs ${name}`);
    });
    expect(problems).toEqual([]);
  });

  it("are steps that recover.sh and upgrade.sh know", () => {
    const unknown = cronJobs(prod).flatMap((job) => {
      const [file = "", step = ""] = containerOf(job).command;
      const script = scripts[path.basename(file)] ?? "";
      return step === "" || new RegExp(`(^|[|\\s(])${step}([|)\\s]|$)`, "m").test(script)
        ? []
        : [`${job.name}: ${step}`];
    });
    expect(unknown).toEqual([]);
  });

  it("repoint clients to the site that they recover at", () => {
    const values = cronJobs(prod).flatMap((job) => {
      const value = containerOf(job).env.get("RECORD_VALUE");
      return value === undefined ? [] : [`${metadataOf(job).name} ${value}`];
    });
    expect(values.sort()).toEqual([
      "omendb-rebuild-in-clean-room-dns omendb.clean-room.example.com",
      "omendb-restore-in-secondary-dns omendb.eu-west-1.example.com",
    ]);
  });

  it("never change the data, but to restore it", () => {
    const writers = cronJobs(prod).filter((job) =>
      containerOf(job).mounts.some(({ name, readOnly }) => (name === "data" || name === "wal") && !readOnly),
    );
    expect(writers.map((job) => metadataOf(job).name).sort()).toEqual([
      "omendb-rebuild-in-clean-room-restore",
      "omendb-restore-clean-restore",
      "omendb-restore-in-place-restore",
      "omendb-restore-in-secondary-restore",
      "omendb-upgrade-back",
    ]);
  });

  it("wait half of their deadline at most for each of two things", () => {
    const tooLong = cronJobs(prod).filter((job) => {
      const { env } = containerOf(job);
      const spec = job.props.spec as unknown as { jobTemplate: { spec: { activeDeadlineSeconds: number } } };
      return ["STOP_TIMEOUT", "START_TIMEOUT"].some(
        (name) => 2 * Number.parseInt(env.get(name) ?? "0s", 10) > spec.jobTemplate.spec.activeDeadlineSeconds,
      );
    });
    expect(tooLong.map(({ name }) => name)).toEqual([]);
  });

  it("have durations that their scripts can read: one number and one unit", () => {
    const wrong = cronJobs(prod).flatMap((job) =>
      [...containerOf(job).env].filter(
        ([name, value]) => /TIMEOUT|DEADLINE|SINCE/.test(name) && !/^\d+[smhd]$/.test(value),
      ),
    );
    expect(wrong).toEqual([]);
  });
});

function storageOf(resources: readonly Resource[]): number {
  const sizes = resources
    .filter(({ type }) => kindOf(type) === "PersistentVolumeClaim")
    .map(({ props }) => (props.spec as { resources?: { requests: { storage: string } } }).resources?.requests.storage);
  return sizes.reduce((sum, size) => sum + Number.parseInt(size ?? "0", 10), 0);
}
