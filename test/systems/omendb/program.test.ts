import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Resource, UNKNOWN, type Value } from "../../../policies/graph";
import { loadGraph } from "../../../preview/offline";
import { jobScripts } from "../../../systems/omendb/site";

const program = path.resolve(__dirname, "../../..");
let prod: readonly Resource[] = [];
let staging: readonly Resource[] = [];

beforeAll(async () => {
  prod = (await loadGraph({ program, stack: "prod" })).graph.resources;
  staging = (await loadGraph({ program, stack: "staging" })).graph.resources;
});

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
    const again = (await loadGraph({ program, stack: "prod" })).graph.resources;
    expect(again).toEqual(prod);
  });

  it("leaves no provider to chance, and holds no credentials of the clean room", () => {
    const providers = prod.filter(({ type }) => type.startsWith("pulumi:providers:"));
    expect(providers.map(({ type, name }) => `${type.split(":")[2]} ${name}`)).toEqual([
      "aws secondary-aws",
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
  const scripts = jobScripts();
  /** What only a person knows comes from a ConfigMap that the person makes. */
  const said = ["DAMAGE_TIME", "NEW_IMAGE"];

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

function summaryOf(resource: Resource): string {
  const { type, name, protect, provider, ignoreChanges } = resource;
  const said = Object.entries(metadataOf(resource).annotations ?? {}).flatMap(([key, value]) =>
    key.startsWith("holdfast.dev/") ? [`${key.slice("holdfast.dev/".length)}=${String(value)}`] : [],
  );
  return [
    `${type} ${name}`,
    ...(provider ? [`@${provider.name}`] : []),
    ...(protect ? ["protected"] : []),
    ...(ignoreChanges.length > 0 ? [`ignores ${ignoreChanges.join(",")}`] : []),
    ...(said.length > 0 ? [`says ${said.sort().join(" ")}`] : []),
    ...factsOf(resource),
  ].join(" · ");
}

/** The inputs on which the verdicts rest. */
function factsOf({ type, props }: Resource): string[] {
  const spec = (props.spec ?? {}) as Record<string, unknown>;
  const line = (facts: Record<string, unknown>) => [JSON.stringify(facts)];
  switch (kindOf(type)) {
    case "CronJob": {
      const { schedule, timeZone, suspend, startingDeadlineSeconds, concurrencyPolicy } = spec;
      const { activeDeadlineSeconds } = (spec.jobTemplate as { spec: Record<string, unknown> }).spec;
      return suspend === true
        ? line({ suspend, activeDeadlineSeconds })
        : line({ schedule, timeZone, suspend, startingDeadlineSeconds, concurrencyPolicy, activeDeadlineSeconds });
    }
    case "Deployment":
      return line({ replicas: spec.replicas });
    case "Lease":
    case "PersistentVolumeClaim":
    case "PodDisruptionBudget":
    case "Certificate":
    case "Probe":
      return line(spec);
    case "BucketObjectLockConfiguration":
      return line({ rule: props.rule });
    case "BucketLifecycleConfiguration":
      return line({ rules: props.rules });
    case "Record":
      return line({ name: props.name, type: props.type, ttl: props.ttl, records: props.records });
    case "PrometheusRule": {
      const groups = (spec as unknown as { groups: { name: string; rules: { alert: string }[] }[] }).groups;
      return line(Object.fromEntries(groups.map(({ name, rules }) => [name, rules.map(({ alert }) => alert)])));
    }
    default:
      return [];
  }
}

function kindOf(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}

function cronJobs(resources: readonly Resource[]): Resource[] {
  return resources.filter(({ type }) => type === "kubernetes:batch/v1:CronJob");
}

function metadataOf({ props }: Resource): { name?: string; annotations?: Record<string, unknown> } {
  return (props.metadata ?? {}) as { name?: string; annotations?: Record<string, unknown> };
}

interface Container {
  command: string[];
  env: { name: string; value: string }[];
  volumeMounts: { name: string; readOnly: boolean }[];
}

function containerOf({ props }: Resource) {
  const spec = props.spec as unknown as {
    jobTemplate: { spec: { template: { spec: { containers: Container[] } } } };
  };
  const [container] = spec.jobTemplate.spec.template.spec.containers;
  if (!container) throw new Error("a job without a container");
  return {
    command: container.command,
    env: new Map(container.env.map(({ name, value }) => [name, value])),
    mounts: container.volumeMounts,
  };
}

/** Variables a script stops without: those of all its steps, or of one step where it has a branch for it. */
function neededBy(script: string, step: string): string[] {
  const branch = new RegExp(`^  ${step}\\)\\n([\\s\\S]*?)^    ;;`, "m").exec(script)?.[1];
  const common = script.split(/^case /m)[0] ?? script;
  const body = step !== "" && branch !== undefined ? `${common}\n${branch}` : script;
  const named = [...body.matchAll(/^\s*(?:need|whole) ([A-Z_ ]+)$/gm)].flatMap(([, names]) =>
    (names ?? "").trim().split(" "),
  );
  return named.filter((name) => !body.includes(`\${${name}:=`));
}

function storageOf(resources: readonly Resource[]): number {
  const sizes = resources
    .filter(({ type }) => kindOf(type) === "PersistentVolumeClaim")
    .map(({ props }) => (props.spec as { resources?: { requests: { storage: string } } }).resources?.requests.storage);
  return sizes.reduce((sum, size) => sum + Number.parseInt(size ?? "0", 10), 0);
}

function hasUnknown(value: Value): boolean {
  if (value === UNKNOWN) return true;
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value as object).some((one) => hasUnknown(one as Value))
  );
}
