import * as pulumi from "@pulumi/pulumi";
import type { Provider, Resource } from "../../../policies/graph";
import type { Parts } from "../../policies/observe/program";

const providers = new Map<string, pulumi.ProviderResource>();

/** A resource of any type. */
class Thing extends pulumi.CustomResource {}

/** A provider of any package. */
class AnyProvider extends pulumi.ProviderResource {}

/** A component that is nothing but what it registers. */
class Promised extends pulumi.ComponentResource {
  constructor({ type, name, props }: Resource) {
    super(type, name);
    this.registerOutputs(props);
  }
}

/** Registers parts with Pulumi, whatever runs the program; outputs may stand among their properties. */
export function declare(parts: Parts): void {
  for (const part of Object.values(parts)) {
    const { type, name, props, provider, ignoreChanges } = part;
    if (type.startsWith("holdfast:")) new Promised(part);
    else {
      const own = provider && { provider: providerFor(provider) };
      new Thing(type, name, { ...props }, { ignoreChanges: [...ignoreChanges], ...own });
    }
  }
}

/** One provider resource for each name; lists of its settings are JSON, as the SDKs hand them on. */
export function providerFor({ type, name, props }: Provider): pulumi.ProviderResource {
  const settings = Object.fromEntries(
    Object.entries(props).map(([key, value]) => [key, Array.isArray(value) ? JSON.stringify(value) : value]),
  );
  const made = providers.get(name) ?? new AnyProvider(type.replace("pulumi:providers:", ""), name, settings);
  providers.set(name, made);
  return made;
}
