/** What identifies a resource to the simulated cloud. */
export interface Subject {
  urn: string;
  /** Type token. */
  type: string;
  /** Pulumi name. */
  name: string;
}

/** The subject of a URN: `urn:pulumi:stack::project::parent$type::name`. */
export function subjectOf(urn: string): Subject {
  const [, , types, ...name] = urn.split("::");
  return { urn, type: types?.split("$").at(-1) ?? "", name: name.join("::") };
}

/** The package of a type token. */
export function packageOf(type: string): string {
  return type.split(":")[0] ?? "";
}

/** The kind of a Kubernetes resource, else the last part of its type token. */
export function kindOf(type: string): string {
  return type.split(":").at(-1) ?? "";
}
