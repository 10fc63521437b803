import { isUnknown } from "../../../recovery/bound";
import { titleOf } from "../names";
import type { Program } from "../program";
import type { HealthCheck } from "../resources/healthCheck";
import { type DnsRecord, firstTargets, isSameName } from "../resources/record";
import type { Repointed, Role } from "./failover";

/** What an endpoint that nobody asks means, by the role of its record. */
const always: Readonly<Record<Role, string>> = {
  PRIMARY: "Route 53 takes it for healthy always, and never leads clients elsewhere",
  SECONDARY: "Route 53 takes it for healthy always, and leads clients there before anything is restored",
};

/** A record whose health nobody asks, or not in a way that this program shows. */
export function noteUnchecked({ name, asset }: Repointed, role: Role, record: DnsRecord, { problems }: Program): void {
  const { facts, resource } = record;
  const title = `the ${role} record of ${name} (${titleOf(resource)})`;
  const source = facts.source("healthCheckId");
  if (!facts.isSilent("healthCheckId")) {
    problems.unknown(source, `${title} names no HealthCheck of this program in healthCheckId`, asset);
    return;
  }
  const evaluated = facts.flag("aliases[0].evaluateTargetHealth");
  if (evaluated === true) {
    const message = `${title} goes by the health of what it is an alias of (evaluateTargetHealth): how soon that is seen, no reader knows`;
    problems.unknown(facts.source("aliases"), message, asset);
  } else problems.add(source, `${title} has no health check (healthCheckId): ${always[role]}`, asset);
}

/** Whether a health check asks what its record leads to, and whether its answer counts. */
export function noteCheck(
  repointed: Repointed,
  role: Role,
  record: DnsRecord,
  check: HealthCheck,
  program: Program,
): void {
  const { name, asset } = repointed;
  const { resource, facts, host } = check;
  const { problems } = program;
  const title = titleOf(resource);
  const of = `the ${role} record of ${name}`;
  noteAnswer(repointed, of, `${of} stands on it, and ${always[role]}`, check, program);
  const targets = firstTargets(record);
  if (isUnknown(host)) problems.unknown(facts.source("fqdn"), `${title} of ${of}: ${host.unknown}`, asset);
  else if (Array.isArray(targets) && !targets.some((one) => isSameName(host, one))) {
    const message = `${title} asks ${host ?? "an address"} (fqdn), but ${of} leads to ${targets.join(", ")}: its health says nothing of that site`;
    problems.add(facts.source("fqdn"), message, asset);
  }
}

/** Whether the answer of a health check tells that a service serves; `off` is what it means where nobody asks. */
export function noteAnswer(
  { name, asset }: Repointed,
  of: string,
  off: string,
  { resource, facts, path }: HealthCheck,
  { problems }: Program,
): void {
  const title = titleOf(resource);
  const flag = (property: string, why: string) => {
    const value = facts.flag(property);
    const source = facts.source(property);
    if (isUnknown(value)) problems.unknown(source, `${title} of ${of}: ${value.unknown}`, asset);
    else if (value === true) problems.add(source, `${property} of ${title} must not be true: ${why}`, asset);
  };
  flag("disabled", off);
  flag("invertHealthcheck", `Route 53 leads clients of ${name} to what is lost, and away from what serves`);
  const type = facts.text("type");
  if (typeof type !== "string" || !/^HTTPS?(_STR_MATCH)?$/.test(type)) {
    const message = `${title} of ${of} must ask the service (type HTTPS), got ${typeof type === "string" ? type : "what is not known"}: nothing else says that it serves`;
    problems.unknown(facts.source("type"), message, asset);
  }
  if (isUnknown(path)) problems.unknown(facts.source("resourcePath"), path.unknown, asset);
  else if (path === undefined || path === "") {
    const message = `${title} of ${of} names no resourcePath: what it asks says nothing of the service`;
    problems.add(facts.source("resourcePath"), message, asset);
  }
}
