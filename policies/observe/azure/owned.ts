import type { Resource } from "../../graph";
import type { Program } from "../program";
import { facts } from "../read";

/** Tag by which a resource of Azure names its asset; names of tags take no `/`. */
export const assetTag = "holdfast_asset";

/** Whether a resource belongs to an asset: it is below the component that promises that, or its tag names it. */
export function ownedBy(
  resource: Resource,
  { id, promisedBy }: { id: string; promisedBy: string },
  { components }: Pick<Program, "components">,
): boolean {
  const tagged = facts(resource).at("tags").key(assetTag).text();
  if (tagged !== undefined) return tagged === id;
  for (let urn = resource.parent, left = components.size; urn !== undefined && left > 0; left--) {
    if (urn === promisedBy) return true;
    urn = components.get(urn);
  }
  return false;
}
