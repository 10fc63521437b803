import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type Placement, placed } from "../../components/kubernetes/placement";
import { podSecurity } from "../../components/kubernetes/security";
import type { ClusterSite } from "../config/sites";
import { jobScripts } from "../jobScripts";
import type { ReachedCluster } from "../reach";
import type { OmendbConfig } from "./config";
import { CONFIG_MAP, JOB_LABELS, JOB_USER_SECRET, JOBS_MAP, POD_LABELS, USERS_SECRET } from "./names";
import { omendbToml } from "./toml";
import type { UserFiles } from "./users";

/** A site that holds OmenDB: one that serves, or one that stands ready to. */
export interface OmendbSite {
  /** What the names of its resources begin with. */
  prefix: string;
  role: "primary" | "secondary";
  site: ClusterSite;
  placement: Placement;
  config: OmendbConfig;
  parent: pulumi.Resource;
}

/** The namespace at a cluster with settings, job scripts and users: what every pod of OmenDB needs to start. */
export function omendbSite(
  parent: pulumi.Resource,
  config: OmendbConfig,
  role: OmendbSite["role"],
  { site, provider }: ReachedCluster,
  users: UserFiles,
): OmendbSite {
  const prefix = `omendb-${role}`;
  const options = { parent, provider };
  // The standard forbids unsafe kernel settings: a stack that wants them gives up its enforcement, not its warnings.
  const security = podSecurity(config.sysctls ? "privileged" : "restricted");
  const namespace = new k8s.core.v1.Namespace(
    `${prefix}-namespace`,
    { metadata: { name: config.namespace, labels: security } },
    // With the namespace go its claims, and with them the data.
    { ...options, protect: true },
  );
  const placement: Placement = { provider, namespace: config.namespace, after: [namespace] };
  const child = placed(parent, placement);
  const named = (name: string, labels: Record<string, string>) => ({ name, namespace: config.namespace, labels });

  const made = [
    new k8s.core.v1.ConfigMap(
      `${prefix}-config`,
      { metadata: named(CONFIG_MAP, POD_LABELS), data: { "omendb.toml": omendbToml(config.toml) } },
      child,
    ),
    new k8s.core.v1.ConfigMap(
      `${prefix}-jobs`,
      { metadata: named(JOBS_MAP, JOB_LABELS), data: jobScripts("omendb") },
      child,
    ),
    new k8s.core.v1.Secret(
      `${prefix}-users`,
      { metadata: named(USERS_SECRET, POD_LABELS), stringData: { "users.htpasswd": users.htpasswd } },
      child,
    ),
    new k8s.core.v1.Secret(
      `${prefix}-job-user`,
      { metadata: named(JOB_USER_SECRET, JOB_LABELS), stringData: users.jobUser },
      child,
    ),
  ];
  return { prefix, role, site, config, parent, placement: { ...placement, after: [namespace, ...made] } };
}
