import { describe, expect, it } from "vitest";
import { readBootstrapConfig } from "../../bootstrap/config";
import { ConfigError } from "../../systems/config/problems";
import { type Changes, changed } from "./declared";

const read = (changes: Changes, isSecret: (key: string) => boolean = () => false) =>
  readBootstrapConfig({ stack: "main", values: changed(changes), isSecret });

/** The problems of a configuration as the reader sees them, a line each. */
function problems(changes: Changes, isSecret?: (key: string) => boolean): string[] {
  try {
    read(changes, isSecret);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split("\n").map((line) => line.trim().replace(/ {2,}/, " "));
  }
  return [];
}

const one = (problem: string) => ["Pulumi.main.yaml has 1 problem:", problem];

describe("the configuration of the bootstrap", () => {
  it("is right in the example, with what it leaves out", () => {
    const { state, evidence, github, stacks } = read({});
    expect(state).toEqual({ bucket: "company-holdfast-state", project: "holdfast", lock: "35d", keepBackups: "400d" });
    expect(evidence).toMatchObject({ lock: "400d", expire: "800d" });
    expect(github.trustedIn).toEqual([]);
    expect(Object.keys(stacks)).toEqual(["prod", "staging"]);
  });

  it.each<[string, Changes, string]>([
    [
      "an unknown setting, with the nearest known one",
      { "state.buckets": ["x"] },
      'bootstrap:state.buckets is not a setting; did you mean "bucket"?',
    ],
    [
      "a whole repository where its name belongs",
      { "github.repository": "example/holdfast" },
      'bootstrap:github.repository must be the name of the repository without its owner, such as "holdfast", got "example/holdfast"',
    ],
    [
      "an owner that would trust others",
      { "github.owner": "*" },
      'bootstrap:github.owner must be the owner of the repository such as "example", got "*"',
    ],
    [
      "one number without the other",
      { "github.ownerId": "123" },
      "bootstrap:github.repositoryId must be set where the other number is: GitHub's subject has both or none",
    ],
    [
      "an account that YAML took for a number",
      { "home.account": 555555555555 },
      'bootstrap:home.account must be a quoted account number of 12 digits, such as "123456789012", got 555555555555',
    ],
    [
      "a zone where a region belongs",
      { "home.region": "eu-central-1a" },
      'bootstrap:home.region must be a region of AWS such as "eu-central-1", got "eu-central-1a"',
    ],
    [
      "a copy in the same region",
      { "home.replica": "eu-central-1" },
      'bootstrap:home.replica must be another region than region eu-central-1, got "eu-central-1"',
    ],
    [
      "a copy of a key in the same region",
      { "stacks.prod.replica": "eu-central-1" },
      'bootstrap:stacks.prod.replica must be another region than region eu-central-1, got "eu-central-1"',
    ],
    [
      "half a day of lock",
      { "state.lock": "36h" },
      'bootstrap:state.lock must be a duration of whole days such as "45d", got "36h"',
    ],
    [
      "evidence that expires before its lock ends",
      { "evidence.expire": "400d" },
      'bootstrap:evidence.expire must be longer than lock 400d: what is locked cannot expire, got "400d"',
    ],
    [
      "backups of the state that expire before their lock ends",
      { "state.keepBackups": "7d" },
      'bootstrap:state.keepBackups must be longer than lock 35d: what is locked cannot expire, got "7d"',
    ],
    [
      "a bucket's name that has no room for its copy's",
      { "state.bucket": "c".repeat(60) },
      `bootstrap:state.bucket must leave room for "-replica" in 63 characters, got "${"c".repeat(60)}"`,
    ],
    [
      "evidence among the copies of the state",
      { "evidence.bucket": "company-holdfast-state-replica" },
      'bootstrap:evidence.bucket must be a bucket that nothing else here uses, got "company-holdfast-state-replica"',
    ],
    [
      "a stack that would make the state's bucket",
      {
        "stacks.prod.systems.omendb.buckets": ["company-omendb-prod-backups", "company-holdfast-state"],
      },
      'bootstrap:stacks.prod.systems.omendb.buckets[1] must be a bucket that nothing else here uses, got "company-holdfast-state"',
    ],
    [
      "two stacks that make one bucket",
      {
        "stacks.staging.systems.omendb.buckets": ["company-omendb-prod-backups"],
        "stacks.staging.systems.omendb.objects": [],
      },
      'bootstrap:stacks.staging.systems.omendb.buckets[0] must be a bucket that nothing else here uses, got "company-omendb-prod-backups"',
    ],
    [
      "buckets by a pattern, which would reach into their objects",
      { "stacks.prod.systems.omendb.buckets": ["company-omendb-prod-*"] },
      'bootstrap:stacks.prod.systems.omendb.buckets[0] must be a bucket name such as "company-omendb-backups", got "company-omendb-prod-*"',
    ],
    [
      "objects of somebody else's bucket",
      { "stacks.prod.systems.omendb.objects": ["company-payroll/kit/*"] },
      'bootstrap:stacks.prod.systems.omendb.objects[0] must be in a bucket of omendb (company-omendb-prod-backups), got "company-payroll/kit/*"',
    ],
    [
      "all objects of a bucket",
      { "stacks.prod.systems.omendb.objects": ["company-omendb-prod-backups/*"] },
      'bootstrap:stacks.prod.systems.omendb.objects[0] must be objects of a bucket such as "company-backups/recovery-kit/*", got "company-omendb-prod-backups/*"',
    ],
    [
      "a deployment that could widen itself",
      { "stacks.prod.systems.omendb.roles": ["omendb-prod-*", "holdfast-prod"] },
      'bootstrap:stacks.prod.systems.omendb.roles[1] must not reach the roles of CI, holdfast-*, got "holdfast-prod"',
    ],
    [
      "the same, by a pattern",
      { "stacks.prod.systems.omendb.roles": ["hold*"] },
      'bootstrap:stacks.prod.systems.omendb.roles[0] must not reach the roles of CI, holdfast-*, got "hold*"',
    ],
    [
      "a stack that is called as an environment that only looks",
      { "stacks.prod-preview": { account: "111111111111", region: "eu-central-1", replica: "eu-west-1" } },
      'bootstrap:stacks.prod-preview must not be "home", nor end in "-preview" or "-replica": other things here are called so',
    ],
    ["no stack", { stacks: {} }, "bootstrap:stacks must name at least one stack such as prod"],
    [
      "a subscription that is none",
      {
        "stacks.prod.azure": {
          tenant: "00000000-0000-0000-0000-000000000001",
          subscription: "analytics",
          location: "westeurope",
        },
      },
      'bootstrap:stacks.prod.azure.subscription must be the id of a subscription, such as "00000000-0000-0000-0000-000000000000", got "analytics"',
    ],
    [
      "a network that is none",
      { "stacks.prod.systems.omniverse.services": { networks: ["vpc-*"] } },
      'bootstrap:stacks.prod.systems.omniverse.services.networks[0] must be the id of a VPC such as "vpc-0123456789abcdef0", got "vpc-*"',
    ],
    [
      "all databases of an account",
      { "stacks.prod.systems.omniverse.services": { databases: ["*"] } },
      'bootstrap:stacks.prod.systems.omniverse.services.databases[0] must be the identifier of an instance of RDS, or several as "omniverse-prod*", got "*"',
    ],
    [
      "all secrets of an account",
      { "stacks.prod.systems.omniverse.services": { secrets: ["*"] } },
      'bootstrap:stacks.prod.systems.omniverse.services.secrets[0] must be the name of a secret, or several as "omniverse-prod-*", got "*"',
    ],
    [
      "a copy of somebody else's bucket",
      {
        "stacks.prod.systems.omniverse.services": {
          replications: [
            { from: "company-payroll", to: "company-omniverse-prod-assets", role: "omniverse-prod-replication" },
          ],
        },
      },
      'bootstrap:stacks.prod.systems.omniverse.services.replications[0].from must be a bucket of omniverse (company-omniverse-prod-assets, company-omniverse-prod-assets-replica, company-omniverse-prod-backups), got "company-payroll"',
    ],
    [
      "a copy by a role that the stack does not make",
      {
        "stacks.prod.systems.omniverse.services": {
          replications: [
            {
              from: "company-omniverse-prod-assets",
              to: "company-omniverse-prod-assets-replica",
              role: "holdfast-prod",
            },
          ],
        },
      },
      'bootstrap:stacks.prod.systems.omniverse.services.replications[0].role must be a role of omniverse (omniverse-prod-*), got "holdfast-prod"',
    ],
    [
      "jobs that would hide somebody else's objects",
      { "stacks.prod.systems.omniverse.services": { hidden: ["company-omendb-prod-backups-2/*"] } },
      'bootstrap:stacks.prod.systems.omniverse.services.hidden[0] must be in a bucket of omniverse (company-omniverse-prod-assets, company-omniverse-prod-assets-replica, company-omniverse-prod-backups), got "company-omendb-prod-backups-2/*"',
    ],
    [
      "one bucket of two systems",
      { "stacks.prod.systems.platform.buckets": ["company-omendb-prod-backups", "company-platform-prod-exports"] },
      'bootstrap:stacks.prod.systems.platform.buckets[0] must be a bucket that nothing else here uses, got "company-omendb-prod-backups"',
    ],
    [
      "objects in a bucket of another system",
      { "stacks.prod.systems.omniverse.objects": ["company-omendb-prod-backups/recovery-kit/*"] },
      'bootstrap:stacks.prod.systems.omniverse.objects[0] must be in a bucket of omniverse (company-omniverse-prod-assets, company-omniverse-prod-assets-replica, company-omniverse-prod-backups), got "company-omendb-prod-backups/recovery-kit/*"',
    ],
    [
      "a role that two systems would bound",
      { "stacks.prod.systems.platform.roles": ["platform-*", "omniverse-*"] },
      'bootstrap:stacks.prod.systems.platform.roles[1] must not meet "omniverse-prod-*" of omniverse, got "omniverse-*"',
    ],
    [
      "the same, by a whole name",
      { "stacks.prod.systems.platform.roles": ["omendb-prod-writer"] },
      'bootstrap:stacks.prod.systems.platform.roles[0] must not meet "omendb-prod-*" of omendb, got "omendb-prod-writer"',
    ],
    [
      "secrets of two systems",
      { "stacks.prod.systems.omendb.services": { secrets: ["omniverse-prod-postgres"] } },
      'bootstrap:stacks.prod.systems.omniverse.services.secrets[0] must not meet "omniverse-prod-postgres" of omendb, got "omniverse-prod-*"',
    ],
    [
      "a name that two systems would write",
      { "stacks.prod.systems.platform.records": { Z0123456789EXAMPLE: ["omendb.example.com"] } },
      'bootstrap:stacks.prod.systems.platform.records.Z0123456789EXAMPLE[0] must be a name that omendb does not write, got "omendb.example.com"',
    ],
    [
      "two platforms",
      { "stacks.prod.systems.omendb.platform": { exporter: "omendb-prod-export", recoverer: "omendb-prod-recovery" } },
      "bootstrap:stacks.prod.systems.platform.platform must be left out: omendb is the platform of this stack",
    ],
    [
      "more names than a policy has room for",
      {
        "stacks.prod.systems.omniverse.services.hidden": Array.from(
          { length: 60 },
          (_, index) => `company-omniverse-prod-assets/${index + 10}/*`,
        ),
      },
      "bootstrap:stacks.prod.systems.omniverse must name less: the boundary policy may have 6144 characters, got 6415",
    ],
  ])("refuses %s", (_, changes, problem) => {
    expect(problems(changes)).toEqual(one(problem));
  });

  it("tells all problems at once, of what can be read as well", () => {
    const found = problems({ "github.owner": 5, "home.replica": "eu-central-1", "evidence.expire": "1d" });
    expect(found[0]).toBe("Pulumi.main.yaml has 3 problems:");
    expect(found.slice(1).map((line) => line.split(" ")[0])).toEqual([
      "bootstrap:github.owner",
      "bootstrap:home.replica",
      "bootstrap:evidence.expire",
    ]);
  });

  it("shows no value of a secret setting", () => {
    const found = problems({ "home.replica": "eu-central-1" }, (key) => key === "bootstrap:home");
    expect(found).toEqual(one("bootstrap:home.replica must agree with the other settings, got [secret]"));
  });

  it("refuses settings of a provider, which would reach another account", () => {
    const values = { ...changed({}), "aws:profile": "somebody" };
    expect(() => readBootstrapConfig({ stack: "main", values, isSecret: () => false })).toThrow(
      /aws:profile {3}is not/,
    );
  });
});
