import type { Resource } from "../../graph";
import type { Facts } from "../read";
import { facts } from "../read";
import type { Reader } from "./identity";

/** A component that promises recovery objectives of an asset. */
export interface Promised {
  resource: Resource;
  asset: Facts;
}

/** Components of ours that promise an asset; all have types of their own, so this reader names none. */
export const promises: Reader<Promised> = {
  types: [],
  read: (resource) => ({ resource, asset: facts(resource).at("asset") }),
};

/** Whether a resource is such a component. */
export function isPromise({ type, props }: Resource): boolean {
  return type.startsWith("holdfast:") && props.asset !== undefined && props.asset !== null;
}

/** A component that promises how much of the time a system is there. */
export interface PromisedAvailability {
  resource: Resource;
  said: Facts;
}

/** Such components, with what they say. */
export function promisedAvailability(resource: Resource): PromisedAvailability[] {
  const said = facts(resource).at("availability");
  return resource.type.startsWith("holdfast:") && !said.isSilent() ? [{ resource, said }] : [];
}
