import { compare, isBounded, isUnknown, sumOf } from "../../../recovery/bound";
import { formatSeconds, type Seconds, seconds } from "../../../recovery/duration";
import type { Term } from "../../../recovery/plan";
import { route53Redirection } from "../../../recovery/time";
import { assumedTerm } from "../assumptions";
import { titleOf } from "../names";
import type { Program } from "../program";
import { type HealthCheck, settingsOf } from "../resources/healthCheck";
import type { DnsRecord } from "../resources/record";
import type { Repointed } from "./failover";

/** How long until clients follow what a health check sees, against what is promised. */
export function noteTime(
  { name, asset, jobs }: Repointed,
  within: number,
  { record, check }: { record: DnsRecord; check: HealthCheck },
  { register, problems }: Program,
): void {
  const path = jobs[0]?.protects === undefined ? {} : { path: pathOf(jobs) };
  const clientCache = assumedTerm(register, { term: "client-cache", asset: asset ?? "", ...path }, "client cache");
  const { detect, redirect } = route53Redirection({
    ...settingsOf(check),
    ttl: { value: record.ttl, source: record.facts.source("ttl") },
    clientCache,
  });
  const promise = `${titleOf(record.resource)} must lead clients of ${name} elsewhere within ${formatSeconds(seconds(within))}`;
  const by = `requestInterval and failureThreshold of ${titleOf(check.resource)}, ttl of ${titleOf(record.resource)}`;
  notePromise({ promise, within, terms: [...detect, ...redirect], by }, asset, problems);
}

function pathOf(jobs: Repointed["jobs"]): string {
  const own = jobs[0]?.facts.at("metadata.annotations").key("holdfast.dev/path").text();
  return typeof own === "string" ? own : "";
}

/** A time that somebody promises, what it is reckoned from, and what settles that. */
export interface PromisedTime {
  promise: string;
  within: number;
  terms: readonly Term[];
  by: string;
}

/** Tells where what is reckoned from terms is longer than promised, or not known. */
export function notePromise(
  { promise, within, terms, by }: PromisedTime,
  asset: string | undefined,
  problems: Program["problems"],
): void {
  const total = sumOf(terms);
  // What nobody bounds is told by the term itself; of the others the longest binds.
  const [binding] = [...terms].sort((a, b) => compare(b.value, a.value));
  if (binding === undefined) return;
  if (isUnknown(total)) {
    const unread = terms.find(({ value }) => isUnknown(value)) ?? binding;
    problems.unknown(unread.source, `${promise}, and that is not known: ${total.unknown}`, asset);
  } else if (!isBounded(total)) problems.add(binding.source, `${promise}: ${total.unbounded}`, asset);
  else if (total > within) {
    const parts = terms.map(({ name, value }) => `${name} ${formatSeconds(value as Seconds)}`).join(", ");
    problems.add(binding.source, `${promise}, but takes ${formatSeconds(total)}: ${parts} (${by})`, asset);
  }
}
