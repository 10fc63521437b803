import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import type { JobWork } from "../../components/kubernetes/cronJob";
import type { Placement } from "../../components/kubernetes/placement";
import { GraphMonitor, type Registration } from "../../preview/monitor";
import { inOwnRuntime } from "../../preview/runtime";

/** What a piece of a program registers, without the stack itself and its providers. */
export async function declared(program: () => unknown): Promise<Registration[]> {
  const monitor = new GraphMonitor("test", "holdfast", () => undefined);
  const run = { stack: "test", project: "holdfast", folder: ".", config: {}, secretKeys: [], monitor };
  await inOwnRuntime(run, async () => {
    program();
  });
  return [...monitor.registrations.values()].filter(({ type }) => !type.startsWith("pulumi:"));
}

/** Type and name of each, in order of name. */
export function namesOf(registrations: readonly Registration[]): string[] {
  return registrations.map(({ type, name }) => `${type} ${name}`).sort();
}

/** The one that has this name. */
export function named(registrations: readonly Registration[], name: string): Registration {
  const found = registrations.filter((one) => one.name === name);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} resources are named ${name}`);
  return found[0];
}

/** A namespace of a cluster, made anew for each program. */
export function placement(): Placement {
  return { provider: new k8s.Provider("cluster", { context: "test" }), namespace: "here", after: [] };
}

/** An account of AWS, made anew for each program. */
export function account(): aws.Provider {
  return new aws.Provider("account", { region: "eu-west-1", allowedAccountIds: ["111111111111"] });
}

/** Some work. */
export const work: JobWork = {
  image: `omendb/omendb@sha256:${"1".repeat(64)}`,
  command: ["/jobs/work.sh"],
  env: { BUCKET: "copies" },
  volumes: [{ name: "data", mountPath: "/data", readOnly: true, source: { claim: "data" } }],
  serviceAccount: "worker",
  labels: { app: "jobs" },
  uid: 10_001,
  resources: { limits: { cpu: "1" } },
};
