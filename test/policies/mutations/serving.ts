import { UNKNOWN, type Value } from "../../../policies/graph";
import { add, all, append, change, ignore, type Mutation, set, unset } from "../mutate";

const database = "omendb-primary-database-deployment";
const lease = "omendb-primary-database-lease";
const data = "omendb-primary-database-claims-omendb-data";
const config = "omendb-primary-config";
const incremental = "omendb-primary-backup-incremental-cron";
const pod = "spec.template.spec";
const container = `${pod}.containers[0]`;
const jobPod = "spec.jobTemplate.spec.template.spec";

const metadata = (name: string) => ({ metadata: { name, namespace: "omendb-prod" } });

/** The variable with something else in it, the others as they are. */
function variable(name: string, other: { [key: string]: Value }): Mutation {
  return change(database, `${container}.env`, (list) =>
    (list as readonly { name: string }[]).map((one) => (one.name === name ? { name, ...other } : one)),
  );
}

/** The entries of a list of an incremental backup without the one of a name. */
function leftOut(list: string, name: string): Mutation {
  return change(incremental, list, (entries) =>
    (entries as readonly { name: string }[]).filter((one) => one.name !== name),
  );
}

const elsewhere = (name: string, volume: Value, mountPath: string) =>
  all(append(database, `${pod}.volumes`, volume), append(database, `${container}.volumeMounts`, { name, mountPath }));

const writer: { [key: string]: Value } = {
  containers: [{ name: "writer", image: "writer", volumeMounts: [{ name: "data", mountPath: "/data" }] }],
  volumes: [{ name: "data", persistentVolumeClaim: { claimName: "omendb-data" } }],
};

const oneZone = { key: "topology.kubernetes.io/zone", operator: "In", values: ["eu-central-1a"] };
const required = "requiredDuringSchedulingIgnoredDuringExecution";
const nodes = (expression: { [key: string]: Value }): Value => ({
  nodeAffinity: { [required]: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } },
});

