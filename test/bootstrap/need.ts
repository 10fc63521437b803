import type { Resource } from "../../policies/graph";
import type { Request } from "./iam";

/** What has to be allowed for a resource to be read, and to be made or changed. */
export interface Needs {
  /** ARN of what the actions are on. */
  arn: string;
  reads: string[];
  makes: string[];
  /** Condition keys that the requests have. */
  context?: Request["context"];
}

/** Resources of the graph by URN. */
export type Lookup = (urn: string) => Resource | undefined;

/** A property that is a text. */
export const text = ({ props }: Resource, name: string) => String(props[name]);

/** The account that a resource is made in. */
export const accountOf = ({ provider }: Resource) =>
  (JSON.parse(String(provider?.props.allowedAccountIds)) as string[])[0] ?? "";

/** The region that a resource is made in. */
export const regionOf = ({ provider }: Resource) => String(provider?.props.region);

/** ARN of something that is in the region of a resource. */
export const arnBeside = (one: Resource, service: string, name: string) =>
  `arn:aws:${service}:${regionOf(one)}:${accountOf(one)}:${name}`;

/** The system that a role is of, by the role's name. */
export const systemBehind = (role: string) => role.split("-")[0] ?? "";

/** The policy that must bound a role: the one of its system. */
export const boundary = (one: Resource) => {
  const stack = /^urn:pulumi:(\w+)::/.exec(one.urn)?.[1];
  const system = systemBehind(text(one, one.type.endsWith(":RolePolicy") ? "role" : "name"));
  return `arn:aws:iam::${accountOf(one)}:policy/holdfast-${stack}-${system}-boundary`;
};

/** Resources of a type that a property is made of: what is unknown offline is known by them. @throws Error for none */
export function sources(one: Resource, property: string, type: string, at: Lookup): [Resource, ...Resource[]] {
  const found = (one.propertyDependencies[property] ?? []).flatMap((urn) => at(urn) ?? []);
  const [first, ...rest] = found.filter((source) => source.type.endsWith(`:${type}`));
  if (!first) throw new Error(`${one.name}: ${property} is made of no ${type}`);
  return [first, ...rest];
}

/** The tag `system` of a resource under a condition key, as far as it has one. */
export function systemOf({ props }: Resource, key: "aws:ResourceTag/system" | "aws:RequestTag/system") {
  const system = (props.tags as Record<string, string> | undefined)?.system;
  return system === undefined ? {} : { [key]: system };
}
