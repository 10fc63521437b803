import type { Place, Register } from "../recovery/plan";
import { type Json, sorted } from "./jsonParts";

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

function placeJson({ cloud, account, region, zones, node, deployed }: Place): Json {
  return { cloud, account, region, zones, node, deployed };
}
