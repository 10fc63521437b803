import type { Provider, Resource, ResourceGraph, Value } from "../../../policies/graph";
import { observe } from "../../../policies/observe";
import { parsePath } from "../../../policies/observe/propertyPath";

/** The day all tests read their programs. */
export const asOf = Date.UTC(2026, 10, 21) / 1000;

/** The asset of the example program. */
export const asset = "omendb/data";

/** Resources by short names. */
export type Parts = Readonly<Record<string, Resource>>;

type Props = Record<string, Value>;

/** A resource with nothing but what a test says. */
export function resource(type: string, name: string, props: Props, more: Partial<Resource> = {}): Resource {
  return {
    type,
    name,
    urn: `urn:pulumi:prod::holdfast::${type}::${name}`,
    props,
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    ignoreChanges: [],
    ...more,
  };
}

const primary = provider("pulumi:providers:kubernetes", "primary", { context: "prod-eu-central-1" });
/** The cluster of the other region. */
export const secondary = provider("pulumi:providers:kubernetes", "secondary", { context: "prod-eu-west-1" });
const copies = provider("pulumi:providers:aws", "copies", { region: "eu-west-1", allowedAccountIds: ["222222222222"] });

function provider(type: string, name: string, props: Props): Provider {
  return { type, name, urn: `urn:pulumi:prod::holdfast::${type}::${name}`, props };
}

/** A Kubernetes object in the namespace of the example. */
export function kubernetes(
  type: string,
  name: string,
  annotations: Props,
  rest: Props,
  at: Provider = primary,
): Resource {
  const links = Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [`holdfast.dev/${key}`, value]),
  ) as Props;
  return resource(
    `kubernetes:${type}`,
    `${at.name}-${name}`,
    { metadata: { name, namespace: "omendb-prod", annotations: links }, ...rest },
    { provider: at },
  );
}

const expiry = { owner: "platform", reason: "not measured yet", drill: "omendb-restore", expires: "2027-03-01" };
const classes = { efs: { survives: "zone", shared: true }, ebs: { survives: "node", shared: false } };

function site(name: string, region: string, context?: string): Props {
  return {
    name,
    cloud: "aws",
    account: context ? "111111111111" : "333333333333",
    region,
    zones: [`${region}a`, `${region}b`, `${region}c`],
    ...(context ? { context } : {}),
    storageClasses: classes,
    owner: "platform",
    drill: "site-check",
    expires: "2027-03-01",
  };
}

/** An assumption about the asset of the example. */
export function assumption(term: string, value?: string, more: Props = {}): Props {
  return { id: `omendb-${term}`, term, assets: ["omendb/*"], ...(value ? { value } : {}), ...expiry, ...more };
}

const toml = `[database]
data_dir = "/var/lib/omendb/data"
[storage]
sync_interval_ms = 5500
[wal]
enabled = true
sync_on_write = true
`;

const labels = { app: "omendb" };
const spread = (topologyKey: string) => ({
  topologyKey,
  maxSkew: 1,
  minDomains: 3,
  whenUnsatisfiable: "DoNotSchedule",
  labelSelector: { matchLabels: labels },
});
const tolerate = (taint: string) => ({
  key: `node.kubernetes.io/${taint}`,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 30,
});
const claimVolume = (name: string) => ({ name, persistentVolumeClaim: { claimName: `omendb-${name}` } });

function pod(): Props {
  return {
    terminationGracePeriodSeconds: 20,
    tolerations: [tolerate("not-ready"), tolerate("unreachable")],
    topologySpreadConstraints: [spread("topology.kubernetes.io/zone"), spread("kubernetes.io/hostname")],
    containers: [
      {
        name: "omendb",
        env: [
          { name: "OMENDB_HTTP_PORT", value: "3000" },
          { name: "LEASE", value: "prod-omendb" },
        ],
        startupProbe: { periodSeconds: 1, failureThreshold: 12 },
        livenessProbe: { periodSeconds: 5, failureThreshold: 3, timeoutSeconds: 2 },
        volumeMounts: [
          { name: "data", mountPath: "/var/lib/omendb/data" },
          { name: "wal", mountPath: "/var/lib/omendb/wal" },
          { name: "config", mountPath: "/etc/omendb", readOnly: true },
        ],
      },
    ],
    volumes: [claimVolume("data"), claimVolume("wal"), { name: "config", configMap: { name: "omendb-config" } }],
  };
}

