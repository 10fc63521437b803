import * as databricks from "@pulumi/databricks";
import type * as pulumi from "@pulumi/pulumi";
import type { JobIdentity } from "./access";
import { CATALOG } from "./names";
import type { AnalyticsSite } from "./site";

/** Accounts that a workspace reaches, as its catalog names them. */
type Place = "lake" | "copy" | "locked" | "captured";

/** What of Unity Catalog somebody may do in a region: workspace administrators may do nothing there by that alone. */
export interface LakeRights {
  /** Privileges on the catalog and all in it. */
  catalog: readonly string[];
  /** Privileges on files, by where they lie. @default none */
  files?: Partial<Record<Place, readonly string[]>>;
}

/** Gives an identity rights on the lake as a region's workspace sees it; `name` begins the names of the grants. */
export function lakeAccess(
  at: AnalyticsSite,
  name: string,
  { identity }: JobIdentity,
  { catalog, files = {} }: LakeRights,
  options: { parent: pulumi.Resource; dependsOn: pulumi.Resource[] },
): void {
  const below = { ...options, provider: at.databricks };
  const give = (on: string, what: Partial<databricks.GrantArgs>, privileges: readonly string[]) =>
    new databricks.Grant(
      `${name}-on-${on}`,
      { ...what, principal: identity.clientId, privileges: [...privileges] },
      below,
    );
  give("catalog", { catalog: CATALOG }, catalog);
  for (const [place, privileges] of Object.entries(files))
    give(place, { externalLocation: `analytics-${place}` }, privileges);
}
