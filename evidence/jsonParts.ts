import type { Candidate, Counterexample, Sum } from "../recovery/assess/assessment";
import type { Bound } from "../recovery/bound";
import type { Limit } from "../recovery/objective";
import type { Place, Register, Source, Term } from "../recovery/plan";
import { isoInstant } from "./dates";
import { byText } from "./words";

// Every object is written field by field: the order of the bytes is ours, and a field nobody names here stays inside.

/** A value as JSON writes it; what is undefined is left out. */
export type Json = string | number | boolean | undefined | readonly Json[] | { readonly [key: string]: Json };

/** Where something was read. */
export function sourceJson({ name, property, resource }: Source): Json {
  return { name, property, resource };
}

/** Seconds, or why there is no number. */
export function boundJson(bound: Bound): Json {
  if (typeof bound === "number") return bound;
  return "unbounded" in bound ? { unbounded: bound.unbounded } : { unknown: bound.unknown };
}

/** One number of a verdict with where it comes from. */
export function termJson({ name, value, grade, part, assumption, source }: Term): Json {
  return { name, value: boundJson(value), grade, part, assumption, source: sourceJson(source) };
}

/** A total with its terms. */
export function sumJson({ total, terms }: Sum): Json {
  return { total: boundJson(total), terms: terms.map(termJson) };
}

/** A limit in seconds with its comparison. */
export function limitJson({ seconds, strict }: Limit): Json {
  return { seconds, strict };
}

/** One way to recover with its costs. */
export function candidateJson({ path, protection, label, rpo, rto, window }: Candidate): Json {
  return {
    path,
    protection,
    label,
    rpo: { everyRunSucceeding: sumJson(rpo[0]), oneFailedRun: sumJson(rpo[1]) },
    rto: sumJson(rto),
    window: window && { needed: boundJson(window.needed), available: boundJson(window.available) },
  };
}

/** Dated events and what follows from them. */
export function counterexampleJson({ events, conclusion }: Counterexample): Json {
  return { events: events.map(({ at, what }) => ({ at: isoInstant(at), what })), conclusion };
}

/** What was judged beside the resources. */
export function registerJson({ sites, assumptions, waivers, drills }: Register): Json {
  return {
    sites: sorted(sites, (site) => site.name).map((site) => ({
      name: site.name,
      place: placeJson(site.place),
      context: site.context,
      nodeGrace: site.nodeGrace,
      controllerTimeZone: site.controllerTimeZone,
      storageClasses: Object.fromEntries(
        sorted(Object.entries(site.storageClasses), ([name]) => name).map(([name, { survives, shared }]) => [
          name,
          { survives, shared },
        ]),
      ),
      owner: site.owner,
      drill: site.drill,
      expires: site.expires,
    })),
    assumptions: sorted(assumptions, (entry) => entry.id).map((entry) => ({
      id: entry.id,
      term: entry.term,
      assets: entry.assets,
      disruptions: entry.disruptions,
      path: entry.path,
      seconds: entry.seconds,
      bytesPerSecond: entry.bytesPerSecond,
      owner: entry.owner,
      reason: entry.reason,
      drill: entry.drill,
      expires: entry.expires,
    })),
    waivers: sorted(waivers, (waiver) => `${waiver.rule} ${waiver.asset} ${waiver.disruption ?? ""}`).map(waiverJson),
    drills: sorted(drills, (drill) => `${drill.date} ${drill.id}`).map(drillJson),
  };
}

/** An accepted finding. */
export function waiverJson({
  rule,
  asset,
  disruption,
  owner,
  reason,
  ticket,
  expires,
}: Register["waivers"][number]): Json {
  return { rule, asset, disruption, owner, reason, ticket, expires };
}

/** A rehearsed recovery. */
export function drillJson({ id, asset, path, date, seconds, bytes, verified }: Register["drills"][number]): Json {
  return { id, asset, path, date, seconds, bytes, verified };
}

/** A copy in order of a text. */
export function sorted<T>(things: readonly T[], text: (thing: T) => string): T[] {
  return [...things].sort((a, b) => byText(text(a), text(b)));
}

function placeJson({ cloud, account, region, zones, node, deployed }: Place): Json {
  return { cloud, account, region, zones, node, deployed };
}
