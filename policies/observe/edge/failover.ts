import { isUnknown } from "../../../recovery/bound";
import type { Source } from "../../../recovery/plan";
import { annotation, annotationProperty, spanOf } from "../annotations";
import { sourceOf, titleOf } from "../names";
import type { Program } from "../program";
import type { CronJob } from "../resources/cronJob";
import { comesFrom } from "../resources/loadBalancer";
import { type DnsRecord, firstTargets, isSameName } from "../resources/record";
import { noteCheck, noteUnchecked } from "./checks";
import { noteOtherSites, noteOutside } from "./outside";
import { noteTime } from "./time";

/** A name that recoveries repoint, and who says so. */
export interface Repointed {
  name: string;
  asset: string | undefined;
  jobs: readonly CronJob[];
  /** Where somebody says that it is repointed. */
  source: Source;
}

/** A pair of records of one name; Route 53 answers with the second while the first is unhealthy. */
export type Pair = Readonly<Record<Role, DnsRecord>>;

/** What a record is of a pair. */
export type Role = (typeof roles)[number];

const roles = ["PRIMARY", "SECONDARY"] as const;

/**
 * Whether Route 53 leads clients to the other site by itself as soon as that serves, in the time that is promised. It
 * does so without its control plane, which the step that repoints the name needs.
 */
export function noteFailover(program: Program): void {
  for (const repointed of repointedNames(program)) {
    const { name, jobs, asset, source } = repointed;
    const own = program.dnsRecords.filter((record) => isSameName(record.name, name) && record.role !== undefined);
    const promised = jobs.some(({ resource }) => annotation(resource, "redirect-within") !== undefined);
    if (own.length === 0 && !promised) continue;
    const pair = pairOf(repointed, own, program);
    if (pair === undefined) continue;
    noteOneSite(repointed, pair, program);
    const checks = roles.flatMap((role) => {
      const check = program.healthChecks.find((one) => comesFrom(pair[role], "healthCheckId", one));
      if (check === undefined) noteUnchecked(repointed, role, pair[role], program);
      else noteCheck(repointed, role, pair[role], check, program);
      return check === undefined ? [] : [{ record: pair[role], check }];
    });
    const [first, second] = checks;
    if (first && second && first.check.path !== second.check.path && typeof second.check.path === "string") {
      const message = `${titleOf(second.check.resource)} asks for another path than ${titleOf(first.check.resource)} (resourcePath ${second.check.path}): the sites of ${name} are not held to the same`;
      program.problems.add(second.check.facts.source("resourcePath"), message, asset);
    }
    const within = jobs.flatMap(({ resource }) => spanOf(resource, "redirect-within", program.problems, asset) ?? []);
    if (within.length === 0) {
      const message = `${name} has failover records, but no step that repoints it says in holdfast.dev/redirect-within how soon clients are led elsewhere`;
      program.problems.add(source, message, asset);
      continue;
    }
    for (const one of checks) noteTime(repointed, Math.min(...within), one, program);
    noteOutside(repointed, Math.min(...within), program);
    noteOtherSites(repointed, pair, Math.min(...within), program);
  }
}

/** Every name that a step repoints. */
function repointedNames({ cronJobs }: Program): Repointed[] {
  const found = new Map<string, CronJob[]>();
  for (const job of cronJobs) {
    const name = annotation(job.resource, "redirects");
    if (typeof name === "string" && name !== "") found.set(name, [...(found.get(name) ?? []), job]);
  }
  return [...found].flatMap(([name, jobs]) => {
    const [first] = jobs;
    const source = first && sourceOf(first.resource, annotationProperty("redirects"));
    return first && source ? [{ name, asset: first.protects, jobs, source }] : [];
  });
}

/** One record of each role, or what is wrong with them. */
function pairOf(
  { name, asset, source }: Repointed,
  own: readonly DnsRecord[],
  { problems }: Program,
): Pair | undefined {
  const unread = own.find(({ role }) => isUnknown(role));
  if (unread && isUnknown(unread.role)) {
    problems.unknown(unread.facts.source("failoverRoutingPolicies"), `${name}: ${unread.role.unknown}`, asset);
    return undefined;
  }
  const found = Object.fromEntries(roles.map((role) => [role, own.filter((one) => one.role === role)]));
  for (const role of roles) {
    const [first, second] = found[role] ?? [];
    const at = own[0] === undefined ? source : own[0].facts.source("failoverRoutingPolicies");
    if (first === undefined) {
      const message = `${name} has no ${role} record of this program (failoverRoutingPolicies): Route 53 leads clients nowhere else`;
      problems.add(at, message, asset);
    } else if (second !== undefined) {
      const message = `${titleOf(first.resource)} and ${titleOf(second.resource)} are both the ${role} record of ${name}`;
      problems.add(second.facts.source("failoverRoutingPolicies"), message, asset);
    }
  }
  const [PRIMARY, SECONDARY] = roles.map((role) => found[role]?.[0]);
  return PRIMARY && SECONDARY && own.length === roles.length ? { PRIMARY, SECONDARY } : undefined;
}

/** Two names of one site, or two sites of one region, are lost together. */
function noteOneSite({ name, asset }: Repointed, { PRIMARY, SECONDARY }: Pair, program: Program): void {
  const [first, second] = [firstTargets(PRIMARY), firstTargets(SECONDARY)];
  const source = SECONDARY.facts.source("records");
  for (const [record, targets] of [[PRIMARY, first] as const, [SECONDARY, second] as const]) {
    if (isUnknown(targets)) program.problems.unknown(record.facts.source("records"), targets.unknown, asset);
  }
  if (!Array.isArray(first) || !Array.isArray(second)) return;
  if (first.some((one) => second.some((other) => isSameName(one, other)))) {
    program.problems.add(source, `both records of ${name} lead to ${second.join(", ")}: there is no other site`, asset);
    return;
  }
  const [here, there] = [regionsOf(first, program), regionsOf(second, program)];
  const shared = here.find((region) => there.includes(region));
  if (shared === undefined) return;
  const message = `the PRIMARY and the SECONDARY record of ${name} lead to load balancers in one region, ${shared}: both are lost with it`;
  program.problems.add(source, message, asset);
}

/** Regions of the load balancers of this program that some names are aliases of. */
function regionsOf(names: readonly string[], { dnsRecords, loadBalancers }: Program): string[] {
  const aliases = dnsRecords.filter((record) => names.some((name) => isSameName(record.name, name)));
  return loadBalancers
    .filter((one) => aliases.some((alias) => comesFrom(alias, "aliases", one)))
    .flatMap(({ at }) => (isUnknown(at) ? [] : [at.region]));
}
