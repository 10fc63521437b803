import type { PolicyResource } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { type Resource, UNKNOWN, type Value } from "./graph";

/** Copies a value out of the policy SDK's proxies; what is not known before deployment becomes `UNKNOWN`. */
export function toPlain(value: unknown): Value {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (typeof value !== "object") return undefined;
  if (isFile(value)) return UNKNOWN;
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => read(value, index));
  return plainProps(value);
}

/** Copies a resource's properties, but for a provider's own note, in every object, of which it filled in. */
export function plainProps(props: object): Record<string, Value> {
  const keys = Object.keys(props).filter((key) => key !== "__defaults");
  return Object.fromEntries(keys.map((key) => [key, read(props, key)]));
}

/**
 * A resource as the judgement reads it: of one that a provider makes, the inputs that a resource policy saw before, and
 * nothing else. Its outputs do not tell "not set" from "not known", and once it exists they show what other resources
 * did to it: a bucket has the lifecycle rules that were declared beside it.
 */
export function resourceOf(resource: PolicyResource, inputs?: Readonly<Record<string, Value>>): Resource {
  const { provider, opts } = resource;
  const parent = resource.parent?.urn ?? opts.parent;
  const custom = provider !== undefined && inputs !== undefined;
  return {
    type: resource.type,
    name: resource.name,
    urn: resource.urn,
    props: custom ? inputs : plainProps(resource.props),
    ...(parent ? { parent } : {}),
    ...(provider
      ? {
          provider: {
            type: provider.type,
            name: provider.name,
            urn: provider.urn,
            props: plainProps(provider.props),
          },
        }
      : {}),
    dependencies: resource.dependencies.map((other) => other.urn),
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies).map(([key, on]) => [key, on.map((other) => other.urn)]),
    ),
    protect: opts.protect,
    ignoreChanges: opts.ignoreChanges,
  };
}

function isFile(value: object): boolean {
  return pulumi.asset.Asset.isInstance(value) || pulumi.asset.Archive.isInstance(value);
}

function read(from: object, key: string | number): Value {
  let value: unknown;
  try {
    value = (from as Record<string | number, unknown>)[key];
  } catch (error) {
    // The SDK throws its unexported UnknownValueError, and would turn a mandatory finding into an advisory one.
    if (error instanceof Error && "unknownTypeSentinel" in error) return UNKNOWN;
    throw error;
  }
  return toPlain(value);
}
