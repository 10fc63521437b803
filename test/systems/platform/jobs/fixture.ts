import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  jobsPath,
  makeBucket,
  type Pushgateway,
  type RunResult,
  run,
  startPushgateway,
} from "../../../support/doubles";

/** The zone that the examples have. */
export const ZONE = "Z0123456789EXAMPLE";

/** A secret in clear, which no file that leaves may hold. */
export const CANARY = "correct-horse-battery-staple";

const BUCKET = "company-platform-exports";
const manifest = '{"schemaVersion":2,"layers":[]}';
const digest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;

/** The image that the registry of the examples holds. */
export const IMAGE = `docker.io/omendb/omendb@${digest}`;

/** Everything that the platform's jobs reach, as doubles, in a folder of one test. */
export interface Estate {
  dir: string;
  gateway: Pushgateway;
  /** Runs a job for an asset, `job("state", "export.sh")`; what is in the folder `before` is run instead of a double. */
  job(
    asset: string,
    script: string,
    args?: string[],
    env?: Record<string, string>,
    before?: string,
  ): Promise<RunResult>;
  /** Reads a JSON file of a double. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON of doubles
  json(file: string): any;
  write(file: string, value: unknown): void;
  /** Contents of all objects of the bucket below a prefix, by key. */
  objects(prefix: string): Record<string, Buffer>;
  /** Files that hold a text. */
  holding(text: string): string[];
  close(): void;
}

/** Kubernetes objects of the cluster of the examples. */
export const objects = {
  "namespace/omendb-prod": { kind: "Namespace", metadata: { name: "omendb-prod", uid: "1" } },
  "namespace/kube-system": { kind: "Namespace", metadata: { name: "kube-system" } },
  "configmap/omendb-config": {
    kind: "ConfigMap",
    metadata: { name: "omendb-config", namespace: "omendb-prod", resourceVersion: "7" },
    data: { "omendb.toml": "" },
  },
  "configmap/coredns": { kind: "ConfigMap", metadata: { name: "coredns", namespace: "kube-system" } },
  "clusterrole/omendb-prod-omendb-recovery": {
    kind: "ClusterRole",
    metadata: { name: "omendb-prod-omendb-recovery" },
    rules: [],
  },
  "prometheusrule/omendb": { kind: "PrometheusRule", metadata: { name: "omendb", namespace: "omendb-prod" }, spec: {} },
  "node/a": node("eu-central-1a"),
  "node/b": node("eu-central-1b"),
  "storageclass/zone-redundant": { metadata: { name: "zone-redundant" }, provisioner: "efs.csi.aws.com" },
  "storageclass/zonal": { metadata: { name: "zonal" }, provisioner: "ebs.csi.aws.com", parameters: { type: "gp3" } },
};

function node(zone: string) {
  const labels = { "topology.kubernetes.io/region": "eu-central-1", "topology.kubernetes.io/zone": zone };
  return { kind: "Node", metadata: { name: zone, labels } };
}

/** A deployment with one encrypted secret. */
export const deployment = {
  version: 3,
  deployment: {
    secrets_providers: {
      type: "cloud",
      state: { url: "awskms://alias/holdfast-prod?region=eu-central-1", encryptedkey: "one" },
    },
    resources: [
      { urn: "urn:pulumi:prod::holdfast::pulumi:pulumi:Stack::holdfast-prod" },
      {
        urn: "urn:pulumi:prod::holdfast::random:index/randomPassword:RandomPassword::one",
        outputs: {
          result: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:c" },
        },
      },
    ],
  },
};

const encoded = (url: string) => encodeURIComponent(url);
export const BACKEND = "s3://company-pulumi-state?region=eu-central-1";
export const REPLICA = "s3://company-pulumi-replica?region=eu-west-1";
const STACK = "organization/holdfast/prod";
/** The same key, in the other region. */
export const SECRETS_PROVIDER = "awskms:///arn:aws:kms:eu-west-1:111111111111:key/one";

/** Where the double keeps a stack of a backend. */
export const stackAt = (backend: string) => `pulumi/${encoded(backend)}/${encodeURIComponent(STACK)}.json`;

/** What a person writes for an incident; RESTORE_BEFORE leaves nothing of the tests out. */
export const incident = () => ({ INCIDENT: "INC-7", INCIDENT_WRITTEN: new Date().toISOString() });
export const damage = () => ({ ...incident(), RESTORE_BEFORE: "2999-01-01T00:00:00Z" });

