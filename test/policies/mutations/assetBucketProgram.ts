import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import { RecoveryPath, type RecoveryPathArgs } from "../../../components/recovery/recoveryPath";
import { Register } from "../../../components/register/register";
import { AssetBucket } from "../../../components/storage/assetBucket";
import type { ResourceGraph } from "../../../policies/graph";
import { assemble } from "../../../preview/graph";
import { GraphMonitor } from "../../../preview/monitor";
import { inOwnRuntime } from "../../../preview/runtime";
import type { AssumptionArgs } from "../../../recovery/plan";
import { work } from "../../components/declare";

const account = "111111111111";
const protects = "shop/images";
const limit = (rpo: string, rto: string) => ({ rpo, rto, owner: "shop", reason: "what a day of images is worth" });
const settled = { owner: "shop", reason: "not measured yet", drill: "images-restore", expires: "2027-03-01" };

function spans(values: Record<string, string>): AssumptionArgs[] {
  return Object.entries(values).map(([term, value]) => ({ id: term, term, assets: ["shop/*"], value, ...settled }));
}

function words(...terms: string[]): AssumptionArgs[] {
  return terms.map((term) => ({ id: term, term, assets: ["shop/*"], ...settled }));
}

/** A program of our components: a bucket of assets with its copy, and recoveries from what they keep. */
function program(): void {
  const provider = (name: string, region: aws.Region) =>
    new aws.Provider(name, { region, allowedAccountIds: [account] });
  const end = (bucket: string, name: string, region: aws.Region) => ({
    bucket,
    provider: provider(name, region),
    region,
    key: `arn:aws:kms:${region}:${account}:key/${name}`,
  });
  const shared = { cloud: "aws", account, owner: "shop", drill: "site-check", expires: "2027-03-01" };
  new Register("register", {
    sites: [
      { ...shared, name: "near", region: "eu-west-1", zones: ["a", "b", "c"], context: "near" },
      { ...shared, name: "far", region: "eu-central-1", zones: ["a", "b", "c"], context: "far" },
    ],
    assumptions: [
      ...spans({ "managed-service": "5m", redirect: "1m", acknowledge: "5m", decide: "10m", detection: "30m" }),
      ...words("undrilled", "need:restorable", "need:images", "need:keys", "need:dns", "need:capacity"),
    ],
    waivers: [],
    drills: [],
  });
  new AssetBucket("images", {
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
    account,
    at: end("images", "near", "eu-west-1"),
    elsewhere: { ...end("images-far", "far", "eu-central-1"), role: "images-copying" },
    keepReplaced: "35d",
  });
  const placement = { provider: new k8s.Provider("cluster", { context: "far" }), namespace: "shop", after: [] };
  const metadata = { name: work.serviceAccount, namespace: placement.namespace };
  new k8s.core.v1.ServiceAccount("worker", { metadata }, { provider: placement.provider });
  const path = (name: string, more: Pick<RecoveryPathArgs, "disruptions" | "from">, bucket: string) => {
    const job = { ...work, env: { BUCKET: bucket }, volumes: [] };
    const restore = { name: "restore", deadline: "30m", after: [], effect: "restores", work: job } as const;
    const verify = { name: "verify", deadline: "10m", after: ["restore"], effect: "verifies", work: job } as const;
    new RecoveryPath(name, { placement, path: name, job: name, protects, ...more, steps: [restore, verify] });
  };
  path("images-versions", { disruptions: ["corruption"], from: "object-versions" }, "images");
  path("images-elsewhere", { disruptions: ["region"], from: "object-replica" }, "images-far");
}

/** What the pack sees of that program. */
export async function assetBucketGraph(): Promise<ResourceGraph> {
  const settings = { stack: "test", project: "holdfast", config: {} };
  const monitor = new GraphMonitor("test", "holdfast", () => undefined);
  await inOwnRuntime({ ...settings, folder: ".", secretKeys: [], monitor }, async () => program());
  return assemble([...monitor.registrations.values()], settings);
}
