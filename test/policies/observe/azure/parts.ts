import type { Provider, Resource } from "../../../../policies/graph";
import { answering, type Props } from "../nucleus";
import { type Parts, resource } from "../program";

/** The asset of the example. */
export const asset = "nucleus/lake";
const limit = (rpo: string, rto: string) => ({ rpo, rto, owner: "lake team", reason: "the guide" });
const subscription = "00000000-0000-0000-0000-00000000000b";

/** A subscription of Azure, with a location of its own. */
export function azure(name: string, location: string | undefined, more: Props = {}): Provider {
  const props = { subscriptionId: subscription, ...(location === undefined ? {} : { location }), ...more };
  const urn = `urn:pulumi:prod::holdfast::pulumi:providers:azure-native::${name}`;
  return { type: "pulumi:providers:azure-native", name, urn, props };
}

/** Azure in the first region. */
export const west: Provider = azure("west", "westeurope");

/** A resource of Azure by its type of the SDK. */
export function native(type: string, name: string, props: Props, provider: Provider = west): Resource {
  return resource(`azure-native:${type}`, name, props, { provider });
}

/** The same by Azure's own words. */
export function raw(type: string, name: string, apiVersion: string, props: Props): Resource {
  const [resourceProviderNamespace = "", resourceType = ""] = type.split("/");
  return native("resources:Resource", name, {
    resourceProviderNamespace,
    resourceType,
    apiVersion,
    resourceName: name,
    ...props,
  });
}

/** What a resource says whose it is. */
export const tags = { holdfast_asset: asset };

/** A promise, and a register that answers for these spans. */
export function promised(spans: Readonly<Record<string, string>> = {}): Parts {
  return {
    register: answering({ "managed-service": "5m", ...spans }),
    promise: resource("holdfast:azure:DataLake", "lake", {
      asset: {
        id: asset,
        kind: "lake",
        objectives: {
          zone: limit("0s", "15m"),
          region: limit("1h", "4h"),
          corruption: limit("2h", "4h"),
          compromise: limit("24h", "8h"),
        },
        retention: { atLeast: "7d" },
        bytes: 10_000_000_000,
      },
    }),
  };
}