export async function makeEstate(): Promise<Estate> {
  const dir = mkdtempSync(join(tmpdir(), "platform-"));
  const at = (file: string) => join(dir, file);
  for (const folder of ["scratch", "run", "kube", "skopeo", "aws", "pulumi"]) mkdirSync(at(folder));
  for (const backend of [BACKEND, REPLICA]) mkdirSync(at(`pulumi/${encoded(backend)}`));
  const write = (file: string, value: unknown) => writeFileSync(at(file), JSON.stringify(value));
  write(stackAt(BACKEND), deployment);
  write("kube/state.json", { objects });
  write("skopeo/images.json", { [IMAGE]: manifest });
  write("aws/secrets.json", { "holdfast/prod/mail": CANARY, "holdfast/prod/page": CANARY, "other/key": CANARY });
  const record = (Name: string, Type: string, Value: string) => ({ Name, Type, TTL: 60, ResourceRecords: [{ Value }] });
  const records = [
    record("example.com.", "SOA", "ns-1."),
    record("example.com.", "NS", "ns-1."),
    record("omendb.example.com.", "CNAME", "omendb.eu-central-1.example.com"),
  ];
  const byKey = Object.fromEntries(records.map((one) => [`${ZONE} ${one.Name} ${one.Type}`, one]));
  write("aws/route53.json", { records: byKey, changes: {} });
  makeBucket(at("aws"), BUCKET, { region: "eu-west-1", lock: { mode: "COMPLIANCE", days: 45 } });
  const gateway = await startPushgateway();
  const env: Record<string, string> = {
    BUCKET,
    BUCKET_REGION: "eu-west-1",
    REQUIRED_LOCK_DAYS: "45",
    PUSHGATEWAY_URL: gateway.url,
    SCRATCH_DIR: at("scratch"),
    RUN_DIR: at("run"),
    HOME: at("run"),
    JOBS_DIR: jobsPath("platform"),
    POLL_SECONDS: "0",
    AWS_DOUBLE_DIR: at("aws"),
    KUBECTL_DOUBLE_DIR: at("kube"),
    SKOPEO_DOUBLE_DIR: at("skopeo"),
    PULUMI_DOUBLE_DIR: at("pulumi"),
    STATE_BACKEND: BACKEND,
    STACKS: STACK,
    SECRETS_PROVIDER,
    ZONES: ZONE,
    IMAGES: IMAGE,
    SECRET_PREFIX: "holdfast/prod/",
    RECIPIENT: `age1${"q".repeat(58)}`,
    NAMESPACE: "platform",
    NAMESPACES: "omendb-prod platform",
    INCIDENT_HOURS: "12",
  };
  const own: Record<string, Record<string, string>> = {
    state: { RECOVER_TO: REPLICA },
    registry: { RECOVER_TO: "111111111111.dkr.ecr.eu-west-1.amazonaws.com/recovered" },
    clusters: { KINDS: "namespaces configmaps clusterroles.rbac.authorization.k8s.io", ADMIN_KINDS: ADMIN },
    monitoring: { KINDS: "prometheusrules.monitoring.coreos.com" },
  };
  const filesBelow = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
      one.isDirectory() ? filesBelow(join(folder, one.name)) : [join(folder, one.name)],
    );
  return {
    dir,
    gateway,
    job: (asset, script, args = [], more = {}, before = "") => {
      const command = [join(jobsPath("platform"), script), ...args];
      const all = { ...env, ASSET: `platform/${asset}`, PREFIX: `exports/${asset}`, ...own[asset], ...more };
      // The doubles come first on PATH, so what goes before them is set by a shell.
      const first = ["bash", "-c", 'PATH=$0:$PATH exec "$@"', before];
      return run(before === "" ? command : [...first, ...command], { env: all, timeoutMs: 60_000 });
    },
    json: (file) => JSON.parse(readFileSync(at(file), "utf8")) as unknown,
    write,
    objects: (prefix) => {
      const folder = at(`aws/${BUCKET}/objects`);
      const keys = readdirSync(folder).filter((key) => decodeURIComponent(key).startsWith(prefix));
      return Object.fromEntries(
        keys.map((key) => {
          const [body = ""] = readdirSync(join(folder, key)).filter((file) => file.endsWith(".bin"));
          return [decodeURIComponent(key), readFileSync(join(folder, key, body))];
        }),
      );
    },
    holding: (text) =>
      filesBelow(dir)
        .filter((file) => readFileSync(file).includes(text))
        .map((file) => file.slice(dir.length + 1)),
    close: () => {
      gateway.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const ADMIN = "clusterroles.rbac.authorization.k8s.io";