function claim(name: string, at: Provider = primary): Resource {
  const resources = { requests: { storage: "100Gi" } };
  const spec = { storageClassName: "efs", accessModes: ["ReadWriteMany"], resources };
  return kubernetes("core/v1:PersistentVolumeClaim", name, {}, { spec }, at);
}

/** What serves at one site, or is to serve there after a recovery. */
function serving(replicas: number, at: Provider): Record<"deployment" | "lease" | "data" | "wal" | "config", Resource> {
  return {
    deployment: kubernetes(
      "apps/v1:Deployment",
      "prod-omendb",
      { asset, lease: "prod-omendb" },
      { spec: { replicas, template: { metadata: { labels }, spec: pod() } } },
      at,
    ),
    lease: kubernetes(
      "coordination.k8s.io/v1:Lease",
      "prod-omendb",
      { "start-deadline": "45s" },
      { spec: { leaseDurationSeconds: 15 } },
      at,
    ),
    data: claim("omendb-data", at),
    wal: claim("omendb-wal", at),
    config: kubernetes("core/v1:ConfigMap", "omendb-config", {}, { data: { "omendb.toml": toml } }, at),
  };
}

/** A CronJob that mounts the data and knows the bucket. */
export function cronJob(name: string, links: Props, spec: Props = {}, at: Provider = primary): Resource {
  return kubernetes(
    "batch/v1:CronJob",
    name,
    { protects: asset, ...links },
    {
      spec: {
        schedule: "*/3 * * * *",
        timeZone: "Etc/UTC",
        startingDeadlineSeconds: 30,
        concurrencyPolicy: "Forbid",
        jobTemplate: {
          spec: {
            activeDeadlineSeconds: 120,
            backoffLimit: 0,
            template: {
              spec: {
                containers: [
                  {
                    name: "job",
                    env: [
                      { name: "BUCKET", value: "s3://omendb-copies/chain" },
                      { name: "DNS_NAME", value: "omendb.example.com" },
                    ],
                    volumeMounts: [
                      { name: "data", mountPath: "/var/lib/omendb/data", readOnly: true },
                      { name: "scratch", mountPath: "/scratch" },
                      { name: "wal", mountPath: "/var/lib/omendb/wal", readOnly: true },
                    ],
                  },
                ],
                volumes: [claimVolume("data"), { name: "scratch", emptyDir: {} }, claimVolume("wal")],
              },
            },
          },
        },
        ...spec,
      },
    },
    at,
  );
}

function step(name: string, links: Props): Resource {
  const common = { role: "recovery", path: "restore-in-secondary", disruptions: "region,compromise" };
  return cronJob(`omendb-restore-${name}`, { ...common, step: name, ...links }, { suspend: true }, secondary);
}

/** Settings of a `BucketPublicAccessBlock` that shut the public out. */
export const shut = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

function bucketPart(kind: string, props: Props): Resource {
  const lower = `${kind.slice(0, 1).toLowerCase()}${kind.slice(1)}`;
  return resource(`aws:s3/${lower}:${kind}`, kind, { bucket: "omendb-copies", ...props }, { provider: copies });
}

function alert(name: string, annotations: Props, expr: string, more: Props = {}): Props {
  return {
    alert: name,
    expr,
    for: "20s",
    labels: { severity: "critical", namespace: "omendb-prod" },
    annotations: {
      summary: "summary",
      description: "description",
      runbook_url: "https://example.com/runbook",
      holdfast_asset: asset,
      ...annotations,
    },
    ...more,
  };
}

