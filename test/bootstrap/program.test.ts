import { beforeAll, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../policies/graph";
import type { Loaded } from "../../preview/offline";
import { loadGraph } from "../../preview/offline";
import { type Changes, declared, named, policyOf, program } from "./declared";
import { decide } from "./iam";

let example: Loaded;
beforeAll(async () => {
  example = await loadGraph({ program, stack: "main" });
});

/** Names of the resources of a type, in order. */
function names({ graph }: Loaded, type: string): string[] {
  return graph.resources
    .filter((one) => one.type.endsWith(`:${type}`))
    .map(({ name }) => name)
    .sort();
}

describe("the program of the bootstrap", () => {
  it("makes this and nothing else", () => {
    const counts: Record<string, number> = {};
    for (const { type } of example.graph.resources.filter((one) => one.type.startsWith("aws:"))) {
      const kind = type.split(":").at(-1) ?? "";
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    expect(counts).toEqual({
      Alias: 4,
      Bucket: 3,
      BucketLifecycleConfiguration: 3,
      BucketObjectLockConfiguration: 3,
      BucketPolicy: 3,
      BucketPublicAccessBlock: 3,
      BucketReplicationConfig: 1,
      BucketServerSideEncryptionConfiguration: 3,
      BucketVersioning: 3,
      Key: 2,
      OpenIdConnectProvider: 2,
      Policy: 16,
      ReplicaKey: 2,
      Role: 5,
      RolePolicy: 5,
      RolePolicyAttachment: 14,
    });
  });

  it("gives a role of CI what it may do in services of AWS, and the one that only looks no changes", () => {
    const given = example.graph.resources.filter(({ type }) => type.endsWith(":RolePolicyAttachment"));
    expect(given.map(({ name, props }) => [name, props.role])).toEqual(
      ["prod", "staging"].flatMap((stack) => [
        [`${stack}-deploy-edge-changes`, `holdfast-${stack}`],
        [`${stack}-deploy-edge-reads`, `holdfast-${stack}`],
        [`${stack}-deploy-role-changes`, `holdfast-${stack}`],
        [`${stack}-deploy-service-changes`, `holdfast-${stack}`],
        [`${stack}-deploy-service-reads`, `holdfast-${stack}`],
        [`${stack}-preview-edge-reads`, `holdfast-${stack}-preview`],
        [`${stack}-preview-service-reads`, `holdfast-${stack}-preview`],
      ]),
    );
  });

  it("makes nothing of the kind for a stack that says nothing of services", async () => {
    const { graph } = await declared({ "stacks.prod.systems.omniverse.services": undefined });
    const made = graph.resources.filter(({ name }) => name.startsWith("prod-") && name.includes("service"));
    expect(made).toEqual([]);
    const policies = ["prod-omniverse-boundary", "prod-preview-policy", "prod-deploy-policy"].flatMap(
      (name) =>
        policyOf(named({ graph } as Loaded, name.endsWith("boundary") ? "Policy" : "RolePolicy", name)).Statement,
    );
    const allowed = policies.filter(
      ({ Effect, Action = [] }) =>
        Effect === "Allow" && Action.some((one) => /^(rds|ec2|sns|cloudwatch):|CreateGrant|PassRole/.test(one)),
    );
    expect(allowed).toEqual([]);
  });

  it("declares the same every time", async () => {
    expect((await loadGraph({ program, stack: "main" })).graph.resources).toEqual(example.graph.resources);
  });

  it("protects what keeps something: buckets, keys, their copies, and the bound of what is deployed", () => {
    const kept = example.graph.resources.filter(
      ({ type, name }) => /^aws:(s3|kms)/.test(type) || /-boundary$/.test(name),
    );
    expect(kept).toHaveLength(36);
    expect(kept.filter(({ protect }) => !protect).map(({ name }) => name)).toEqual([]);
  });

  it("reaches three accounts, each by its number and from no other", () => {
    const providers = example.graph.resources.filter(({ type }) => type === "pulumi:providers:aws");
    expect(
      Object.fromEntries(providers.map(({ name, props }) => [name, [props.region, props.allowedAccountIds]])),
    ).toEqual({
      home: ["eu-central-1", '["555555555555"]'],
      "home-replica": ["eu-west-1", '["555555555555"]'],
      prod: ["eu-central-1", '["111111111111"]'],
      "prod-replica": ["eu-west-1", '["111111111111"]'],
      staging: ["eu-central-1", '["333333333333"]'],
      "staging-replica": ["eu-west-1", '["333333333333"]'],
    });
    const without = example.graph.resources.filter((one) => /^aws:/.test(one.type) && one.provider === undefined);
    expect(without).toEqual([]);
  });

  it("takes the profile that an account asks for", async () => {
    const loaded = await declared({ "stacks.prod.profile": "company-prod" });
    expect(named(loaded, "aws", "prod").props.profile).toBe("company-prod");
    expect(named(loaded, "aws", "home").props).not.toHaveProperty("profile");
  });
});

it("a configuration that cannot be stops the program before it declares anything", async () => {
  await expect(declared({ "home.region": "Frankfurt", "state.bucket": "Company State" })).rejects.toThrow(
    /Pulumi\.main\.yaml has 2 problems:\n {2}bootstrap:home\.region .*\n {2}bootstrap:state\.bucket /,
  );
});

describe("the state", () => {
  it("is kept in two regions with versions, a lock that nobody can lift, and TLS only", () => {
    for (const [name, bucket, provider] of [
      ["state", "company-holdfast-state", "home"],
      ["state-replica", "company-holdfast-state-replica", "home-replica"],
    ] as const) {
      const found = named(example, "Bucket", `${name}-bucket`);
      expect(found.provider?.name).toBe(provider);
      expect(found.props).toMatchObject({ bucket, objectLockEnabled: true, forceDestroy: false });
      expect(named(example, "BucketVersioning", `${name}-versioning`).props.versioningConfiguration).toEqual({
        status: "Enabled",
      });
      expect(named(example, "BucketObjectLockConfiguration", `${name}-lock`).props.rule).toEqual({
        defaultRetention: { mode: "COMPLIANCE", days: 35 },
      });
      const [first] = policyOf(named(example, "BucketPolicy", `${name}-policy`)).Statement;
      expect(first).toMatchObject({
        Effect: "Deny",
        Principal: "*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
    }
  });

  it("never expires while it is in use, and outlives its replacement as long as its lock", () => {
    for (const name of ["state", "state-replica"]) {
      const { rules } = named(example, "BucketLifecycleConfiguration", `${name}-lifecycle`).props;
      expect(rules).toMatchObject([
        { filter: { prefix: ".pulumi/backups/" }, expiration: { days: 400 } },
        { filter: { prefix: "" }, noncurrentVersionExpiration: { noncurrentDays: 35 } },
        { expiration: { expiredObjectDeleteMarker: true } },
      ]);
      // The rules that reach everything name no age at which what is current goes.
      expect(JSON.stringify((rules as object[]).slice(1))).not.toContain('"days"');
    }
  });

  it("is copied with its locks by a role that can do just that, and deletions are not", () => {
    const { role, bucket, rules } = named(example, "BucketReplicationConfig", "state-replication").props;
    expect([bucket, role]).toEqual(["company-holdfast-state", "arn:aws:iam::555555555555:role/holdfast-state-copier"]);
    const all = rules as { id: string; priority: number; filter: { prefix: string } }[];
    expect(all.map(({ id, priority, filter }) => [id, priority, filter.prefix])).toEqual([
      ["metayaml", 1, ".pulumi/meta.yaml"],
      ["stacks", 2, ".pulumi/stacks/"],
      ["history", 3, ".pulumi/history/"],
      ["backups", 4, ".pulumi/backups/"],
    ]);
    for (const rule of all) {
      expect(rule).toMatchObject({
        status: "Enabled",
        deleteMarkerReplication: { status: "Disabled" },
        destination: {
          bucket: "arn:aws:s3:::company-holdfast-state-replica",
          replicationTime: { status: "Enabled", time: { minutes: 15 } },
          metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
        },
      });
    }
    const copier = policyOf(named(example, "RolePolicy", "state-copier-policy"));
    const source = "arn:aws:s3:::company-holdfast-state/.pulumi/stacks/holdfast/prod.json";
    const copy = source.replace("state/", "state-replica/");
    const decided = ([action, resource]: readonly [string, string]) => decide(copier, { action, resource });
    expect(
      (
        [
          ["s3:GetObjectVersionForReplication", source],
          ["s3:GetObjectRetention", source],
          ["s3:ReplicateObject", copy],
          ["s3:ReplicateDelete", copy],
          ["s3:ReplicateObject", source],
          ["s3:PutObject", copy],
        ] as const
      ).map(decided),
    ).toEqual(["allowed", "allowed", "allowed", "refused", "refused", "refused"]);
  });

  it("is opened by its bucket to the roles of CI in other accounts, each for its stack", () => {
    const policy = policyOf(named(example, "BucketPolicy", "state-policy"));
    const by = (role: string, action: string, key: string, secure = "true") =>
      decide(policy, {
        action,
        resource: `arn:aws:s3:::company-holdfast-state/${key}`,
        context: { "aws:PrincipalArn": role, "aws:SecureTransport": secure },
      });
    const deploy = "arn:aws:iam::111111111111:role/holdfast-prod";
    const look = "arn:aws:iam::111111111111:role/holdfast-prod-preview";
    const own = ".pulumi/stacks/holdfast/prod.json";
    expect([by(deploy, "s3:GetObject", own), by(deploy, "s3:PutObject", own)]).toEqual(["allowed", "allowed"]);
    expect([by(look, "s3:GetObject", own), by(look, "s3:PutObject", own)]).toEqual(["allowed", "refused"]);
    expect(by(deploy, "s3:GetObject", own.replace("prod", "staging"))).toBe("refused");
    expect(by(deploy, "s3:DeleteObject", own)).toBe("refused");
    expect(by(deploy, "s3:GetObject", own, "false")).toBe("denied");
    expect(by("arn:aws:iam::111111111111:role/anybody", "s3:GetObject", own)).toBe("refused");
    expect(policy.Statement[1]?.Principal).toEqual({
      AWS: ["arn:aws:iam::111111111111:root", "arn:aws:iam::333333333333:root"],
    });
  });

  it.each([
    ["", "platform-export", ["allowed", "refused", "refused"]],
    ["", "platform-recovery", ["allowed", "refused", "refused"]],
    ["-replica", "platform-export", ["allowed", "refused", "refused"]],
    ["-replica", "platform-recovery", ["allowed", "allowed", "refused"]],
    ["-replica", "platform-verify", ["refused", "refused", "refused"]],
  ])(
    "bucket state%s is read by jobs that copy it or bring it back, which happens elsewhere: %s",
    (suffix, role, may) => {
      const policy = policyOf(named(example, "BucketPolicy", `state${suffix}-policy`));
      const by = (action: string, stack: string) =>
        decide(policy, {
          action,
          resource: `arn:aws:s3:::company-holdfast-state${suffix}/.pulumi/stacks/holdfast/${stack}.json`,
          context: { "aws:PrincipalArn": `arn:aws:iam::111111111111:role/${role}` },
        });
      expect([by("s3:GetObject", "prod"), by("s3:PutObject", "prod"), by("s3:GetObject", "staging")]).toEqual(may);
    },
  );
});

describe("the evidence", () => {
  it("is locked for more than a year, and previews add to their stack's alone", () => {
    expect(named(example, "BucketObjectLockConfiguration", "evidence-lock").props.rule).toEqual({
      defaultRetention: { mode: "COMPLIANCE", days: 400 },
    });
    const policy = policyOf(named(example, "BucketPolicy", "evidence-policy"));
    const adds = (role: string, stack: string, action = "s3:PutObject") =>
      decide(policy, {
        action,
        resource: `arn:aws:s3:::company-holdfast-evidence/${stack}/2026-11-21/evidence.json`,
        context: { "aws:PrincipalArn": role },
      });
    const look = "arn:aws:iam::111111111111:role/holdfast-prod-preview";
    expect([adds(look, "prod"), adds(look, "staging"), adds(look, "prod", "s3:GetObject")]).toEqual([
      "allowed",
      "refused",
      "refused",
    ]);
    expect(adds("arn:aws:iam::111111111111:role/holdfast-prod", "prod")).toBe("refused");
  });
});

describe("the secrets key of a stack", () => {
  it("is in two regions under one alias, in the stack's account", () => {
    const key = named(example, "Key", "prod-secrets-key");
    expect(key.props).toMatchObject({ multiRegion: true, enableKeyRotation: true, deletionWindowInDays: 30 });
    const copy = named(example, "ReplicaKey", "prod-secrets-replica");
    expect([key.provider?.name, copy.provider?.name]).toEqual(["prod", "prod-replica"]);
    expect(copy.dependencies).toContain(key.urn);
    const aliases = ["prod-secrets-alias", "prod-secrets-replica-alias"].map((name) => named(example, "Alias", name));
    expect(aliases.map(({ props, provider }) => [props.name, provider?.name])).toEqual([
      ["alias/holdfast-prod", "prod"],
      ["alias/holdfast-prod", "prod-replica"],
    ]);
  });

  it.each([
    ["kms:Decrypt", "holdfast-prod", "allowed"],
    ["kms:ScheduleKeyDeletion", "holdfast-prod", "denied"],
    ["kms:PutKeyPolicy", "holdfast-prod-preview", "denied"],
    ["kms:Encrypt", "holdfast-prod-preview", "denied"],
    ["kms:ScheduleKeyDeletion", "administrator", "allowed"],
  ])("lets the account decide of %s by %s: %s", (action, role, expected) => {
    for (const [type, name] of [
      ["Key", "prod-secrets-key"],
      ["ReplicaKey", "prod-secrets-replica"],
    ] as const) {
      const context = { "aws:PrincipalArn": `arn:aws:iam::111111111111:role/${role}` };
      expect(decide(policyOf(named(example, type, name)), { action, resource: "key", context })).toBe(expected);
    }
  });
});

describe("GitHub", () => {
  const trusted = async (changes: Changes) => names(await declared(changes), "OpenIdConnectProvider");

  it("is trusted once in each account, for AWS and without a thumbprint that would go out of date", () => {
    expect(names(example, "OpenIdConnectProvider")).toEqual(["prod-github", "staging-github"]);
    expect(named(example, "OpenIdConnectProvider", "prod-github").props).toEqual({
      url: "https://token.actions.githubusercontent.com",
      clientIdLists: ["sts.amazonaws.com"],
    });
  });

  it("is not trusted a second time by an account that has two stacks, or trusts it already", async () => {
    expect(await trusted({ "stacks.staging.account": "111111111111" })).toEqual(["prod-github"]);
    expect(await trusted({ "github.trustedIn": ["111111111111"] })).toEqual(["staging-github"]);
  });

  it("is told these variables", () => {
    const azure = (number: number) => ({
      AZURE_TENANT_ID: "00000000-0000-0000-0000-0000000000aa",
      AZURE_SUBSCRIPTION_ID: `00000000-0000-0000-0000-00000000000${number}`,
      AZURE_CLIENT_ID: UNKNOWN,
    });
    expect(example.outputs).toEqual({
      backend: "s3://company-holdfast-state?region=eu-central-1",
      secretsProviders: {
        prod: "awskms://alias/holdfast-prod?region=eu-central-1",
        staging: "awskms://alias/holdfast-staging?region=eu-central-1",
      },
      variables: {
        "prod-preview": {
          AWS_ROLE: "arn:aws:iam::111111111111:role/holdfast-prod-preview",
          AWS_REGION: "eu-central-1",
          EVIDENCE_BUCKET: "company-holdfast-evidence",
          ...azure(1),
        },
        prod: { AWS_ROLE: "arn:aws:iam::111111111111:role/holdfast-prod", AWS_REGION: "eu-central-1", ...azure(1) },
        "staging-preview": {
          AWS_ROLE: "arn:aws:iam::333333333333:role/holdfast-staging-preview",
          AWS_REGION: "eu-central-1",
          EVIDENCE_BUCKET: "company-holdfast-evidence",
          ...azure(3),
        },
        staging: {
          AWS_ROLE: "arn:aws:iam::333333333333:role/holdfast-staging",
          AWS_REGION: "eu-central-1",
          ...azure(3),
        },
      },
      rolesBoundaries: {
        prod: {
          omendb: "holdfast-prod-omendb-boundary",
          omniverse: "holdfast-prod-omniverse-boundary",
          platform: "holdfast-prod-platform-boundary",
        },
        staging: {
          omendb: "holdfast-staging-omendb-boundary",
          omniverse: "holdfast-staging-omniverse-boundary",
          platform: "holdfast-staging-platform-boundary",
        },
      },
      elsewhere: {
        backend: "s3://company-holdfast-state-replica?region=eu-west-1",
        secretsProviders: {
          prod: "awskms://alias/holdfast-prod?region=eu-west-1",
          staging: "awskms://alias/holdfast-staging?region=eu-west-1",
        },
      },
    });
  });
});
