import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ContainerKit } from "../../components/azure/containerKit";
import type { JobWork } from "../../components/kubernetes/cronJob";
import { Manifests } from "../../components/kubernetes/manifests";
import { type Placement, placed } from "../../components/kubernetes/placement";
import { RecoveryPath } from "../../components/recovery/recoveryPath";
import { duration } from "../../recovery/duration";
import { INCIDENT_HOURS } from "../incident";
import { jobScripts } from "../jobScripts";
import { jobIdentity } from "./access";
import { failBack } from "./failBack";
import { accountId, groupId, subscriptionId } from "./ids";
import { scriptWork } from "./jobWork";
import { INCIDENT_MAP, JOB_LABELS, JOBS_MAP, LOCKED_CONTAINERS } from "./names";
import { assetIds } from "./objectives";
import { PROGRESS_MAP, RECOVERY_ACCOUNT, ROOM_KEY, recoveryEnv } from "./recoveryEnv";
import { type PathName, type PathPlan, pathNames, recoveryPaths, type StepPlan, stepJob } from "./recoverySteps";
import { rehearsals } from "./rehearsals";
import { replayAccess } from "./replayAccess";
import type { Estate } from "./site";

/** Name of the kit in each container that a clean room reads. */
export const KIT = "kit/analytics.json";

/**
 * Every way back, from the cluster of the secondary, which outlives the region that works. Jobs of a clean room lie there
 * for reference, and for use in a kit beside every copy that they restore.
 */
export class Recovery extends pulumi.ComponentResource {
  constructor(name: string, estate: Estate, opts: pulumi.ComponentResourceOptions) {
    super("holdfast:analytics:Recovery", name, {}, opts);
    const { secondary } = estate;
    const progress = new k8s.core.v1.ConfigMap(
      `${name}-progress`,
      { metadata: { name: PROGRESS_MAP, namespace: secondary.placement.namespace, labels: JOB_LABELS }, data: {} },
      // The steps write it.
      placed(this, secondary.placement, { ignoreChanges: ["data"] }),
    );
    const placement = { ...secondary.placement, after: [...secondary.placement.after, progress] };
    identity(estate, this);
    for (const site of [estate.primary, secondary]) replayAccess(estate, site, this);
    for (const path of pathNames.filter((one) => recoveryPaths[one].way !== "room"))
      recoveryPath(estate, placement, path, this);
    rehearsals(estate, this);
    failBack(estate, placement, this);
    kits(estate, cleanRoom(`${name}-clean-room`, estate, placement, this), this);
    this.registerOutputs({});
  }
}

/** Who recovers: it sets what is to serve, and closes what must not. */
function identity(estate: Estate, parent: pulumi.Resource): void {
  const { names, primary, secondary } = estate;
  const containers = [LOCKED_CONTAINERS.exports, LOCKED_CONTAINERS.logs].map(
    (one) => `${accountId(secondary, names.locked)}/blobServices/default/containers/${one}`,
  );
  jobIdentity(
    secondary,
    RECOVERY_ACCOUNT,
    [
      { role: "contributor", scope: groupId(primary) },
      { role: "contributor", scope: groupId(secondary) },
      { role: "reader", scope: subscriptionId(primary.subscription) },
      { role: "secretsOfficer", scope: groupId(primary) },
      { role: "blobReader", scope: accountId(secondary, names.lake.copy) },
      ...containers.map((scope) => ({ role: "blobContributor", scope }) as const),
    ],
    parent,
    [progressRule],
  );
}

const progressRule: k8s.types.input.rbac.v1.PolicyRule = {
  apiGroups: [""],
  resources: ["configmaps"],
  resourceNames: [PROGRESS_MAP],
  verbs: ["get", "patch"],
};