const limit = (rpo: string, rto: string) => ({ rpo, rto, owner: "database team", reason: "the guide" });

/** A program in which everything is said and agrees. */
export function healthy(): Parts {
  const monitoring = (at: Provider) => ({
    monitor: kubernetes(
      "monitoring.coreos.com/v1:ServiceMonitor",
      "omendb",
      { asset },
      {
        spec: {
          jobLabel: "app",
          selector: { matchLabels: labels },
          endpoints: [{ interval: "10s", scrapeTimeout: "5s" }],
        },
      },
      at,
    ),
    alertmanager: kubernetes(
      "monitoring.coreos.com/v1beta1:AlertmanagerConfig",
      "omendb",
      {},
      {
        spec: {
          route: { receiver: "on-call", groupWait: "10s" },
          receivers: [{ name: "on-call", webhookConfigs: [{ url: "https://page.example.com" }] }],
        },
      },
      at,
    ),
  });
  const there = serving(0, secondary);
  const near = monitoring(primary);
  const far = monitoring(secondary);
  const captured = `holdfast_capture_timestamp_seconds{asset="${asset}"}`;
  return {
    register: resource("holdfast:register:Register", "register", {
      sites: [
        site("primary", "eu-central-1", "prod-eu-central-1"),
        site("secondary", "eu-west-1", "prod-eu-west-1"),
        site("clean-room", "eu-north-1"),
      ],
      assumptions: [
        assumption("acknowledge", "5m"),
        assumption("decide", "10m"),
        assumption("detection", "1h"),
        assumption("redirect", "5s"),
        assumption("client-cache", "30s"),
        assumption("image-pull", "40s"),
        assumption("link-restore", "2s"),
        assumption("restore-rate", undefined, { bytesPerSecond: 50_000_000 }),
        assumption("undrilled"),
        assumption("need:images"),
        assumption("need:keys"),
        assumption("need:restorable"),
        assumption("need:dns"),
        assumption("need:capacity"),
      ],
      waivers: [],
      drills: [],
    }),
    database: resource("holdfast:database:LeasedDatabase", "omendb", {
      asset: {
        id: asset,
        kind: "database",
        objectives: {
          process: limit("0s", "under 2m"),
          node: limit("under 1m", "under 5m"),
          zone: limit("under 5m", "under 15m"),
          region: limit("under 15m", "under 1h"),
          corruption: limit("1h", "2h"),
          compromise: limit("24h", "8h"),
        },
        retention: { atLeast: "30d" },
        bytes: 10_000_000_000,
      },
    }),
    ...serving(3, primary),
    standby: there.deployment,
    farLease: there.lease,
    farData: there.data,
    farWal: there.wal,
    farConfig: there.config,
    full: cronJob(
      "omendb-full",
      { role: "full", "copies-to": "omendb-copies", capture: "start" },
      { schedule: "0 2 * * *" },
    ),
    incremental: cronJob("omendb-incremental", { role: "incremental", "copies-to": "omendb-copies", capture: "fuzzy" }),
    verification: cronJob("omendb-verify", { role: "verification" }, { schedule: "0 4 * * *" }),
    drill: cronJob("omendb-drill", { role: "drill" }, { schedule: "0 5 1 * *" }),
    restore: step("restore", { effect: "restores,verifies" }),
    dns: step("dns", { after: "restore", redirects: "omendb.example.com" }),
    bucket: bucketPart("Bucket", {}),
    shut: bucketPart("BucketPublicAccessBlock", shut),
    versioning: bucketPart("BucketVersioning", { versioningConfiguration: { status: "Enabled" } }),
    lock: bucketPart("BucketObjectLockConfiguration", { rule: { defaultRetention: { mode: "COMPLIANCE", days: 45 } } }),
    policy: bucketPart("BucketPolicy", {
      policy: JSON.stringify({
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: ["arn:aws:iam::111111111111:root", "arn:aws:iam::333333333333:root"] },
            Action: "s3:*",
            Resource: "arn:aws:s3:::omendb-copies/*",
          },
        ],
      }),
    }),
    lifecycle: bucketPart("BucketLifecycleConfiguration", {
      rules: [
        { id: "expire", status: "Enabled", expiration: { days: 50 } },
        { id: "old", status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 2 } },
      ],
    }),
    record: resource(
      "aws:route53/record:Record",
      "omendb",
      { name: "omendb.example.com", ttl: 60 },
      { provider: copies },
    ),
    monitor: near.monitor,
    alertmanager: near.alertmanager,
    farMonitor: far.monitor,
    farAlertmanager: far.alertmanager,
    rules: kubernetes(
      "monitoring.coreos.com/v1:PrometheusRule",
      "omendb",
      {},
      {
        spec: {
          groups: [
            {
              name: "omendb",
              interval: "15s",
              rules: [
                alert(
                  "OmenDBDown",
                  { holdfast_guards: "detection", holdfast_disruptions: "process,node,zone" },
                  "up == 0",
                ),
                alert(
                  "OmenDBRestorePointStale",
                  { holdfast_guards: "freshness" },
                  `time() - max by (asset) (${captured}) > 360 or absent(${captured})`,
                ),
              ],
            },
          ],
        },
      },
    ),
    farRules: kubernetes(
      "monitoring.coreos.com/v1:PrometheusRule",
      "omendb",
      {},
      {
        spec: {
          groups: [
            {
              name: "omendb",
              interval: "15s",
              rules: [
                alert(
                  "OmenDBRegionLost",
                  { holdfast_guards: "detection", holdfast_disruptions: "region" },
                  'probe_success{job="omendb"} == 0 or absent(probe_success{job="omendb"})',
                ),
              ],
            },
          ],
        },
      },
      secondary,
    ),
  };
}

