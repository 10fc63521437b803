import * as azure from "@pulumi/azure-native/provider";
import * as k8s from "@pulumi/kubernetes";
import { ContainerKit } from "../../../../components/azure/containerKit";
import type { AzureSite } from "../../../../components/azure/place";
import type { Placement } from "../../../../components/kubernetes/placement";
import { RecoveryPath, type RecoveryPathArgs } from "../../../../components/recovery/recoveryPath";
import { Register } from "../../../../components/register/register";
import type { ResourceGraph } from "../../../../policies/graph";
import { blocking, judge } from "../../../../policies/judge";
import { assemble } from "../../../../preview/graph";
import { GraphMonitor } from "../../../../preview/monitor";
import { inOwnRuntime } from "../../../../preview/runtime";
import type { AssumptionArgs } from "../../../../recovery/plan";
import { work } from "../../../components/declare";
import { asOf } from "../../../recovery/build";
import { all, type Mutation } from "../../mutate";

/** What weakens a program, the rule that must stop it, and what its finding must say. */
export type Weakness = [title: string, mutation: Mutation, rule: string, says: string[]];

/** The asset of the examples. */
export const protects = "shop/orders";
const account = "00000000-0000-0000-0000-000000000001";
const limit = (rpo: string, rto: string) => ({ rpo, rto, owner: "shop", reason: "what a day of orders is worth" });
const settled = { owner: "shop", reason: "not measured yet", drill: "orders-restore", expires: "2027-03-01" };

/** A promise for every disruption. */
export const promise = {
  id: protects,
  objectives: {
    process: limit("0s", "15m"),
    node: limit("0s", "15m"),
    zone: limit("0s", "15m"),
    region: limit("1h", "4h"),
    corruption: limit("3h", "4h"),
    compromise: limit("24h", "8h"),
  },
  retention: { atLeast: "30d" },
  bytes: 20_000_000_000,
};

/** Entries of the register for spans. */
export function spans(values: Record<string, string>): AssumptionArgs[] {
  return Object.entries(values).map(([term, value]) => ({ id: term, term, assets: ["shop/*"], value, ...settled }));
}

/** Entries of the register for rates, in bytes a second. */
export function rates(values: Record<string, number>): AssumptionArgs[] {
  return Object.entries(values).map(([term, bytesPerSecond]) => ({
    id: term,
    term,
    assets: ["shop/*"],
    bytesPerSecond,
    ...settled,
  }));
}

function words(...terms: string[]): AssumptionArgs[] {
  return terms.map((term) => ({ id: term, term, assets: ["shop/*"], ...settled }));
}

/** Azure in two regions, the cluster of the second, and a register with all that somebody has to answer for. */
export function surroundings(more: AssumptionArgs[]): { near: AzureSite; far: AzureSite; placement: Placement } {
  const site = (name: string, region: string): AzureSite => ({
    provider: new azure.Provider(name, { subscriptionId: account, location: region }),
    resourceGroup: `shop-${name}`,
    region,
  });
  const shared = { cloud: "azure", account, owner: "shop", drill: "site-check", expires: "2027-03-01" };
  new Register("register", {
    sites: [
      { ...shared, name: "near", region: "westeurope", zones: ["1", "2", "3"], context: "near" },
      { ...shared, name: "far", region: "northeurope", zones: ["1", "2", "3"], context: "far" },
      { ...shared, name: "clean", account: "clean", region: "uksouth", zones: ["1", "2", "3"] },
    ],
    assumptions: [
      ...spans({ redirect: "1m", acknowledge: "5m", decide: "10m", detection: "30m" }),
      ...more,
      { id: "rate", term: "restore-rate", assets: ["shop/*"], bytesPerSecond: 50_000_000, ...settled },
      ...spans({ "link-restore": "1m" }),
      ...words("undrilled", "need:restorable", "need:images", "need:keys", "need:dns", "need:capacity"),
    ],
    waivers: [],
    drills: [],
  });
  const placement = { provider: new k8s.Provider("cluster", { context: "far" }), namespace: "shop", after: [] };
  const metadata = { name: work.serviceAccount, namespace: placement.namespace };
  new k8s.core.v1.ServiceAccount("worker", { metadata }, { provider: placement.provider });
  return { near: site("near", "westeurope"), far: site("far", "northeurope"), placement };
}

/** A recovery in two steps that knows where it recovers from by an environment value. */
export function recovery(
  name: string,
  placement: Placement,
  more: Pick<RecoveryPathArgs, "disruptions" | "from" | "runsAt" | "kit">,
  store: string,
): void {
  const job = { ...work, env: { STORE: store }, volumes: [] };
  const restore = { name: "restore", deadline: "30m", after: [], effect: "restores", work: job } as const;
  const verify = { name: "verify", deadline: "10m", after: ["restore"], effect: "verifies", work: job } as const;
  new RecoveryPath(name, { placement, path: name, job: name, protects, ...more, steps: [restore, verify] });
}

/** The kit of the recovery in a clean room, beside the copies that it restores. */
export const kit = ["kit/jobs.yaml"];

/** Declares that kit. */
export function cleanRoomKit(at: AzureSite): void {
  const jobs = ["orders-clean-restore", "orders-clean-verify"];
  const [blob = ""] = kit;
  new ContainerKit("kit", { at, account: "shopcopies", container: "orders", blob, content: jobs.join("\n"), jobs });
}

/** What the pack sees of a program. */
export async function declaredGraph(program: () => void): Promise<ResourceGraph> {
  const settings = { stack: "test", project: "holdfast", config: {} };
  const monitor = new GraphMonitor("test", "holdfast", () => undefined);
  await inOwnRuntime({ ...settings, folder: ".", secretKeys: [], monitor }, async () => program());
  return assemble([...monitor.registrations.values()], settings);
}

/** The findings of a program, by rule and disruption. */
export function findingsOf(graph: ResourceGraph): string[] {
  return judge(graph, asOf).findings.map(({ rule, disruption }) => [rule, disruption ?? ""].join(" ").trim());
}

/** `said` where a weakness is stopped by its rule in these words, else what was found instead. */
export function stopped(graph: ResourceGraph, mutation: Mutation, rule: string, says: readonly string[]): unknown {
  const before = new Set(judge(graph, asOf).findings.map((one) => JSON.stringify(one)));
  const found = blocking(judge(all(mutation)(graph), asOf)).filter((one) => !before.has(JSON.stringify(one)));
  const texts = found.filter((one) => one.rule === rule).map((one) => JSON.stringify(one));
  return texts.some((text) => says.every((word) => text.includes(word))) ? "said" : found;
}
