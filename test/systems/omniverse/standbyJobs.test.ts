import { beforeAll, describe, expect, it } from "vitest";
import type { Resource } from "../../../policies/graph";
import { choreNames } from "../../../systems/omniverse/choreNames";
import { backupJobs, firstCopies, jobNames } from "../../../systems/omniverse/names";
import { declaredGraph } from "../../support/declaredGraph";
import { containerOf, cronJobs, metadataOf, ofSystem } from "../declared";

interface CronJobSpec {
  suspend?: boolean;
  schedule: string;
  jobTemplate: {
    spec: {
      template: {
        metadata: { labels: Record<string, string> };
        spec: { volumes: { name: string; persistentVolumeClaim?: { claimName: string } }[] };
      };
    };
  };
}
interface Rule {
  alert?: string;
  record?: string;
}

const specOf = ({ props }: Resource) => props.spec as never as CronJobSpec;
const nameOf = (one: Resource) => metadataOf(one).name;

describe.each(["prod", "staging"])("jobs of the site of Omniverse that sleeps, in %s", (stack) => {
  let own: readonly Resource[] = [];
  beforeAll(async () => {
    const graph = await declaredGraph(stack);
    own = ofSystem(graph.resources, "omniverse");
  });
  const at = (site: string) => cronJobs(own).filter(({ provider }) => provider?.name === site);
  const named = (site: string, name: string): Resource => {
    const found = at(site).find((one) => nameOf(one) === name);
    if (found === undefined) throw new Error(`no CronJob ${name} at ${site}`);
    return found;
  };
  /** What runs by itself at the first site: all of it is needed wherever people are served. */
  const serving = () => at("primary").flatMap((one) => (specOf(one).suspend === true ? [] : (nameOf(one) ?? "")));
  const envOf = (job: string, key: string) => containerOf(named("secondary", job)).env.get(key);
  const rulesOf = (site: string): Rule[] =>
    own
      .filter(({ type, provider }) => type.endsWith(":PrometheusRule") && provider?.name === site)
      .flatMap(({ props }) => (props.spec as never as { groups: { rules: Rule[] }[] }).groups)
      .flatMap(({ rules }) => rules);

  it("are those that run by themselves at the first, and do there what they do here", () => {
    expect(serving().length).toBeGreaterThan(10);
    for (const name of serving()) {
      const [first, second] = [named("primary", name), named("secondary", name)];
      expect(specOf(second).suspend, name).toBe(true);
      expect(specOf(second).schedule, name).toBe(specOf(first).schedule);
      // What network policies let through is decided by labels.
      const labels = (one: Resource) => specOf(one).jobTemplate.spec.template.metadata.labels;
      expect(labels(second), name).toEqual(labels(first));
      expect(containerOf(second).command, name).toEqual(containerOf(first).command);
      for (const key of ["BUCKET", "BUCKET_REGION", "OPERATIONS_PREFIX"]) {
        expect(containerOf(second).env.get(key), `${name} ${key}`).toBe(containerOf(first).env.get(key));
      }
    }
  });

  it("copy into folders of their own: two that both believe they serve never write into one", () => {
    for (const name of backupJobs) {
      const sites = [named("primary", name), named("secondary", name)].map((one) => containerOf(one).env);
      const asset = name.replace("omniverse-backup-", "");
      expect(sites.map((env) => env.get("PREFIX"))).toEqual([`backups/${asset}/primary`, `backups/${asset}/secondary`]);
      expect(sites[1]?.get("SITES")).toBe(sites[0]?.get("SITES"));
    }
  });

  it("put the assets together on a claim at both sites: a disk of each pod would hold no lock against another's", () => {
    for (const site of ["primary", "secondary"]) {
      const { volumes } = specOf(named(site, jobNames.assets)).jobTemplate.spec.template.spec;
      const claim = volumes.find(({ name }) => name === "mirror")?.persistentVolumeClaim?.claimName;
      const claims = own.filter(
        ({ type, provider }) => type.endsWith(":PersistentVolumeClaim") && provider?.name === site,
      );
      const found = claims.filter((one) => nameOf(one) === claim).map(({ props }) => props.spec);
      expect(found, site).toMatchObject([{ accessModes: ["ReadWriteMany"] }]);
    }
  });

  it("ask the database, the bucket and the address of their own site", () => {
    const replicated = containerOf(named("primary", jobNames.orphans)).env.get("REPLICA_BUCKET");
    const address = containerOf(named("primary", jobNames.health)).env.get("PRIMARY_URL") ?? "none";
    for (const name of serving()) {
      const { env } = containerOf(named("secondary", name));
      expect(env.get("ASSET_BUCKET"), name).toBe(replicated);
      expect([...env.values()], name).not.toContain(address);
    }
    for (const name of [jobNames.dump, jobNames.restorable, ...Object.values(choreNames)]) {
      expect(envOf(name, "DB_INSTANCE"), name).toMatch(/-replica$/);
    }
    // Nothing is carried on from there, so nobody is to miss it.
    expect(containerOf(named("secondary", jobNames.restorable)).env.has("CARRIED_REGION")).toBe(false);
  });

  it("are woken by resume of each failover and at home by the end of fail-back, and sent to sleep by stand-down, all of them", () => {
    const wakers = cronJobs(own).filter((one) => containerOf(one).env.has("WAKE"));
    expect(wakers.map((one) => `${one.provider?.name} ${nameOf(one)}`).sort()).toEqual([
      "primary omniverse-fail-back-dns",
      "secondary omniverse-database-in-secondary-resume",
      "secondary omniverse-promote-replica-resume",
    ]);
    for (const one of wakers) {
      const woken = containerOf(one).env.get("WAKE")?.split(" ") ?? [];
      expect([...woken].sort()).toEqual(serving().sort());
      expect(woken.slice(0, backupJobs.length)).toEqual(backupJobs);
      expect(containerOf(one).env.get("RUN_NOW")).toBe(firstCopies.join(" "));
    }
    expect(envOf("omniverse-stand-down-stop", "SLEEP")?.split(" ").sort()).toEqual(serving().sort());
  });

  it.each(["primary", "secondary"])("are the only CronJobs that a recovery may change at the %s", (site) => {
    const rules = own
      .filter(({ type, name }) => type.endsWith(":Role") && name.startsWith(`omniverse-${site}-recovery`))
      .flatMap(({ props }) => props.rules as never as { resources: string[]; resourceNames?: string[] }[])
      .filter(({ resources }) => resources.includes("cronjobs"));
    expect(rules.map((rule) => ({ ...rule, resourceNames: rule.resourceNames?.toSorted() }))).toEqual([
      { apiGroups: ["batch"], resources: ["cronjobs"], resourceNames: serving().sort(), verbs: ["get", "patch"] },
    ]);
  });

  it("are watched by the alerts of the first site, and one tells that they sleep while it serves", () => {
    const alerts = (site: string) => rulesOf(site).flatMap(({ alert }) => alert ?? []);
    const missing = alerts("primary").filter((alert) => !alerts("secondary").includes(alert));
    // Nothing is carried on from there.
    expect(missing).toEqual(["OmniverseBackupsNotCarried"]);
    for (const site of ["primary", "secondary"]) expect(alerts(site), site).toContain("OmniverseJobsAsleep");
    const recorded = (site: string) => rulesOf(site).flatMap(({ record }) => record ?? []);
    expect(recorded("secondary")).toEqual(recorded("primary"));
  });

  it.each(["primary", "secondary"])("let the gates of a deployment be closed at the %s", (site) => {
    const { env } = containerOf(named(site, "omniverse-deployment-gates"));
    const required = env.get("REQUIRED_ALERTS")?.split(" ") ?? [];
    const there = new Set(rulesOf(site).map(({ alert }) => alert));
    expect(required.length).toBeGreaterThan(5);
    expect(required.filter((alert) => !there.has(alert))).toEqual([]);
    // What pushes that a copy was read back runs at the site whose Prometheus is asked.
    for (const name of [jobNames.verifyDatabase, jobNames.verifyAssets]) {
      const pushed = containerOf(named(site, name)).env.get("PUSHGATEWAY_URL");
      expect(pushed, name).toBe(env.get("PUSHGATEWAY_URL"));
    }
  });
});