/** The program with one property changed; `undefined` takes it away. */
export function edit(parts: Parts, part: string, path: string, value: Value): Parts {
  const one = find(parts, part);
  return { ...parts, [part]: { ...one, props: set(one.props, parsePath(path), value) as Props } };
}

/** The program in which the engine ignores changes of a property. */
export function ignore(parts: Parts, part: string, path: string): Parts {
  return { ...parts, [part]: { ...find(parts, part), ignoreChanges: [path] } };
}

/** The program without one resource. */
export function without(parts: Parts, ...names: string[]): Parts {
  return Object.fromEntries(Object.entries(parts).filter(([name]) => !names.includes(name)));
}

/** The program with an entry of the register more. */
export function registered(parts: Parts, list: string, entry: Value): Parts {
  const entries = find(parts, "register").props[list] as readonly Value[];
  return edit(parts, "register", `${list}[${entries.length}]`, entry);
}

/** The program whose register has no entry of a term. */
export function forgotten(parts: Parts, term: string): Parts {
  const entries = find(parts, "register").props.assumptions as readonly Props[];
  return edit(
    parts,
    "register",
    "assumptions",
    entries.filter((one) => one.term !== term),
  );
}

/** The resources of a program as a graph. */
export function declaredGraph(parts: Parts): ResourceGraph {
  return { resources: Object.values(parts) };
}

/** Reads a program on the day of the tests. */
export function read(parts: Parts) {
  return observe(declaredGraph(parts), asOf);
}

/** The messages of all problems of a program. */
export function messages(parts: Parts): string[] {
  return read(parts).problems.map(({ message }) => message);
}

function find(parts: Parts, part: string): Resource {
  const one = parts[part];
  if (one === undefined) throw new Error(`the program has no part ${part}`);
  return one;
}

function set(value: Value, path: readonly string[], to: Value): Value {
  const [first, ...rest] = path;
  if (first === undefined) return to;
  if (Array.isArray(value)) {
    const copy = [...(value as readonly Value[])];
    copy[Number(first)] = set(copy[Number(first)], rest, to);
    return copy;
  }
  const object = (typeof value === "object" && value !== null ? value : {}) as Props;
  return { ...object, [first]: set(object[first], rest, to) };
}
