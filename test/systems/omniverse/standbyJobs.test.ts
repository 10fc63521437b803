import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Resource } from "../../../policies/graph";
import { loadGraph } from "../../../preview/offline";
import { containerOf, cronJobs, metadataOf, ofSystem } from "../declared";

let own: readonly Resource[] = [];
beforeAll(async () => {
  const { graph } = await loadGraph({ program: path.resolve(__dirname, "../../.."), stack: "prod" });
  own = ofSystem(graph.resources, "omniverse");
});

interface CronJobSpec {
  suspend?: boolean;
  schedule: string;
  jobTemplate: { spec: { template: { metadata: { labels: Record<string, string> } } } };
}
const COPIED = ["omniverse-backup-database", "omniverse-backup-assets", "omniverse-backup-accounts"];
const at = (site: string) => cronJobs(own).filter(({ provider }) => provider?.name === site);
const named = (site: string, name: string): Resource => {
  const found = at(site).find((one) => metadataOf(one).name === name);
  if (found === undefined) throw new Error(`no CronJob ${name} at ${site}`);
  return found;
};
const specOf = ({ props }: Resource) => props.spec as never as CronJobSpec;

describe("backups of Omniverse at the site that sleeps", () => {
  it.each(COPIED)("have %s as the first site has it, asleep", (name) => {
    const [first, second] = [named("primary", name), named("secondary", name)];
    expect([specOf(first).suspend ?? false, specOf(second).suspend]).toEqual([false, true]);
    expect(specOf(second).schedule).toBe(specOf(first).schedule);
    // What network policies let through is decided by labels.
    const labels = (one: Resource) => specOf(one).jobTemplate.spec.template.metadata.labels;
    expect(labels(second)).toEqual(labels(first));
    expect(containerOf(second).command).toEqual(containerOf(first).command);
    for (const key of ["BUCKET", "BUCKET_REGION", "PREFIX"]) {
      expect(containerOf(second).env.get(key), key).toBe(containerOf(first).env.get(key));
    }
  });

  it("are woken by resume of each failover and sent to sleep by stand-down, all of them", () => {
    const names = (job: string, key: string) => containerOf(named("secondary", job)).env.get(key);
    expect(names("omniverse-promote-replica-resume", "WAKE")).toBe(COPIED.join(" "));
    expect(names("omniverse-database-in-secondary-resume", "WAKE")).toBe(COPIED.join(" "));
    expect(names("omniverse-stand-down-stop", "SLEEP")).toBe(COPIED.join(" "));
    const woken = cronJobs(own).filter((one) => containerOf(one).env.has("WAKE"));
    expect(woken).toHaveLength(2);
  });

  it("are the only CronJobs that a recovery may change", () => {
    const rules = own
      .filter(({ type, name }) => type.endsWith(":Role") && name.startsWith("omniverse-secondary-recovery"))
      .flatMap(({ props }) => props.rules as never as { resources: string[]; resourceNames?: string[] }[]);
    expect(rules.filter(({ resources }) => resources.includes("cronjobs"))).toEqual([
      { apiGroups: ["batch"], resources: ["cronjobs"], resourceNames: COPIED, verbs: ["get", "patch"] },
    ]);
  });
});
