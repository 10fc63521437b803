import { describe, expect, it } from "vitest";
import { ServiceIdentity, type ServiceIdentityArgs } from "../../components/access/serviceIdentity";
import { roleArn, WorkloadRole } from "../../components/access/workloadRole";
import { account, declared, named, namesOf, placement } from "./declare";

const identity = (more: Partial<ServiceIdentityArgs>) =>
  declared(() => new ServiceIdentity("worker", { placement: placement(), account: "shop-worker", rules: [], ...more }));

describe("a service identity", () => {
  it("without rights is an account without a token", async () => {
    const all = await identity({});
    expect(namesOf(all)).toEqual([
      "holdfast:access:ServiceIdentity worker",
      "kubernetes:core/v1:ServiceAccount worker-account",
    ]);
    expect(named(all, "worker-account").props).toMatchObject({
      metadata: { name: "shop-worker", namespace: "here", annotations: {} },
      automountServiceAccountToken: false,
    });
  });

  it("with rights is bound to them in its namespace, and takes its AWS role", async () => {
    const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
    const all = await identity({ rules, awsRole: roleArn("111111111111", "shop-writer") });
    expect(namesOf(all)).toHaveLength(4);
    expect(named(all, "worker-account").props).toMatchObject({
      metadata: { annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::111111111111:role/shop-writer" } },
      automountServiceAccountToken: true,
    });
    expect(named(all, "worker-role").props.rules).toEqual(rules);
    expect(named(all, "worker-binding").props).toMatchObject({
      roleRef: { kind: "Role", name: "shop-worker" },
      subjects: [{ kind: "ServiceAccount", name: "shop-worker", namespace: "here" }],
    });
  });

  it("names the identity of Azure that its pods take", async () => {
    const all = await identity({ azureClient: "11111111-2222-3333-4444-555555555555" });
    expect(named(all, "worker-account").props).toMatchObject({
      metadata: { annotations: { "azure.workload.identity/client-id": "11111111-2222-3333-4444-555555555555" } },
      automountServiceAccountToken: false,
    });
  });

  it("with rights in the cluster says whose they are", async () => {
    const all = await identity({ clusterRules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }] });
    expect(named(all, "worker-cluster-binding").props).toMatchObject({
      metadata: { name: "here-shop-worker" },
      roleRef: { kind: "ClusterRole", name: "here-shop-worker" },
    });
  });
});

describe("a workload role", () => {
  it("trusts one service account of one cluster, and allows what is said", async () => {
    const all = await declared(
      () =>
        new WorkloadRole("writer", {
          provider: account(),
          role: "shop-writer",
          account: "111111111111",
          trusts: [{ issuer: "oidc.example.com/id/1", namespace: "here", serviceAccount: "shop-worker" }],
          allows: [{ sid: "Write", actions: ["s3:PutObject"], resources: ["arn:aws:s3:::copies/*"] }],
        }),
    );
    expect(namesOf(all)).toEqual([
      "aws:iam/role:Role writer-role",
      "aws:iam/rolePolicy:RolePolicy writer-policy",
      "holdfast:access:WorkloadRole writer",
    ]);
    expect(JSON.parse(String(named(all, "writer-role").props.assumeRolePolicy))).toMatchObject({
      Statement: [
        {
          Principal: { Federated: "arn:aws:iam::111111111111:oidc-provider/oidc.example.com/id/1" },
          Condition: {
            StringEquals: {
              "oidc.example.com/id/1:aud": "sts.amazonaws.com",
              "oidc.example.com/id/1:sub": "system:serviceaccount:here:shop-worker",
            },
          },
        },
      ],
    });
    expect(JSON.parse(String(named(all, "writer-policy").props.policy))).toEqual({
      Version: "2012-10-17",
      Statement: [{ Sid: "Write", Effect: "Allow", Action: ["s3:PutObject"], Resource: ["arn:aws:s3:::copies/*"] }],
    });
  });

  it("is bounded by a policy of its account where it is told so", async () => {
    const args = { role: "shop-writer", account: "111111111111", trusts: [], allows: [] };
    const bounded = await declared(
      () => new WorkloadRole("writer", { ...args, provider: account(), boundary: "shop-boundary" }),
    );
    const free = await declared(() => new WorkloadRole("writer", { ...args, provider: account() }));
    expect(named(bounded, "writer-role").props.permissionsBoundary).toBe(
      "arn:aws:iam::111111111111:policy/shop-boundary",
    );
    expect(named(free, "writer-role").props).not.toHaveProperty("permissionsBoundary");
  });
});
