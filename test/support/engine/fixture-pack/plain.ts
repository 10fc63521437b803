import type { PolicyResource } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { type Resource, UNKNOWN, type Value } from "../../../../policies/graph";

/**
 * A plain copy of what a policy is given. `@pulumi/policy` throws on every access to an unknown value, and by that
 * turns a mandatory policy into an advisory one; here the value becomes `UNKNOWN`, and so does an asset.
 */
export function toPlain(value: unknown): Value {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (typeof value !== "object") return undefined;
  if (isAsset(value)) return UNKNOWN;
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => read(value, index));
  return plainProps(value);
}

/** The plain properties of a resource or a provider. */
export function plainProps(props: object): Record<string, Value> {
  return Object.fromEntries(Object.keys(props).map((key) => [key, read(props, key)]));
}

/**
 * A resource of a stack policy as part of a resource graph.
 * @param inputs the properties that a `validateResource` saw under the same URN. A stack policy sees outputs, in which
 * everything that a provider computes or defaults is unknown at preview, so that "not set" cannot be told from "not
 * known"; the inputs can. Without them: outputs only.
 */
export function resourceOf(resource: PolicyResource, inputs?: Readonly<Record<string, Value>>): Resource {
  const { provider, opts } = resource;
  const parent = resource.parent?.urn ?? opts.parent;
  const outputs = plainProps(resource.props);
  // What a component registered counts, not what it was given; a component has no provider.
  const custom = provider !== undefined && inputs !== undefined;
  const known = Object.entries(outputs).filter(([, value]) => value !== UNKNOWN);
  return {
    type: resource.type,
    name: resource.name,
    urn: resource.urn,
    props: custom ? { ...Object.fromEntries(known), ...inputs } : outputs,
    ...(parent === undefined ? {} : { parent }),
    ...(provider === undefined
      ? {}
      : {
          provider: {
            type: provider.type,
            name: provider.name,
            urn: provider.urn,
            props: plainProps(provider.props),
          },
        }),
    dependencies: resource.dependencies.map((dependency) => dependency.urn),
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies).map(([key, on]) => [key, on.map((dependency) => dependency.urn)]),
    ),
    protect: opts.protect,
    ignoreChanges: opts.ignoreChanges,
  };
}

/** Its own function: as type guards in place they would narrow `value` to `never`. */
function isAsset(value: object): boolean {
  return pulumi.asset.Asset.isInstance(value) || pulumi.asset.Archive.isInstance(value);
}

function read(from: object, key: string | number): Value {
  let value: unknown;
  try {
    value = (from as Record<string | number, unknown>)[key];
  } catch (error) {
    // UnknownValueError is not exported; this field is what makes one.
    if (error instanceof Error && "unknownTypeSentinel" in error) return UNKNOWN;
    throw error;
  }
  return toPlain(value);
}
