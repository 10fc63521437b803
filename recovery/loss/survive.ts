import { isUnknown, type Maybe } from "../bound";
import type { Disruption } from "../objective";
import {
  type Copy,
  type Domain,
  domains,
  type Lock,
  type Need,
  type Place,
  type Redundancy,
  type Shares,
} from "../plan";
import { formatInstant } from "../schedule/instant";

/** Whether something outlives a disruption: yes, no with the reason, or not known. */
export type Survival =
  | { survives: true }
  | { survives: false; reason: string }
  | { survives: "unknown"; reason: string };

/** What strikes: where the asset is, by which disruption, judged at which instant (seconds since 1970). */
export interface Strike {
  at: Maybe<Place>;
  disruption: Disruption;
  asOf: number;
}

/** Whether a disruption damages what is kept, and may be noticed late. */
export function isDamaging(disruption: Disruption): boolean {
  return disruption === "corruption" || disruption === "compromise";
}

const yes: Survival = { survives: true };
const no = (reason: string): Survival => ({ survives: false, reason });
const unsure = (reason: string): Survival => ({ survives: "unknown", reason });

/** Whether a place outlives what strikes an asset elsewhere or at the same place. */
export function placeSurvives(at: Maybe<Place>, { at: struck, disruption }: Omit<Strike, "asOf">): Survival {
  if (disruption === "process" || disruption === "corruption") return yes;
  if (isUnknown(at)) return unsure(`its place is not known: ${at.unknown}`);
  const elsewhere = !isUnknown(struck) && (at.cloud !== struck.cloud || at.region !== struck.region);
  const isApart = elsewhere || (!isUnknown(struck) && inOtherZone(at, struck));
  if (isApart && (disruption === "node" || disruption === "zone")) return yes;
  // What would be lost beside the asset may be far from it.
  const nowhere = isUnknown(struck) ? unsure(`the place of the asset is not known: ${struck.unknown}`) : undefined;
  switch (disruption) {
    case "node":
      return at.node === undefined ? yes : (nowhere ?? no(`on the ${at.node} of one node`));
    case "zone":
      if (at.node !== undefined) return nowhere ?? no(`on the ${at.node} of one node`);
      return at.zones.length === 1 ? (nowhere ?? no(`in one zone, ${at.zones[0]}`)) : yes;
    case "region":
      if (nowhere !== undefined) return nowhere;
      return elsewhere ? yes : no(`in the same region, ${at.region}`);
    case "compromise":
      if (at.deployed) return no(`reached with credentials of this program, account ${at.account}`);
      // The credentials of the workload rule its own account, whoever deploys there.
      if (isUnknown(struck)) return nowhere ?? yes;
      return at.account === struck.account ? no(`in the asset's own account, ${at.account}`) : yes;
  }
}

/** Whether two places of an account are in one zone each, and not the same: another account may call that zone otherwise. */
export function inOtherZone(a: Place, b: Place): boolean {
  if (a.cloud !== b.cloud || a.account !== b.account || a.region !== b.region) return false;
  return a.zones.length === 1 && b.zones.length === 1 && a.zones[0] !== b.zones[0];
}

/** Whether what a copy or a recovery needs is there after a disruption: the worst of all. */
export function needsSurvive(needs: readonly Need[], strike: Omit<Strike, "asOf">): Survival {
  const answers = needs.flatMap((need): Survival[] => {
    if (need.assumption !== undefined) return [];
    const answer = needSurvives(need, strike);
    if (answer.survives === true) return [];
    return [{ ...answer, reason: `it needs ${need.what}, and ${answer.reason}` }];
  });
  return answers.find((one) => one.survives === false) ?? answers[0] ?? yes;
}

function needSurvives(need: Need, strike: Omit<Strike, "asOf">): Survival {
  if (strike.disruption !== "compromise" || need.deletable === undefined) return placeSurvives(need.at, strike);
  return need.deletable ? no(`hostile credentials can delete ${need.source.name}`) : yes;
}

/** Whether a copy of restore points outlives a disruption; a compliance lock outlives hostile credentials. */
export function copySurvives({ at, lock, needs = [] }: Pick<Copy, "at" | "lock" | "needs">, strike: Strike): Survival {
  const itself = strike.disruption === "compromise" ? lockHolds(at, lock, strike) : placeSurvives(at, strike);
  return itself.survives === true ? needsSurvive(needs, strike) : itself;
}

function lockHolds(at: Maybe<Place>, lock: Lock, strike: Strike): Survival {
  const outOfReach = placeSurvives(at, strike);
  if (outOfReach.survives === true) return yes;
  const held = modeHolds(lock, strike.asOf);
  // It may be where no hostile credentials reach.
  return held.survives === false && outOfReach.survives === "unknown" ? outOfReach : held;
}

function modeHolds({ mode, graceUntil }: Lock, asOf: number): Survival {
  if (isUnknown(mode)) return unsure(`its lock is not known: ${mode.unknown}`);
  if (mode === "governance") return no("its lock is in governance mode, which a permission bypasses");
  if (mode === "none") return no("no lock keeps hostile credentials from deleting it");
  if (graceUntil !== undefined && asOf < graceUntil)
    return no(`its lock can still be removed until ${formatInstant(graceUntil)}`);
  return yes;
}

/** Whether synchronously kept data outlives a disruption. */
export function redundancySurvives({ survives }: Redundancy, disruption: Disruption): Survival {
  if (disruption === "corruption") return no("copies the corruption");
  if (disruption === "compromise") return no("hostile credentials can delete it");
  if (isUnknown(survives)) return unsure(survives.unknown);
  if (typeof survives === "object") return sharesSurvive(survives, disruption);
  return domains.indexOf(survives) >= domains.indexOf(disruption)
    ? yes
    : no(`survives the loss of a ${survives} at most`);
}

/** Whether enough shares are left when a fault domain is lost while planned work has taken others away. */
function sharesSurvive(shares: Shares, struck: Domain): Survival {
  const lost = sharesIn(shares, struck);
  if (lost === undefined) return no(`nothing keeps its shares in more than one ${struck}`);
  const away = sharesAway(shares);
  const left = shares.total - lost - away;
  if (left >= shares.needed) return yes;
  const work = away > 0 ? ` and planned work ${away}` : "";
  return no(
    `a ${struck} holds ${lost} of ${shares.total} shares${work}: ${Math.max(0, left)} are left and ${shares.needed} are needed`,
  );
}

/** Most shares of one object that go with a domain: those of the next larger domain where its own are not stated. */
export function sharesIn({ together, total }: Shares, domain: Domain): number | undefined {
  const stated = domains.slice(domains.indexOf(domain)).find((one) => together[one] !== undefined);
  const held = stated === undefined ? undefined : together[stated];
  return held === undefined ? undefined : Math.min(held, total);
}

/** Shares that planned work takes away: those of as many of the smallest domains as it takes at a time. */
export function sharesAway(shares: Shares): number {
  const { away = 0 } = shares;
  return away * (sharesIn(shares, "process") ?? shares.total);
}
