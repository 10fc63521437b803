import { readFileSync } from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Resource } from "../../policies/graph";
import { commandsOf } from "../../tools/ci/kubeconfig";
import { declaredGraph } from "../support/declaredGraph";
import { type AzureRole, allows, azureRoleOf, BLOBS, givable, kindOf } from "./azure";
import { declared, root } from "./declared";

const stacks = ["prod", "staging"] as const;
const made = {} as Record<(typeof stacks)[number], Resource[]>;
const roles = {} as Record<`${(typeof stacks)[number]} ${"preview" | "deploy"}`, AzureRole>;

beforeAll(async () => {
  const bootstrap = await declared();
  for (const stack of stacks) {
    const { resources } = await declaredGraph(stack);
    made[stack] = resources.filter(({ type }) => type.startsWith("azure-native:"));
    for (const purpose of ["preview", "deploy"] as const)
      roles[`${stack} ${purpose}`] = azureRoleOf(bootstrap, stack, purpose);
  }
});

describe.each(stacks)("of what %s makes in Azure", (stack) => {
  const missing = (purpose: "preview" | "deploy", verbs: string[]) => {
    const role = roles[`${stack} ${purpose}`];
    const needed = made[stack].flatMap((one) => {
      const kind = kindOf(one) ?? one.type;
      const list = kind === BLOBS ? role.dataActions : role.actions;
      return verbs.filter((verb) => !allows(list, `${kind}/${verb}`)).map((verb) => `${kind}/${verb}`);
    });
    return [...new Set(needed)];
  };

  it("every type is known here, and is in the subscription in which CI's identities have their rights", () => {
    expect(made[stack].filter((one) => kindOf(one) === undefined).map(({ type }) => type)).toEqual([]);
    expect(made[stack].length).toBeGreaterThan(100);
    const [{ subscription }, looking] = [roles[`${stack} deploy`], roles[`${stack} preview`]];
    expect(looking.subscription).toBe(subscription);
    const elsewhere = made[stack].filter(({ provider }) => provider?.props.subscriptionId !== subscription);
    expect(elsewhere.map(({ name }) => name)).toEqual([]);
    const scopes = made[stack].map(({ props }) =>
      String(props.scope ?? props.resourceUri ?? `/subscriptions/${subscription}`),
    );
    expect(scopes.filter((scope) => !scope.startsWith(`/subscriptions/${subscription}`))).toEqual([]);
  });

  it("its deploying identity may make and change everything", () =>
    expect(missing("deploy", ["read", "write"])).toEqual([]));

  it("its previewing identity may read everything", () => expect(missing("preview", ["read"])).toEqual([]));

  it("its previewing identity may change nothing", () => {
    const { actions, dataActions } = roles[`${stack} preview`];
    const changing = [...actions, ...dataActions].filter((one) => !one.endsWith("/read"));
    expect(changing).toEqual(["Microsoft.ContainerService/managedClusters/listClusterUserCredential/action"]);
  });

  it("its deploying identity may delete nothing that is protected", () => {
    const kept = new Set(made[stack].filter(({ protect }) => protect).map((one) => kindOf(one) ?? ""));
    expect(kept.size).toBeGreaterThan(5);
    const { actions, dataActions } = roles[`${stack} deploy`];
    expect([...kept].filter((kind) => allows([...actions, ...dataActions], `${kind}/delete`))).toEqual([]);
  });

  it("its deploying identity may give and take back every role that is given, and no role that gives roles", () => {
    const given = made[stack]
      .filter(({ type }) => type.endsWith(":RoleAssignment"))
      .map(({ props }) => String(props.roleDefinitionId).split("/").at(-1) ?? "");
    for (const verb of ["write", "delete"] as const) {
      const may = givable(roles[`${stack} deploy`], verb);
      expect([...new Set(given)].filter((role) => !may.includes(role))).toEqual([]);
      // Owner, User Access Administrator, Role Based Access Control Administrator.
      for (const role of [
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
      ])
        expect(may).not.toContain(role);
    }
  });

  it("it may write and read kits alone of all blobs", () => {
    const paths = made[stack].filter((one) => kindOf(one) === BLOBS).map(({ props }) => String(props.blobName));
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((one) => !one.startsWith("kit/"))).toEqual([]);
    for (const purpose of ["preview", "deploy"] as const)
      expect(roles[`${stack} ${purpose}`].condition).toContain(
        `((!(ActionMatches{'${BLOBS}/read'}) AND !(ActionMatches{'${BLOBS}/write'})) OR (@Resource[${BLOBS}:path] StringLike 'kit/*'))`,
      );
  });

  it("its identities may ask for the clusters that CI asks for, in the same subscription", () => {
    const asked = commandsOf(readFileSync(path.join(root, `Pulumi.${stack}.yaml`), "utf8")).filter(
      ([one]) => one === "az",
    );
    expect(asked).toHaveLength(2);
    for (const purpose of ["preview", "deploy"] as const) {
      const { subscription, actions } = roles[`${stack} ${purpose}`];
      for (const command of asked) expect(command).toContain(subscription);
      for (const verb of ["read", "listClusterUserCredential/action"])
        expect(allows(actions, `Microsoft.ContainerService/managedClusters/${verb}`)).toBe(true);
    }
  });
});
