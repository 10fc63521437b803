import type { Maybe } from "../../../recovery/bound";
import type { Place } from "../../../recovery/plan";
import type { Resource } from "../../graph";
import { type Facts, facts } from "../read";
import type { Reader } from "./identity";

/** Something that people reach a service by: a load balancer, what it listens on, what it sends to, a certificate. */
export interface EdgePart {
  resource: Resource;
  facts: Facts;
  at: Maybe<Place>;
}

const reader = (...types: string[]): Reader<EdgePart> => ({
  types,
  read: (resource, { geography }) => ({ resource, facts: facts(resource), at: geography.placeOf(resource) }),
});

/** Application and network load balancers of AWS. */
export const loadBalancers = reader("aws:lb/loadBalancer:LoadBalancer");

/** What they send to. */
export const targetGroups = reader("aws:lb/targetGroup:TargetGroup");

/** What they listen on. */
export const listeners = reader("aws:lb/listener:Listener");

/** Certificates of AWS Certificate Manager. */
export const certificates = reader("aws:acm/certificate:Certificate");

/** The end of the validation of a certificate by names. */
export const certificateValidations = reader("aws:acm/certificateValidation:CertificateValidation");

/** The asset that a part says it serves, if it does. */
export function servedBy({ facts: own }: EdgePart): string | undefined {
  const asset = own.at("tags").key("holdfast.dev/asset").text();
  return typeof asset === "string" && asset !== "" ? asset : undefined;
}

/** Whether a property of a resource comes from another. */
export function comesFrom(user: { resource: Resource }, property: string, other: { resource: Resource }): boolean {
  if (facts(user.resource).isSilent(property)) return false;
  return (user.resource.propertyDependencies[property] ?? []).includes(other.resource.urn);
}
