import { isUnknown, type Maybe } from "./bound";
import type { Disruption } from "./objective";
import type { Copy, Place, Redundancy } from "./plan";

/** Whether something outlives a disruption: yes, no with the reason, or not known. */
export type Survival =
  | { survives: true }
  | { survives: false; reason: string }
  | { survives: "unknown"; reason: string };

const yes: Survival = { survives: true };
const no = (reason: string): Survival => ({ survives: false, reason });
const unsure = (reason: string): Survival => ({ survives: "unknown", reason });

const reach = ["process", "node", "zone", "region"] as const;

/** Whether a place outlives what strikes an asset elsewhere or at the same place. */
export function placeSurvives(at: Maybe<Place>, struck: Maybe<Place>, disruption: Disruption): Survival {
  if (disruption === "process" || disruption === "corruption") return yes;
  if (isUnknown(at)) return unsure(`its place is not known: ${at.unknown}`);
  switch (disruption) {
    case "node":
      return at.node === undefined ? yes : no(`on the ${at.node} of one node`);
    case "zone":
      if (at.node !== undefined) return no(`on the ${at.node} of one node`);
      return at.zones.length === 1 ? no(`in one zone, ${at.zones[0]}`) : yes;
    case "region":
      if (isUnknown(struck)) return unsure(`the place of the asset is not known: ${struck.unknown}`);
      return at.cloud === struck.cloud && at.region === struck.region ? no(`in the same region, ${at.region}`) : yes;
    case "compromise":
      return at.deployed ? no(`reached with credentials of this program, account ${at.account}`) : yes;
  }
}

/** Whether a copy of restore points outlives a disruption; a compliance lock outlives hostile credentials. */
export function copySurvives(copy: Copy, struck: Maybe<Place>, disruption: Disruption): Survival {
  if (disruption !== "compromise") return placeSurvives(copy.at, struck, disruption);
  if (!isUnknown(copy.at) && !copy.at.deployed) return yes;
  if (isUnknown(copy.lock.mode)) return unsure(`its lock is not known: ${copy.lock.mode.unknown}`);
  if (copy.lock.mode === "governance") return no("its lock is in governance mode, which a permission bypasses");
  if (copy.lock.mode === "none") return no("no lock keeps hostile credentials from deleting it");
  if (copy.deletableKey) return no(`hostile credentials can delete its key, ${copy.deletableKey.name}`);
  return yes;
}

/** Whether synchronously kept data outlives a disruption. */
export function redundancySurvives(protection: Redundancy, disruption: Disruption): Survival {
  if (disruption === "corruption") return no("copies the corruption");
  if (disruption === "compromise") return no("hostile credentials can delete it");
  if (isUnknown(protection.survives)) return unsure(protection.survives.unknown);
  return reach.indexOf(protection.survives) >= reach.indexOf(disruption)
    ? yes
    : no(`survives the loss of a ${protection.survives} at most`);
}
