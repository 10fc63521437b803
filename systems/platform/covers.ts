import { type AssetName, adminKinds, clusterKinds, kindList, monitoringKinds } from "./assets";
import type { PlatformConfig } from "./config";

/** Keys without which nobody opens the exports of an asset, or what is in them. */
export function openedBy(name: AssetName, { state, keys }: PlatformConfig): string[] {
  if (name === "state") return [state.key];
  return name === "keys" ? [keys.recipient] : [];
}

/** Where deployments keep their state, as Pulumi names a backend. */
export function stateBackend({ bucket, region }: PlatformConfig["state"]): string {
  return `s3://${bucket}?region=${region}`;
}

/** What belongs to an asset because a stack says so, by the names that its exports are told. */
export function coversOf(name: AssetName, { state, keys, registry, dns, namespaces }: PlatformConfig): string[] {
  switch (name) {
    case "state":
      return [stateBackend(state), ...state.stacks];
    case "keys":
      return [keys.prefix];
    case "registry":
      return registry.images;
    case "dns":
      return dns.zones;
    case "clusters":
      return [...namespaces, ...kindList({ ...clusterKinds, ...adminKinds }).split(" ")];
    case "monitoring":
      return [...namespaces, ...kindList(monitoringKinds).split(" ")];
  }
}