/** What weakens how the database is served, the rule that must stop it, and what its finding must say. */
export const serving: [title: string, mutation: Mutation, rule: string, says: string[]][] = [
  [
    "access modes of the data that are not known",
    set(data, "spec.accessModes", UNKNOWN),
    "rto-is-met",
    ["zone", "spec.accessModes", "not known"],
  ],
  [
    "access modes of the data that are ignored",
    ignore(data, "spec.accessModes"),
    "rto-is-met",
    ["zone", "ignoreChanges"],
  ],
  ...[0, 1].flatMap((mount) =>
    ["mountPath", "name"].map((part): [string, Mutation, string, string[]] => [
      `${part} of mount ${mount} that is not known`,
      set(database, `${container}.volumeMounts[${mount}].${part}`, UNKNOWN),
      "links-resolve",
      [`volumeMounts[${mount}].${part}`, "not known"],
    ]),
  ),
  [
    "a further mount where nobody knows",
    append(database, `${container}.volumeMounts`, { name: "run", mountPath: UNKNOWN }),
    "links-resolve",
    ["mountPath", "not known"],
  ],
  [
    "a data folder that is not known",
    variable("OMENDB_DATA_DIR", { value: UNKNOWN }),
    "rpo-is-met",
    ["process", "env[0].value", "not known"],
  ],
  [
    "a data folder from a ConfigMap",
    variable("OMENDB_DATA_DIR", { valueFrom: { configMapKeyRef: { name: "other", key: "dir" } } }),
    "rpo-is-met",
    ["process", "OMENDB_DATA_DIR", "elsewhere"],
  ],
  [
    "a data folder that a whole ConfigMap may set",
    all(
      change(database, `${container}.env`, (list) =>
        (list as readonly { name: string }[]).filter(({ name }) => name !== "OMENDB_DATA_DIR"),
      ),
      set(database, `${container}.envFrom`, [{ configMapRef: { name: "other" } }]),
    ),
    "rpo-is-met",
    ["process", "OMENDB_DATA_DIR", "envFrom"],
  ],
  [
    "an environment that is not known",
    set(database, `${container}.env`, UNKNOWN),
    "rpo-is-met",
    ["process", "env", "not known"],
  ],
  [
    "scratch under the data",
    elsewhere("extra", { name: "extra", emptyDir: {} }, "/var/lib/omendb/data/segments"),
    "rpo-is-met",
    ["process", "RPO is 0s", "lives and dies with its pod"],
  ],
  [
    "a folder of the node under the log",
    elsewhere("extra", { name: "extra", hostPath: { path: "/x" } }, "/var/lib/omendb/wal/archive"),
    "rpo-is-met",
    ["node", "survives the loss of a process at most"],
  ],
  [
    "a folder for each pod",
    set(database, `${container}.volumeMounts[0].subPathExpr`, "$(POD_NAME)"),
    "rpo-is-met",
    ["process", "RPO is 0s", "lives and dies with its pod"],
  ],
  [
    "a second Deployment that writes to the data",
    add(database, "writer", { ...metadata("writer"), spec: { template: { spec: writer } } }),
    "links-resolve",
    ["Deployment writer", "may write to volume data"],
  ],
  [
    "a DaemonSet that writes to the data",
    add(
      database,
      "writer",
      { ...metadata("writer"), spec: { template: { spec: writer } } },
      "kubernetes:apps/v1:DaemonSet",
    ),
    "links-resolve",
    ["DaemonSet writer", "may write to volume data"],
  ],
  [
    "a CronJob that writes to the data",
    add(incremental, "cleaner", {
      ...metadata("cleaner"),
      spec: { schedule: "0 0 * * *", jobTemplate: { spec: { template: { spec: writer } } } },
    }),
    "links-resolve",
    ["CronJob cleaner", "may write to volume data"],
  ],
  [
    "an upgrade step that nobody suspended",
    set("omendb-primary-upgrade-back-cron", "spec.suspend", false),
    "links-resolve",
    ["omendb-upgrade-back", "may write to volume data"],
  ],
  [
    "an idle Deployment that says it serves the asset",
    all(
      unset(database, 'metadata.annotations["holdfast.dev/asset"]'),
      add(database, "decoy", {
        metadata: {
          name: "decoy",
          namespace: "omendb-prod",
          annotations: { "holdfast.dev/asset": "omendb/data", "holdfast.dev/lease": "prod-omendb" },
        },
      }),
    ),
    "links-resolve",
    ["Deployment prod-omendb", "may write to volume data"],
  ],
  [
    "pods that hold another Lease",
    variable("LEASE", { value: "another" }),
    "links-resolve",
    ["Lease prod-omendb", "no environment value"],
  ],
  ["pods whose Lease is not known", variable("LEASE", { value: UNKNOWN }), "links-resolve", ["Lease prod-omendb"]],
  ...[0, 1, 2].map((seconds): [string, Mutation, string, string[]] => [
    `a Lease of ${seconds} s, which no pod takes`,
    set(lease, "spec.leaseDurationSeconds", seconds),
    "rto-is-met",
    ["under 2m", "below 3"],
  ]),
  [
    "a start within no time",
    set(lease, 'metadata.annotations["holdfast.dev/start-deadline"]', "0s"),
    "rto-is-met",
    ["0s"],
  ],
  ["pods on one named node", set(database, `${pod}.nodeName`, "node-1"), "rto-is-met", ["zone", "nodeName"]],
  ["pods that stay on a lost node", set(database, `${pod}.nodeName`, "node-1"), "rpo-is-met", ["node", "nodeName"]],
  ["pods on a node that is not known", set(database, `${pod}.nodeName`, UNKNOWN), "rto-is-met", ["zone", "nodeName"]],
  [
    "pods on nodes with one name",
    set(database, `${pod}.nodeSelector`, { "kubernetes.io/hostname": "node-1" }),
    "rto-is-met",
    ["zone", "nodeSelector"],
  ],
  [
    "pods in one zone",
    set(database, `${pod}.nodeSelector`, { "topology.kubernetes.io/zone": "eu-central-1a" }),
    "rto-is-met",
    ["zone", "nodeSelector"],
  ],
  ["a node selector that is not known", set(database, `${pod}.nodeSelector`, UNKNOWN), "rto-is-met", ["nodeSelector"]],
  ["an affinity to one zone", set(database, `${pod}.affinity`, nodes(oneZone)), "rto-is-met", ["zone", "nodeAffinity"]],
  [
    "an affinity to all zones but two",
    set(
      database,
      `${pod}.affinity`,
      nodes({ ...oneZone, operator: "NotIn", values: ["eu-central-1a", "eu-central-1b"] }),
    ),
    "rto-is-met",
    ["zone", "nodeAffinity"],
  ],
  ["an affinity that is not known", set(database, `${pod}.affinity`, UNKNOWN), "rto-is-met", ["zone", "affinity"]],
  [
    "pods that must be on one node",
    set(database, `${pod}.affinity`, {
      podAffinity: {
        [required]: [{ topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "omendb" } } }],
      },
    }),
    "rto-is-met",
    ["zone", "podAffinity"],
  ],
  ["a scheduler that nobody knows", set(database, `${pod}.schedulerName`, "other"), "rto-is-met", ["scheduler other"]],
  [
    "a backup of the log alone",
    all(leftOut(`${jobPod}.volumes`, "data"), leftOut(`${jobPod}.containers[0].volumeMounts`, "data")),
    "links-resolve",
    ["omendb-backup-incremental", "no container of it mounts volume data"],
  ],
  [
    "a backup of an empty folder",
    change(incremental, `${jobPod}.volumes`, (list) =>
      (list as readonly { name: string }[]).map((one) => (one.name === "data" ? { name: "data", emptyDir: {} } : one)),
    ),
    "links-resolve",
    ["omendb-backup-incremental", "mounts volume data"],
  ],
  [
    "a backup that does not mount the data",
    leftOut(`${jobPod}.containers[0].volumeMounts`, "data"),
    "links-resolve",
    ["omendb-backup-incremental", "mounts volume data"],
  ],
  [
    "a backup of a claim that is not known",
    change(incremental, `${jobPod}.volumes`, (list) =>
      (list as readonly { name: string }[]).map((one) =>
        one.name === "data" ? { name: "data", persistentVolumeClaim: { claimName: UNKNOWN } } : one,
      ),
    ),
    "links-resolve",
    ["omendb-backup-incremental", "not known"],
  ],
  [
    "a probe with a grace of its own",
    set(database, `${container}.livenessProbe.terminationGracePeriodSeconds`, 3600),
    "rto-is-met",
    ["process", "1h"],
  ],
  [
    "a liveness probe that waits an hour",
    set(database, `${container}.livenessProbe.initialDelaySeconds`, 3600),
    "rto-is-met",
    ["process", "hung process", "1h"],
  ],
  [
    "a start-up probe that waits an hour",
    set(database, `${container}.startupProbe.initialDelaySeconds`, 3600),
    "rto-is-met",
    ["process", "hung process", "startupProbe"],
  ],
  [
    "a start-up probe that hardly gives up",
    set(database, `${container}.startupProbe.failureThreshold`, 10_000),
    "rto-is-met",
    ["process", "hung process", "startupProbe"],
  ],
  [
    "start-up attempts that take longer than their period",
    set(database, `${container}.startupProbe.timeoutSeconds`, 30),
    "rto-is-met",
    ["process", "hung process", "startupProbe"],
  ],
  [
    "settings from elsewhere",
    variable("OMENDB_CONFIG", { value: "/other/omendb.toml" }),
    "rpo-is-met",
    ["process", "omendb.toml"],
  ],
  ["settings at a place that is not known", variable("OMENDB_CONFIG", { value: UNKNOWN }), "rpo-is-met", ["process"]],
  [
    "settings that are not mounted",
    change(database, `${container}.volumeMounts`, (list) =>
      (list as readonly { name: string }[]).filter(({ name }) => name !== "config"),
    ),
    "rpo-is-met",
    ["process", "omendb.toml"],
  ],
  [
    "settings of another ConfigMap",
    all(
      append(database, `${pod}.volumes`, { name: "extra", configMap: { name: "undeclared" } }),
      change(database, `${container}.volumeMounts`, (list) =>
        (list as readonly { name: string }[]).map((one) => (one.name === "config" ? { ...one, name: "extra" } : one)),
      ),
    ),
    "rpo-is-met",
    ["process", "omendb.toml"],
  ],
  [
    "two ConfigMaps of one name",
    add(config, "other-config", { data: { "omendb.toml": "[wal]\nenabled = false\n" } }),
    "links-resolve",
    ["omendb-config", "declared twice"],
  ],
  [
    "a patch of the database",
    add(database, "patch", { ...metadata("prod-omendb"), spec: { replicas: 1 } }, "kubernetes:apps/v1:DeploymentPatch"),
    "links-resolve",
    ["DeploymentPatch prod-omendb", "may change"],
  ],
  [
    "a patch of a backup",
    add(
      incremental,
      "patch",
      { ...metadata("omendb-backup-incremental"), spec: { suspend: true } },
      "kubernetes:batch/v1:CronJobPatch",
    ),
    "links-resolve",
    ["CronJobPatch omendb-backup-incremental", "may change"],
  ],
  [
    "a patch of a Lease whose name is not known",
    add(
      lease,
      "patch",
      { metadata: { name: UNKNOWN, namespace: "omendb-prod" } },
      "kubernetes:coordination.k8s.io/v1:LeasePatch",
    ),
    "links-resolve",
    ["LeasePatch", "may change"],
  ],
  [
    "two CronJobs of one name",
    add(incremental, "twin", {}),
    "links-resolve",
    ["omendb-backup-incremental", "declared twice"],
  ],
  [
    "a scaler that may leave one pod",
    add(
      database,
      "scaler",
      {
        ...metadata("scaler"),
        spec: { scaleTargetRef: { kind: "Deployment", name: "prod-omendb" }, minReplicas: 1, maxReplicas: 3 },
      },
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    ),
    "links-resolve",
    ["HorizontalPodAutoscaler scaler", "minReplicas"],
  ],
];

