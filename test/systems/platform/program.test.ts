import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Resource, ResourceGraph } from "../../../policies/graph";
import { blocking, judge } from "../../../policies/judge";
import { jobScripts } from "../../../systems/jobScripts";
import { assetId, assetNames } from "../../../systems/platform/assets";
import { saidInCleanRoom } from "../../../systems/platform/recovery";
import { all, change, type Mutation, region, set, unset, without, withoutAlerts } from "../../policies/mutate";
import { asOf } from "../../recovery/build";
import { declaredGraph } from "../../support/declaredGraph";
import {
  aloneIn,
  containerOf,
  cronJobs,
  hasUnknown,
  kindOf,
  metadataOf,
  neededBy,
  ofSystem,
  summaryOf,
} from "../declared";

let whole: ResourceGraph;
let prod: readonly Resource[] = [];
/** What of production is the platform's, with what all systems share; judged alone, a mutation shows sooner. */
let alone: ResourceGraph;

beforeAll(async () => {
  whole = await declaredGraph("prod");
  prod = ofSystem(whole.resources, "platform");
  alone = aloneIn(whole, "platform");
});

describe("the program of the platform", () => {
  it("declares in prod what the golden file shows", async () => {
    const lines = prod.map(summaryOf).sort();
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../../golden/platform-prod.txt");
  });

  it("declares the same in staging", async () => {
    const staging = ofSystem((await declaredGraph("staging")).resources, "platform");
    const shape = (resources: readonly Resource[]) => resources.map(({ type, name }) => `${type} ${name}`);
    expect(shape(staging)).toEqual(shape(prod));
  });

  it("knows every object before deployment but for the ids that Azure gives, and gives every CronJob a name that the controller accepts", () => {
    const unknown = prod.filter(({ props }) =>
      ["metadata", "spec", "data", "rules"].some((key) => hasUnknown(props[key])),
    );
    // Azure gives an identity its client id when it makes it.
    expect(unknown.map(({ name }) => name)).toEqual(
      ["primary", "secondary"].map((role) => `platform-analytics-${role}-siteCheck-account`),
    );
    const names = cronJobs(prod).map((one) => `${one.provider?.name} ${metadataOf(one).name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => (name.split(" ")[1] ?? "").length > 52)).toEqual([]);
  });

  it("runs scripts that the ConfigMap carries, with every variable that the script and the asset insist on", () => {
    const scripts = jobScripts("platform");
    const problems = cronJobs(prod).flatMap((job) => {
      const { command, env } = containerOf(job);
      const file = path.basename(command[0] ?? "");
      const script = scripts[file];
      if (script === undefined) return [`${job.name}: no script ${file}`];
      const asset = env.get("ASSET")?.split("/")[1];
      const inCleanRoom = (metadataOf(job).name ?? "").startsWith("platform-rebuild-");
      const needed = [
        script,
        ...(asset === undefined ? [] : [scripts["exports.sh"] ?? "", scripts[`${asset}.sh`] ?? ""]),
      ];
      return needed
        .flatMap((one) => neededBy(one, ""))
        .filter((name) => !env.has(name) && !(inCleanRoom && saidInCleanRoom.some((one) => one === name)))
        .map((name) => `${job.name}: ${file} needs ${name}`);
    });
    expect(problems).toEqual([]);
  });

  it("checks every site that has a cluster, under the name that its entry calls the drill", () => {
    const checks = cronJobs(prod).flatMap((job) => {
      const { name = "" } = metadataOf(job);
      return name.startsWith("site-check-") ? [`${job.provider?.name}: ${name}`] : [];
    });
    expect(checks.sort()).toEqual(
      ["analytics-primary", "analytics-secondary", "primary", "secondary"].map((site) => `${site}: site-check-${site}`),
    );
    const register = whole.resources.find(({ name }) => name === "register");
    const sites = register?.props.sites as unknown as { name: string; context?: string; drill: string }[];
    expect(sites.filter(({ context }) => context).map(({ name, drill }) => `${name}: ${drill}`)).toEqual(checks.sort());
  });

  it("rehearses what the systems' recoveries need of it: each entry names a job that is declared", () => {
    const jobs = cronJobs(whole.resources).map((job) => metadataOf(job).name);
    const register = whole.resources.find(({ name }) => name === "register");
    const entries = register?.props.assumptions as unknown as {
      id: string;
      term: string;
      assets: string[];
      drill: string;
    }[];
    const needs = entries.filter(
      ({ term, assets }) => /^need:(?!restorable)/.test(term) && assets.includes("omendb/*"),
    );
    expect(needs.map(({ term }) => term).sort()).toEqual(
      ["capacity", "dns", "images", "keys", "state"].map((what) => `need:${what}`),
    );
    expect(needs.filter(({ drill }) => !jobs.includes(drill)).map(({ id, drill }) => `${id}: ${drill}`)).toEqual([]);
  });

  it.each(["primary", "analytics-primary"])("lets the check of site %s read and nothing more", (site) => {
    const role = prod.find(({ name }) => name === `platform-${site}-siteCheck-cluster-role`);
    const verbs = ((role?.props.rules ?? []) as unknown as { verbs: string[] }[]).flatMap((rule) => rule.verbs);
    expect([...new Set(verbs)].sort()).toEqual(["get", "list"]);
  });

  it("lets the check of a site in Azure read its own group there, by tokens of that cluster alone", () => {
    const props = (name: string) => prod.find((one) => one.name === name)?.props;
    for (const site of ["analytics-primary", "analytics-secondary"]) {
      const own = (what: string) => props(`platform-${site}-site-check-${what}`);
      expect(own("may-read")).toMatchObject({
        roleAssignmentName: expect.stringMatching(
          /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        ),
        roleDefinitionId: expect.stringMatching(/acdd72a7-3385-48ef-bd42-f606fba81ae7$/),
        scope: `/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/${String(own("group")?.resourceGroupName)}`,
      });
      const region = site === "analytics-primary" ? "westeurope" : "northeurope";
      expect(own("trust")).toMatchObject({
        issuer: expect.stringContaining(`https://${region}.oic.prod-aks.azure.com/`),
        subject: "system:serviceaccount:platform:platform-site-check",
      });
    }
    const roles = prod.filter(({ type }) => kindOf(type) === "RoleAssignment");
    expect(roles).toHaveLength(2);
  });

  it("gives a site in Azure the scripts of its check, and the pod what they ask Azure with", () => {
    const scripts = prod.find(({ name }) => name === "platform-analytics-primary-platform-jobs")?.props.data ?? {};
    expect(Object.keys(scripts).sort()).toEqual(["account.sh", "azure.sh", "common.sh", "site-check.sh"]);
    const job = cronJobs(prod).find((one) => metadataOf(one).name === "site-check-analytics-primary");
    if (!job) throw new Error("site-check-analytics-primary is not declared");
    const { env } = containerOf(job);
    expect(["ARM_URL", "AZURE_AUTHORITY_HOST", "AZURE_TENANT_ID"].filter((name) => !env.has(name))).toEqual([]);
    expect(JSON.stringify(job.props.spec)).toContain('"azure.workload.identity/use":"true"');
  });

  it("tells of an Azure site that differs or is not checked, and of its failed jobs, where it is", () => {
    const rules = JSON.stringify(prod.find(({ name }) => name === "platform-analytics-primary-alerts-rules")?.props);
    for (const alert of ["PlatformSiteDiffers", "PlatformSiteUnchecked", "PlatformJobFailed"])
      expect(rules).toContain(`"${alert}"`);
    expect(rules).toContain('site=\\"analytics-primary\\"');
  });

  it("lets nobody delete an object of a cluster, and the recovery only look at what gives rights", () => {
    const rules = prod.flatMap(
      ({ props }) => (props.rules ?? []) as unknown as { resources?: string[]; verbs: string[] }[],
    );
    const verbs = (of: (resource: string) => boolean) =>
      [...new Set(rules.filter(({ resources = [] }) => resources.some(of)).flatMap((rule) => rule.verbs))].sort();
    expect(verbs(() => true)).toEqual(["create", "get", "list", "patch", "update"]);
    expect(verbs((one) => /role/.test(one))).toEqual(["get", "list"]);
  });

  it("tells every step of a recovery for how long an incident holds, and how strict it is to be", () => {
    const told = cronJobs(prod).flatMap((job) => {
      const { name = "" } = metadataOf(job);
      const [, path] = /^platform-(mend|restore|rebuild)-/.exec(name) ?? [];
      const { env } = containerOf(job);
      const words = ["INCIDENT_HOURS", "IN_PLACE", "CLEAN_ROOM"].map((one) => env.get(one) ?? "");
      return path === undefined ? [] : [`${path} ${words.join(" ").trim()}`];
    });
    expect([...new Set(told)].sort()).toEqual(["mend 12 yes", "rebuild 12  yes", "restore 12"]);
  });

  it("gives the check of a site what is said of sites that nothing here can look at", () => {
    const claims = prod.find(({ name }) => name === "platform-primary-platform-site")?.props.data as {
      "claims.json": string;
    };
    expect(JSON.parse(claims["claims.json"]).unreached).toMatchObject([
      { name: "clean-room", account: "222222222222", drill: "clean-room-check", expires: "2027-03-01" },
    ]);
  });

  it("reads Secrets of Kubernetes nowhere, and secrets of the store in one job alone", () => {
    const rules = prod.flatMap(({ props }) => (props.rules ?? []) as unknown as { resources?: string[] }[]);
    expect(rules.flatMap(({ resources = [] }) => resources).filter((one) => /secret|^\*$/.test(one))).toEqual([]);
    const readers = prod
      .filter(({ type }) => kindOf(type) === "RolePolicy")
      .filter(({ props }) => String(props.policy).includes("secretsmanager:GetSecretValue"));
    expect(readers.map(({ name }) => name)).toEqual(["platform-keys-policy"]);
    const accounts = cronJobs(prod).filter((job) => JSON.stringify(job.props.spec).includes('"platform-keys"'));
    expect(accounts.map((job) => metadataOf(job).name)).toEqual(["platform-export-keys"]);
  });

  it("lets nobody in AWS delete an export, bypass its lock, or delete anything but what Pulumi locks a state with", () => {
    const actions = prod
      .filter(({ type }) => kindOf(type) === "RolePolicy")
      .flatMap(({ name, props }) =>
        (JSON.parse(String(props.policy)) as { Statement: { Action: string[]; Resource: string[] }[] }).Statement.map(
          (one) => ({ name, ...one }),
        ),
      );
    const deleting = actions.filter(({ Action }) => Action.some((one) => /Delete|Bypass|\*/.test(one)));
    expect(deleting.map(({ name, Resource }) => `${name} ${Resource.join()}`)).toEqual([
      "platform-recovery-policy arn:aws:s3:::company-holdfast-state-replica/.pulumi/locks/organization/holdfast/prod/*",
    ]);
  });

  it("declares nothing for the clean room that lies in the account that is lost", () => {
    const declared = cronJobs(prod)
      .filter((job) => (metadataOf(job).name ?? "").startsWith("platform-rebuild-"))
      .flatMap((job) => [...containerOf(job).env].filter(([name]) => saidInCleanRoom.some((one) => one === name)));
    expect(declared).toEqual([]);
  });

  it("puts into the recovery kit every job of the other site", () => {
    const kit = prod.find(({ name }) => name === "platform-kit-manifests");
    for (const name of assetNames) expect(String(kit?.props.content)).toContain(`platform-rebuild-${name}-restore`);
  });
});