function recoveryPath(estate: Estate, placement: Placement, path: PathName, parent: pulumi.Resource): RecoveryPath {
  const plan: PathPlan = recoveryPaths[path];
  const order = Object.keys(plan.steps);
  return new RecoveryPath(
    `analytics-${path}`,
    {
      placement,
      path,
      job: `analytics-${path}`,
      protects: assetIds[plan.asset],
      disruptions: [plan.disruption],
      ...(plan.from === undefined ? {} : { from: plan.from }),
      ...(plan.way === "room" ? { runsAt: estate.config.sites.cleanRoom, kit: [KIT] } : {}),
      steps: Object.entries(plan.steps).map(([name, step], place) => ({
        name,
        ...step,
        after: order.slice(Math.max(0, place - 1), place),
        work: stepWork(estate, path, name, step),
      })),
    },
    { parent },
  );
}

function stepWork(estate: Estate, path: PathName, name: string, { deadline }: StepPlan): JobWork {
  const plan: PathPlan = recoveryPaths[path];
  const { config } = estate;
  const order = Object.keys(plan.steps);
  // An export is put down once as it came and once unpacked.
  const bytes = { databricks: 2e9, configuration: 1e9, keys: 2e8, powerbi: config.powerbi.bytes * 3, logs: 20e9 };
  const scratch = plan.asset in bytes ? bytes[plan.asset as keyof typeof bytes] : 1e9;
  const opens = plan.asset === "keys" && plan.way === "room";
  return scriptWork(estate, estate.secondary, {
    script: ["recover.sh", plan.asset, name],
    account: RECOVERY_ACCOUNT,
    asset: plan.asset,
    inputs: INCIDENT_MAP,
    env: {
      RECOVERY: path,
      ORDER: order.join(" "),
      WAY: plan.way,
      STEP_SECONDS: String(duration(deadline)),
      INCIDENT_HOURS: String(INCIDENT_HOURS),
      ...(name === order[0] && plan.waitsFor ? { WAITS_FOR: plan.waitsFor.join(" ") } : {}),
      ...recoveryEnv(estate, plan),
    },
    scratchBytes: scratch,
    ...(opens
      ? {
          volumes: [
            {
              name: "room-key",
              mountPath: ROOM_KEY.folder,
              readOnly: true,
              source: { secret: ROOM_KEY.secret, keys: [ROOM_KEY.key], optional: true },
            },
          ],
        }
      : {}),
    size: { cores: 2, gib: 2 },
  });
}

/** Jobs of the clean room, gathered for its kit. */
function cleanRoom(name: string, estate: Estate, placement: Placement, parent: pulumi.Resource): Manifests {
  const manifests = new Manifests();
  const gathered = new pulumi.ComponentResource(
    "holdfast:analytics:CleanRoom",
    name,
    {},
    {
      parent,
      transformations: [manifests.gather],
    },
  );
  for (const path of pathNames.filter((one) => recoveryPaths[one].way === "room"))
    recoveryPath(estate, placement, path, gathered);
  return manifests;
}

/** The kit lies in every container that a path of the clean room reads, under the same lock as what it restores. */
function kits(estate: Estate, manifests: Manifests, parent: pulumi.Resource): void {
  const { names, secondary } = estate;
  const rooms = pathNames.filter((one) => recoveryPaths[one].way === "room");
  const jobs = rooms.flatMap((path) => Object.keys(recoveryPaths[path].steps).map((step) => stepJob(path, step)));
  const content = JSON.stringify(
    { ...manifests.list(), items: [...around(estate), ...manifests.list().items] },
    undefined,
    2,
  );
  for (const container of ["tables", "exports", "events", "logs"] as const)
    new ContainerKit(
      `analytics-kit-${container}`,
      { at: secondary.azure, account: names.locked, container: LOCKED_CONTAINERS[container], blob: KIT, content, jobs },
      { parent },
    );
}

/** What those jobs stand on in a cluster of the clean room; people put the annotation with their own identity to the account. */
function around({ secondary: { placement } }: Estate): object[] {
  const { namespace } = placement;
  const metadata = { name: RECOVERY_ACCOUNT, namespace };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: JOBS_MAP, namespace }, data: jobScripts("analytics") },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: PROGRESS_MAP, namespace }, data: {} },
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata, rules: [progressRule] },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: RECOVERY_ACCOUNT },
      subjects: [{ kind: "ServiceAccount", name: RECOVERY_ACCOUNT, namespace }],
    },
  ];
}
