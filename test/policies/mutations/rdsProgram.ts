import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import { PostgresInstance } from "../../../components/database/postgresInstance";
import { RecoveryPath, type RecoveryPathArgs } from "../../../components/recovery/recoveryPath";
import { Register } from "../../../components/register/register";
import type { ResourceGraph } from "../../../policies/graph";
import { assemble } from "../../../preview/graph";
import { GraphMonitor } from "../../../preview/monitor";
import { inOwnRuntime } from "../../../preview/runtime";
import type { AssumptionArgs } from "../../../recovery/plan";
import { work } from "../../components/declare";

const account = "111111111111";
const protects = "shop/orders";
const size = { instanceClass: "db.m6g.large", storageGib: 100, storageMostGib: 500, multiAz: true };
const limit = (rpo: string, rto: string) => ({ rpo, rto, owner: "shop", reason: "what a day of orders is worth" });
const settled = { owner: "shop", reason: "not measured yet", drill: "orders-restore", expires: "2027-03-01" };

function spans(values: Record<string, string>): AssumptionArgs[] {
  return Object.entries(values).map(([term, value]) => ({ id: term, term, assets: ["shop/*"], value, ...settled }));
}

function words(...terms: string[]): AssumptionArgs[] {
  return terms.map((term) => ({ id: term, term, assets: ["shop/*"], ...settled }));
}

/** A program of our components: a database of Amazon RDS, and recoveries from what it keeps. */
function program(): void {
  const provider = (name: string, region: aws.Region) =>
    new aws.Provider(name, { region, allowedAccountIds: [account] });
  const [near, far] = [provider("near", "eu-west-1"), provider("far", "eu-central-1")];
  const site = (name: string) => ({ subnetGroup: name, securityGroups: [name], key: `arn:aws:kms:${name}` });
  const shared = { cloud: "aws", account, owner: "shop", drill: "site-check", expires: "2027-03-01" };
  new Register("register", {
    sites: [
      { ...shared, name: "near", region: "eu-west-1", zones: ["a", "b", "c"], context: "near" },
      { ...shared, name: "far", region: "eu-central-1", zones: ["a", "b", "c"], context: "far" },
    ],
    assumptions: [
      ...spans({ "managed-service": "5m", "log-upload": "5m", "backup-copy": "30m", "replica-lag": "10m" }),
      ...spans({ redirect: "1m", acknowledge: "5m", decide: "10m", detection: "30m" }),
      ...words("undrilled", "need:restorable", "need:images", "need:keys", "need:dns", "need:capacity"),
    ],
    waivers: [],
    drills: [],
  });
  new PostgresInstance("orders", {
    promise: {
      id: protects,
      objectives: {
        process: limit("0s", "15m"),
        node: limit("0s", "15m"),
        zone: limit("0s", "15m"),
        region: limit("1h", "4h"),
        corruption: limit("2h", "4h"),
        compromise: limit("24h", "8h"),
      },
      retention: { atLeast: "30d" },
      bytes: 20_000_000_000,
    },
    identifier: "orders",
    version: "15.12",
    database: "orders",
    username: "orders_admin",
    random: new random.Provider("random"),
    size,
    at: { provider: near, ...site("near") },
    backups: "35d",
    backupWindow: "00:30-01:00",
    maintenanceWindow: "sun:02:00-sun:06:00",
    elsewhere: {
      provider: far,
      region: "eu-central-1",
      ...site("far"),
      replica: { ...size, maintenanceWindow: "sun:06:00-sun:06:30" },
    },
  });
  const placement = { provider: new k8s.Provider("cluster", { context: "far" }), namespace: "shop", after: [] };
  const metadata = { name: work.serviceAccount, namespace: placement.namespace };
  new k8s.core.v1.ServiceAccount("worker", { metadata }, { provider: placement.provider });
  const path = (name: string, more: Pick<RecoveryPathArgs, "disruptions" | "from">, instance: string) => {
    const job = { ...work, env: { INSTANCE: instance }, volumes: [] };
    const restore = { name: "restore", deadline: "30m", after: [], effect: "restores", work: job } as const;
    const verify = { name: "verify", deadline: "10m", after: ["restore"], effect: "verifies", work: job } as const;
    new RecoveryPath(name, { placement, path: name, job: name, protects, ...more, steps: [restore, verify] });
  };
  path("orders-in-time", { disruptions: ["corruption"], from: "point-in-time" }, "orders");
  path("orders-elsewhere", { disruptions: ["region"], from: "replicated-backups" }, "orders");
}

/** What the pack sees of that program. */
export async function rdsGraph(): Promise<ResourceGraph> {
  const settings = { stack: "test", project: "holdfast", config: {} };
  const monitor = new GraphMonitor("test", "holdfast", () => undefined);
  await inOwnRuntime({ ...settings, folder: ".", secretKeys: [], monitor }, async () => program());
  return assemble([...monitor.registrations.values()], settings);
}