/** What adds to the database or its surroundings and takes nothing away: no finding may come of it. */
export const servingHarmless: [title: string, mutation: Mutation][] = [
  [
    "a sidecar that takes its environment from a ConfigMap",
    append(database, `${pod}.containers`, {
      name: "exporter",
      image: "exporter",
      envFrom: [{ configMapRef: { name: "omendb-jobs" } }],
      volumeMounts: [{ name: "data", mountPath: "/data", readOnly: true }],
    }),
  ],
  [
    "a CronJob that reads the data",
    add(incremental, "reader", {
      ...metadata("reader"),
      spec: {
        schedule: "0 0 * * *",
        jobTemplate: {
          spec: {
            template: {
              spec: {
                ...writer,
                containers: [{ name: "reader", volumeMounts: [{ name: "data", mountPath: "/data", readOnly: true }] }],
              },
            },
          },
        },
      },
    }),
  ],
  [
    "a Deployment that writes to a claim of that name in another namespace",
    add(database, "writer", {
      metadata: { name: "writer", namespace: "other" },
      spec: { template: { spec: writer } },
    }),
  ],
  ["nodes of a pool", set(database, `${pod}.nodeSelector`, { pool: "databases" })],
  [
    "an affinity to two zones",
    set(database, `${pod}.affinity`, nodes({ ...oneZone, values: ["eu-central-1a", "eu-central-1b"] })),
  ],
  [
    "one bad node avoided",
    set(database, `${pod}.affinity`, nodes({ key: "kubernetes.io/hostname", operator: "NotIn", values: ["bad"] })),
  ],
  [
    "a folder of the volume, the same for each pod",
    set(database, `${container}.volumeMounts[0].subPathExpr`, "$(NAMESPACE)"),
  ],
  [
    "settings mounted as a folder",
    change(database, `${container}.volumeMounts`, (list) =>
      (list as readonly { name: string }[]).map((one) =>
        one.name === "config" ? { name: "config", mountPath: "/etc/omendb", readOnly: true } : one,
      ),
    ),
  ],
  [
    "a scaler that only adds pods",
    add(
      database,
      "scaler",
      {
        ...metadata("scaler"),
        spec: { scaleTargetRef: { kind: "Deployment", name: "prod-omendb" }, minReplicas: 3, maxReplicas: 5 },
      },
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    ),
  ],
  [
    "a patch of something else",
    add(
      database,
      "patch",
      { ...metadata("something-else"), spec: { replicas: 1 } },
      "kubernetes:apps/v1:DeploymentPatch",
    ),
  ],
];