describe("the platform's promises", () => {
  it("are kept in prod and staging, each asset for each disruption, without a finding", async () => {
    for (const graph of [whole, await declaredGraph("staging")]) {
      const { assessments, findings } = judge(graph, asOf);
      expect(findings.map(({ message }) => message)).toEqual([]);
      const own = assessments.filter(({ asset }) => asset.startsWith("platform/"));
      expect(new Set(own.map(({ asset }) => asset))).toEqual(new Set(assetNames.map(assetId)));
      expect(own).toHaveLength(assetNames.length * 6);
      expect(own.filter(({ verdict }) => verdict !== "assumed" && verdict !== "proven")).toEqual([]);
    }
  });

  const taken = "platform-export-state-cron";
  const restore = "platform-restore-state-restore";
  const lock = "platform-exports-lock";
  const rules = "platform-primary-alerts-rules";
  const noEntry = (id: string): Mutation =>
    change("register", "assumptions", (list) =>
      Array.isArray(list) ? list.filter((one) => (one as { id?: unknown }).id !== id) : list,
    );

  it.each<[string, Mutation, string, string[]]>([
    ["exports once a day", set(taken, "spec.schedule", "23 3 * * *"), "rpo-is-met", ["platform/state", "region"]],
    ["exports that are suspended", set(taken, "spec.suspend", true), "schedules-run", ["platform-export-state"]],
    [
      "an export without a deadline",
      unset(taken, "spec.jobTemplate.spec.activeDeadlineSeconds"),
      "runs-are-bounded",
      ["platform-export-state"],
    ],
    [
      "exports in the same region",
      region("secondary-aws", "eu-central-1"),
      "a-copy-is-outside-the-region",
      ["platform/dns"],
    ],
    [
      "a lock in governance mode",
      set(lock, "rule.defaultRetention.mode", "GOVERNANCE"),
      "a-copy-cannot-be-deleted",
      ["governance"],
    ],
    ["no lock", without(lock), "a-copy-cannot-be-deleted", ["platform/keys"]],
    [
      "exports kept for 20 days",
      all(
        set(lock, "rule.defaultRetention.days", 19),
        set("platform-exports-lifecycle", "rules[0].expiration.days", 20),
      ),
      "restore-points-are-kept",
      ["platform/registry", "30d"],
    ],
    [
      "a restore that takes longer than the promise",
      set(restore, "spec.jobTemplate.spec.activeDeadlineSeconds", 86_400),
      "rto-is-met",
      ["platform/state", "region"],
    ],
    [
      "a restore that runs by itself",
      set(restore, "spec.suspend", false),
      "links-resolve",
      ["platform-restore-state-restore"],
    ],
    [
      "no drill of the state",
      without("platform-drill-state-cron"),
      "recovery-is-rehearsed",
      ["platform/state", "drill"],
    ],
    [
      "no verification of the names",
      without("platform-verify-dns-cron"),
      "recovery-is-rehearsed",
      ["platform/dns", "verification"],
    ],
    ["no freshness alerts", withoutAlerts("freshness"), "each-objective-has-an-alert", ["platform/state"]],
    ["no alert on overdue drills", withoutAlerts("drill"), "each-objective-has-an-alert", ["overdue drill"]],
    ["no watchdog", withoutAlerts("watchdog"), "each-objective-has-an-alert", ["alerting that stopped"]],
    ["no alerts at all", without(rules), "each-objective-has-an-alert", ["platform/clusters"]],
    ["nobody asks for the region", without("platform-secondary-region-probe"), "rto-is-met", ["region"]],
    ["no alert on monitoring that is lost", withoutAlerts("detection"), "rto-is-met", ["platform/monitoring", "zone"]],
    [
      "no scrape of the Pushgateway",
      without("platform-primary-pushgateway-monitor"),
      "each-objective-has-an-alert",
      ["scrapes"],
    ],
    ["nobody's word for the services", noEntry("platform-managed"), "rto-is-met", ["platform/state", "zone"]],
    [
      "a service that nobody knows",
      set("platform-state", "asset.service", "floppy"),
      "links-resolve",
      ["platform/state"],
    ],
    [
      "assets at a site that is not there",
      set("platform-dns", "asset.site", "tertiary"),
      "links-resolve",
      ["platform/dns"],
    ],
    ["no recovery kit", without("platform-kit-manifests"), "links-resolve", ["kit"]],
    [
      "a recovery kit whose lock has ended",
      set("platform-kit-manifests", "objectLockRetainUntilDate", "2026-01-01T00:00:00Z"),
      "links-resolve",
      ["its lock ended"],
    ],
    ["an account that nobody made", without("platform-primary-keys-account"), "links-resolve", ["serviceAccountName"]],
  ])("are broken by %s, which is a mandatory finding", (_, mutation, rule, says) => {
    const found = blocking(judge(mutation(alone), asOf)).filter((one) => one.rule === rule);
    const texts = found.map((one) => JSON.stringify(one));
    expect(texts.some((text) => says.every((words) => text.includes(words))) ? "said" : texts).toBe("said");
  });

  it("are kept by the platform alone, so that the mutations above start from none", () => {
    expect(blocking(judge(alone, asOf)).filter(({ message }) => !message.includes("omendb"))).toEqual([]);
  });
});
