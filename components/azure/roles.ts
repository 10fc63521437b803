import * as authorization from "@pulumi/azure-native/authorization";
import type * as pulumi from "@pulumi/pulumi";
import { guidOf } from "./guid";

/**
 * Roles that Azure itself defines and this project gives, by their ids, which are the same in every directory
 * (https://learn.microsoft.com/azure/role-based-access-control/built-in-roles). None of them gives roles in turn.
 */
export const builtInRoles = {
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  policyContributor: "36243c78-bf99-498c-9df9-86d9f8d28608",
  blobReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  blobContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  secretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  secretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  metricsPublisher: "3913510d-42f4-4e42-8a64-420c390055eb",
  monitoringReader: "43d0d8ad-25c7-4714-9337-8ba259a9fe05",
  logsReader: "73c42c96-874c-492b-b04d-ab87d138a893",
  eventsReceiver: "a638d3c7-ab3a-418d-83e6-5f17a39d4fde",
  eventsSender: "2b629674-e913-4c01-ae53-ef4638d8f975",
} as const;

/** Who may do what, and where. */
export interface AssignmentArgs {
  /** What the assignment's own id follows from, so that a second deployment finds it. */
  named: string;
  subscription: string;
  /** Id of the role, a GUID. */
  role: string;
  /** Id of the subscription, group, resource or container; plain. */
  scope: string;
  principalId: pulumi.Input<string>;
  /** Said, since Azure would look a new principal up and may not find it yet. @default "ServicePrincipal" */
  principalType?: "Group";
  /** Which requests it allows, in Azure's own language for conditions. @default all */
  condition?: string;
}

/** Gives a role. */
export function assignRole(
  name: string,
  { named, subscription, role, scope, principalId, principalType, condition }: AssignmentArgs,
  opts: pulumi.CustomResourceOptions,
): authorization.RoleAssignment {
  return new authorization.RoleAssignment(
    name,
    {
      roleAssignmentName: guidOf(named),
      principalId,
      principalType: principalType ?? "ServicePrincipal",
      roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      scope,
      ...(condition === undefined ? {} : { condition, conditionVersion: "2.0" }),
    },
    opts,
  );
}

/** Arguments of `customRole`. */
export interface RoleArgs {
  /** What the role's own id follows from, so that a second deployment finds it. */
  named: string;
  /** Subscription that keeps it. */
  subscription: string;
  roleName: string;
  /** Ids of where it may be given. @default all of the subscription */
  scopes?: string[];
  actions: pulumi.Input<string>[];
  /** What it allows with data, beside the actions on what holds them. @default nothing */
  dataActions?: string[];
}

/** A role of this project's own, and its id: plain, so that it is known before deployment. */
export interface CustomRole {
  definition: authorization.RoleDefinition;
  id: string;
}

/** Makes a role where none of Azure's own is as small. */
export function customRole(
  name: string,
  { named, subscription, roleName, scopes, actions, dataActions }: RoleArgs,
  opts: pulumi.CustomResourceOptions,
): CustomRole {
  const scope = `/subscriptions/${subscription}`;
  const id = guidOf(named);
  const definition = new authorization.RoleDefinition(
    name,
    {
      roleDefinitionId: id,
      roleName,
      roleType: "CustomRole",
      scope,
      assignableScopes: scopes ?? [scope],
      permissions: [{ actions, ...(dataActions === undefined ? {} : { dataActions }) }],
    },
    opts,
  );
  return { definition, id };
}
