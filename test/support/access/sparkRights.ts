import type { Resource, ResourceGraph } from "../../../policies/graph";
import type { SparkNeed, SparkPrivilege } from "./sparkNeeds";

/** What an identity is and may in one workspace; each with the declared resource that says so. */
export interface SparkRights {
  member?: string;
  admin?: string;
  /** Where it may use a warehouse, and see a job. */
  warehouse?: string;
  job?: string;
  privileges: (SparkPrivilege & { by: string })[];
}

/** Rights of an identity in the workspace that a provider of the graph reaches. */
export function sparkRightsOf({ resources }: ResourceGraph, identity: Resource, provider: string): SparkRights {
  const there = resources.filter((one) => one.provider?.name === provider);
  const of = (end: string, property: string, urns: readonly string[]) =>
    there.filter(
      ({ type, propertyDependencies }) =>
        type.endsWith(`:${end}`) && (propertyDependencies[property] ?? []).some((urn) => urns.includes(urn)),
    );
  const [principal] = of("ServicePrincipal", "applicationId", [identity.urn]);
  if (!principal) return { privileges: [] };
  const known = [identity.urn, principal.urn];
  const admin = of("PermissionAssignment", "principalId", known).find(({ props }) =>
    (props.permissions as string[]).includes("ADMIN"),
  );
  const permitted = of("Permissions", "accessControls", known);
  const may = (what: string) => permitted.find(({ propertyDependencies }) => propertyDependencies[what])?.name;
  const [warehouse, job] = [may("sqlEndpointId"), may("jobId")];
  return {
    member: principal.name,
    ...(admin && { admin: admin.name }),
    ...(warehouse && { warehouse }),
    ...(job && { job }),
    privileges: of("Grant", "principal", known).flatMap((grant) => privilegesOf(grant, there)),
  };
}

function privilegesOf({ name: by, props }: Resource, there: readonly Resource[]): SparkRights["privileges"] {
  const kinds = ["catalog", "schema", "table", "externalLocation"] as const;
  return kinds.flatMap((on) => {
    if (typeof props[on] !== "string") return [];
    const place = there.find(({ type, props: of }) => type.endsWith(":ExternalLocation") && of.name === props[on]);
    // A place is what its address says, not what it is called.
    const name = on === "externalLocation" ? (/\/\/(\w+@\w+)\./.exec(String(place?.props.url))?.[1] ?? "") : props[on];
    return (props.privileges as string[]).map((privilege) => ({ privilege, on, name: String(name), by }));
  });
}

/** What is granted on a catalog to who owns it in the workspace that a provider of the graph reaches: who declares it, and runs what is declared there. */
export function grantedToOwner({ resources }: ResourceGraph, provider: string): string[] {
  const there = resources.filter((one) => one.provider?.name === provider);
  const catalogs = there.filter(({ type }) => type.endsWith(":Catalog")).map(({ urn }) => urn);
  return there
    .filter(
      ({ type, propertyDependencies: { principal } }) =>
        type.endsWith(":Grant") && principal?.some((urn) => catalogs.includes(urn)),
    )
    .flatMap(({ props }) => props.privileges as string[]);
}

/** What of a need nobody has granted, and which declared resources grant the rest. */
export function sparkDecision(
  rights: SparkRights,
  { as, privileges }: SparkNeed,
  own: (name: string) => boolean,
): { lacks: string[]; by: string[] } {
  if (rights.member === undefined) return { lacks: ["is nobody in this workspace"], by: [] };
  const allowed = as === "admin" ? rights.admin : as === "member" ? rights.member : (rights[as] ?? rights.admin);
  const found = privileges.map((one) => ({ one, by: own(one.name) ? "itself" : grantedBy(rights, one) }));
  return {
    lacks: [
      ...(allowed === undefined ? [`is no ${as} there`] : []),
      ...found.flatMap(({ one, by }) => (by === undefined ? [`lacks ${one.privilege} on ${one.on} ${one.name}`] : [])),
    ],
    by: [rights.member, allowed, ...found.map(({ one, by }) => by && `${by} ${one.privilege}`)].filter(
      (one) => one !== undefined,
    ),
  };
}

/** What is granted on a catalog or schema is so on all in it. */
function grantedBy({ privileges }: SparkRights, { privilege, name }: SparkPrivilege): string | undefined {
  return privileges.find((one) => one.privilege === privilege && `${name}.`.startsWith(`${one.name}.`))?.by;
}
