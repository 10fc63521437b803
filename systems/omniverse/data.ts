import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { DatabasePassword } from "../../components/database/databasePassword";
import { PostgresInstance } from "../../components/database/postgresInstance";
import type { SiteOfInstance } from "../../components/database/postgresSettings";
import { VolumeClaims } from "../../components/database/volumeClaims";
import { gibFor } from "../../components/kubernetes/scratch";
import { AssetBucket } from "../../components/storage/assetBucket";
import type { Reach } from "../reach";
import type { OmniverseConfig } from "./config";
import { DATABASE, JOB_LABELS, MIRROR_CLAIM } from "./names";
import { ASSETS_ID, assetRetention, DATABASE_ID, databaseRetention, GROUP } from "./objectives";
import type { OmniverseSite } from "./site";

/** A site in AWS: its region, its account, and a key of its own. */
export interface CloudSite {
  role: OmniverseSite["role"];
  provider: aws.Provider;
  region: string;
  account: string;
  /** Encrypts what is kept there; the other region has another. */
  key: aws.kms.Key;
}

/** The region of a site with its key. */
export function cloudSite(
  parent: pulumi.Resource,
  { sites }: OmniverseConfig,
  role: CloudSite["role"],
  reach: Reach,
): CloudSite {
  const provider = reach.aws(sites[role]);
  const { region, account } = reach.site(sites[role]);
  const key = new aws.kms.Key(
    `omniverse-${role}-key`,
    {
      description: `Omniverse in ${region}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      tags: { system: "omniverse" },
    },
    { parent, provider, protect: true },
  );
  return { role, provider, region, account, key };
}

/** Metadata: PostgreSQL 15 with a standby, backups of any moment in both regions, and a replica in the other. */
export function database(
  parent: pulumi.Resource,
  config: OmniverseConfig,
  { primary, secondary }: Record<CloudSite["role"], CloudSite>,
  reach: Reach,
): PostgresInstance {
  const { database: own, objectives } = config;
  const { identifier, version, size, multiAz, bytes, backups, backupWindow, maintenanceWindow } = own;
  const replica = { ...size, multiAz: false, maintenanceWindow: own.replicaMaintenanceWindow };
  return new PostgresInstance(
    "omniverse-database",
    {
      promise: {
        id: DATABASE_ID,
        objectives: objectives.database,
        retention: databaseRetention,
        bytes,
        group: { name: GROUP, refersTo: [ASSETS_ID] },
      },
      identifier,
      version,
      database: DATABASE.name,
      username: DATABASE.user,
      random: reach.random,
      size: { ...size, multiAz },
      at: networkOf(parent, config, primary),
      backups,
      backupWindow,
      maintenanceWindow,
      elsewhere: {
        ...networkOf(parent, config, secondary),
        region: secondary.region,
        ...(own.replica ? { replica } : {}),
      },
      tags: { system: "omniverse" },
    },
    { parent },
  );
}

/** Names of a site's subnet group for the database, and of the security group of those who call it. */
export function networkNames({ database: { identifier } }: OmniverseConfig, role: CloudSite["role"]) {
  return { subnets: `${identifier}-${role}`, callers: `${identifier}-database` };
}

/** Where an instance stands in the network of its site: nobody but the nodes of the cluster calls it. */
function networkOf(
  parent: pulumi.Resource,
  config: OmniverseConfig,
  { role, provider, key }: CloudSite,
): SiteOfInstance {
  const { vpc, subnets, nodes } = config.network[role];
  const name = `omniverse-${role}`;
  const names = networkNames(config, role);
  const options = { parent, provider };
  const group = new aws.rds.SubnetGroup(
    `${name}-subnets`,
    { name: names.subnets, subnetIds: subnets, tags: { system: "omniverse" } },
    options,
  );
  const callers = new aws.ec2.SecurityGroup(
    `${name}-database-callers`,
    {
      name: names.callers,
      description: "PostgreSQL of Omniverse, from the nodes of its cluster",
      vpcId: vpc,
      tags: { system: "omniverse" },
    },
    options,
  );
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-database-ingress`,
    {
      securityGroupId: callers.id,
      referencedSecurityGroupId: nodes,
      ipProtocol: "tcp",
      fromPort: 5432,
      toPort: 5432,
      description: "nodes of the cluster",
    },
    options,
  );
  return { provider, subnetGroup: group.name, securityGroups: [callers.id], key: key.arn };
}

/** Files as objects: earlier versions where they are, and all of it in the other region as it is written. */
export function assetBucket(
  parent: pulumi.Resource,
  { assets, objectives, namespace }: OmniverseConfig,
  { primary, secondary }: Record<CloudSite["role"], CloudSite>,
  boundary: string | undefined,
): AssetBucket {
  const { bucket, replica, keepVersions, bytes } = assets;
  const at = ({ provider, region, key }: CloudSite) => ({ provider, region, key: key.arn });
  return new AssetBucket(
    "omniverse-assets",
    {
      promise: {
        id: ASSETS_ID,
        objectives: objectives.assets,
        retention: assetRetention,
        bytes,
        group: { name: GROUP },
      },
      account: primary.account,
      at: { bucket, ...at(primary) },
      elsewhere: { bucket: replica, ...at(secondary), role: `${namespace}-replication` },
      keepReplaced: keepVersions,
      boundary,
      tags: { system: "omniverse" },
    },
    { parent },
  );
}

/** What opens the restic repositories, where copies are made and where they are rehearsed. */
export function repositoryPassword(
  parent: pulumi.Resource,
  { backups }: OmniverseConfig,
  { primary, secondary }: Record<CloudSite["role"], CloudSite>,
  { random }: Reach,
): DatabasePassword {
  return new DatabasePassword(
    "omniverse-repositories",
    {
      secret: backups.secret,
      username: "restic",
      provider: primary.provider,
      random,
      key: primary.key.arn,
      replica: { region: secondary.region, key: secondary.key.arn },
    },
    { parent },
  );
}

/** Where the assets of one moment are put together before they are copied on: nobody works on a copy that moves. */
export function assetMirror({ prefix, placement, config, parent }: OmniverseSite): VolumeClaims {
  return new VolumeClaims(
    `${prefix}-mirror`,
    {
      placement,
      labels: JOB_LABELS,
      claims: [
        {
          claim: MIRROR_CLAIM,
          storageClass: config.mirrorClass,
          gib: gibFor(config.assets.bytes),
          needs: config.assets.bytes,
          protect: false,
        },
      ],
    },
    { parent },
  );
}
