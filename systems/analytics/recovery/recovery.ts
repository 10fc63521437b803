import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ContainerKit } from "../../../components/azure/containerKit";
import { assignRole, customRole } from "../../../components/azure/roles";
import type { JobWork } from "../../../components/kubernetes/cronJob";
import { Manifests } from "../../../components/kubernetes/manifests";
import { type Placement, placed } from "../../../components/kubernetes/placement";
import { RecoveryPath } from "../../../components/recovery/recoveryPath";
import { duration } from "../../../recovery/duration";
import { INCIDENT_HOURS } from "../../incident";
import { jobScripts } from "../../jobScripts";
import { type JobIdentity, jobIdentity, workspaceAccess } from "../access";
import type { LakeCatalog } from "../data/catalog";
import { accountId, groupId, subscriptionId, vaultId } from "../ids";
import { scriptWork } from "../jobWork";
import { type LakeRights, lakeAccess } from "../lakeAccess";
import { INCIDENT_MAP, JOB_LABELS, JOBS_MAP, LOCKED_CONTAINERS } from "../names";
import { assetIds } from "../objectives";
import type { Estate, Role } from "../site";
import { failBack } from "./failBack";
import { PROGRESS_MAP, RECOVERY_ACCOUNT, ROOM_KEY, recoveryEnv } from "./recoveryEnv";
import { type PathName, type PathPlan, pathNames, recoveryPaths, type StepPlan, stepJob } from "./recoverySteps";
import { rehearsals } from "./rehearsals";
import { replays } from "./replays";

/** Name of the kit in each container that a clean room reads. */
export const KIT = "kit/analytics.json";

/**
 * Every way back, from the cluster of the secondary, which outlives the region that works. Jobs of a clean room lie there
 * for reference, and for use in a kit beside every copy that they restore.
 */
export class Recovery extends pulumi.ComponentResource {
  constructor(
    name: string,
    { estate, catalogs }: { estate: Estate; catalogs: Record<Role, LakeCatalog> },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("holdfast:analytics:Recovery", name, {}, opts);
    const { secondary } = estate;
    const progress = new k8s.core.v1.ConfigMap(
      `${name}-progress`,
      { metadata: { name: PROGRESS_MAP, namespace: secondary.placement.namespace, labels: JOB_LABELS }, data: {} },
      // The steps write it.
      placed(this, secondary.placement, { ignoreChanges: ["data"] }),
    );
    const placement = { ...secondary.placement, after: [...secondary.placement.after, progress] };
    for (const site of [estate.primary, secondary]) replays(estate, site, catalogs[site.role], this);
    identity(estate, Object.values(catalogs), this);
    for (const path of pathNames.filter((one) => recoveryPaths[one].way !== "room"))
      recoveryPath(estate, placement, path, this);
    rehearsals(estate, catalogs.secondary, this);
    failBack(estate, placement, this);
    kits(estate, cleanRoom(`${name}-clean-room`, estate, placement, this), this);
    this.registerOutputs({});
  }
}

/** Who recovers: it sets what is to serve, and closes what must not. */
function identity(estate: Estate, after: pulumi.Resource[], parent: pulumi.Resource): void {
  const { names, primary, secondary } = estate;
  const locked = (container: string) =>
    `${accountId(secondary, names.locked)}/blobServices/default/containers/${container}`;
  const made = jobIdentity(
    secondary,
    RECOVERY_ACCOUNT,
    [
      { role: "contributor", scope: groupId(primary) },
      { role: "contributor", scope: groupId(secondary) },
      // Contributors may set no policy; it reads what lies above the groups as well.
      { role: "policyContributor", scope: subscriptionId(primary.subscription) },
      { role: "secretsOfficer", scope: vaultId(primary, names.vault) },
      { role: "blobReader", scope: locked(LOCKED_CONTAINERS.exports) },
      { role: "blobContributor", scope: locked(LOCKED_CONTAINERS.logs) },
    ],
    parent,
    [progressRule],
  );
  joins(estate, made, parent);
  const read = ["USE_CATALOG", "USE_SCHEMA", "SELECT"];
  const rights: Record<Role, LakeRights> = {
    // In place tables are restored, and checkpoints are set aside.
    primary: { catalog: [...read, "MODIFY", "MANAGE", "CREATE_VOLUME"] },
    // There tables are named where they lie and marked as serving, rights are as they were, and what was written goes back.
    secondary: {
      catalog: [...read, "MODIFY", "CREATE_TABLE", "MANAGE", "CREATE_VOLUME"],
      files: { copy: ["READ_FILES", "WRITE_FILES", "CREATE_EXTERNAL_TABLE"], lake: ["READ_FILES", "WRITE_FILES"] },
    },
  };
  for (const at of [primary, secondary]) {
    const name = `${RECOVERY_ACCOUNT}-${at.role}`;
    const admin = workspaceAccess(at, name, made, "ADMIN", parent);
    lakeAccess(at, name, made, rights[at.role], { parent, dependsOn: [admin, ...after] });
  }
}

/** Whoever opens an account to a network must be allowed to join that network; no role of Azure's own is as small. */
function joins({ config, primary, secondary }: Estate, { identity }: JobIdentity, parent: pulumi.Resource): void {
  const name = "analytics-joins";
  const { provider } = secondary.azure;
  const { subscription } = primary;
  const named = `${subscriptionId(subscription)} ${config.namespace} ${name}`;
  const role = customRole(
    name,
    {
      named,
      subscription,
      roleName: `${config.namespace} joins networks`,
      actions: ["Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action"],
    },
    { parent, provider },
  );
  const { jobs, workers } = config.network.secondary;
  for (const [place, scope] of [jobs, ...workers].entries())
    assignRole(
      `${name}-${place + 1}`,
      {
        named: `${named}-${place + 1}`,
        subscription,
        role: role.id,
        scope,
        principalId: identity.principalId,
      },
      { parent, provider, dependsOn: [identity, role.definition] },
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
  const bytes: Readonly<Record<string, number>> = {
    databricks: 2e9,
    configuration: 1e9,
    powerbi: config.powerbi.bytes * 3,
    logs: 20e9,
  };
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
    // Secrets lie on no disk.
    ...(plan.asset === "keys" ? { inMemory: true } : { scratchBytes: bytes[plan.asset] ?? 1e9 }),
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
