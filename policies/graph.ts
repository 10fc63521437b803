/** Stands for a value that is not known before deployment; a recovery fact never hides behind it. */
export const UNKNOWN: unique symbol = Symbol("unknown until deployed");

/** A property value as the engine gives it to a stack policy, secrets in clear, unknowns as `UNKNOWN`. */
export type Value =
  | string
  | number
  | boolean
  | null
  | undefined
  | typeof UNKNOWN
  | readonly Value[]
  | { readonly [key: string]: Value };

/** The provider that a resource is created with. */
export interface Provider {
  type: string;
  name: string;
  urn: string;
  props: Readonly<Record<string, Value>>;
}

/** One resource as the engine gives it to a stack policy. */
export interface Resource {
  type: string;
  name: string;
  urn: string;
  /** Outputs of a component, properties of anything else. */
  props: Readonly<Record<string, Value>>;
  parent?: string;
  provider?: Provider;
  /** URNs. */
  dependencies: readonly string[];
  /** URNs by top-level property. */
  propertyDependencies: Readonly<Record<string, readonly string[]>>;
  protect: boolean;
  ignoreChanges: readonly string[];
}

/** Everything a program declares, in any order. */
export interface ResourceGraph {
  resources: readonly Resource[];
}
