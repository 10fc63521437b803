import { formatBound } from "../bound";
import { formatLimit } from "../objective";
import type { Asset, Plan } from "../plan";
import { assessOne } from "./assess";
import type { Assessment, Fix } from "./assessment";
import type { Change } from "./change";
import type { Half } from "./judge";
import { lossChanges } from "./lossChanges";
import { timeChanges } from "./timeChanges";

/** Most changes that mend one half of a promise. */
const mostChanges = 3;

/** Most plans that are tried for one half before giving up; fewer where each costs a walk over several calendars. */
const mostTries = 4_000;
const mostWalks = 150;

/** A plan on which a promise is kept, and the changes that lead there. */
export interface Mended {
  changes: Change[];
  plan: Plan;
  assessment: Assessment;
}

/** What to change so that a promise is kept; undefined when nothing that is known to try will do. */
export function fixOf(plan: Plan, assessment: Assessment, asOf: number): Fix | undefined {
  const mended = mend(plan, assessment, asOf);
  return mended && describe(mended);
}

/**
 * The smallest set of changes after which the model itself finds the promise kept; undefined when none of those it
 * knows to try will do. Loss and time are mended one after the other: no change here helps one and hurts the other.
 */
export function mend(plan: Plan, assessment: Assessment, asOf: number): Mended | undefined {
  const asset = plan.assets.find((one) => one.id === assessment.asset);
  if (asset === undefined) return undefined;
  const assessed = (changed: Plan) => assessOne(changed, asset, assessment.disruption, asOf);
  const changes: Change[] = [];
  let current = concerning(plan, asset);
  for (const halves of [["rpo", "window"], ["rto"]] as const) {
    if (!assessment.broken.some((half) => halves.some((one) => one === half))) continue;
    const choices = halves[0] === "rpo" ? lossChanges(current, assessment) : timeChanges(current, assessment);
    const found = smallest(current, choices, (changed) => mends(assessed(changed), halves));
    if (found === undefined) return undefined;
    changes.push(...found);
    current = applied(found, current);
  }
  // The whole plan decides, whatever was left out of the search.
  const mended = applied(changes, plan);
  const answer = assessed(mended);
  return answer?.chosen && answer.broken.length === 0 ? { changes, plan: mended, assessment: answer } : undefined;
}

function applied(changes: readonly Change[], plan: Plan): Plan {
  return changes.reduce((changed, change) => change.apply(changed), plan);
}

/** The part of a plan that an asset's verdict can depend on: a search over thousands of plans reads no more. */
function concerning(plan: Plan, asset: Asset): Plan {
  const ids = new Set<string>();
  const add = (id: string) => {
    if (ids.has(id)) return;
    ids.add(id);
    for (const other of plan.assets.find((one) => one.id === id)?.dependsOn ?? []) add(other);
    for (const one of plan.protections) if (one.kind === "rebuild" && one.asset === id) add(one.from);
    for (const { members } of plan.groups) {
      if (members.some((one) => one.asset === id)) for (const one of members) add(one.asset);
    }
  };
  add(asset.id);
  return {
    ...plan,
    assets: plan.assets.filter(({ id }) => ids.has(id)),
    protections: plan.protections.filter((one) => ids.has(one.asset)),
    paths: plan.paths.filter((one) => ids.has(one.asset)),
    alerts: plan.alerts.filter((one) => ids.has(one.asset)),
  };
}

function mends(answer: Assessment | undefined, halves: readonly Half[]): boolean {
  return answer?.chosen !== undefined && !answer.broken.some((half) => halves.includes(half));
}

/** The fewest changes that satisfy a test, at most one of each group, in the order of the groups. */
function smallest(plan: Plan, groups: readonly Change[][], test: (plan: Plan) => boolean): Change[] | undefined {
  const most = plan.groups.length > 0 ? mostWalks : mostTries;
  let tries = 0;
  const search = (from: number, left: number, current: Plan): Change[] | undefined => {
    for (const [place, group] of groups.entries()) {
      if (place < from) continue;
      for (const change of group) {
        const changed = change.apply(current);
        if (left > 1) {
          const rest = search(place + 1, left - 1, changed);
          if (rest) return [change, ...rest];
        } else {
          if (++tries > most) return undefined;
          if (test(changed)) return [change];
        }
      }
    }
    return undefined;
  };
  for (let count = 1; count <= Math.min(mostChanges, groups.length) && tries <= most; count++) {
    const found = search(0, count, plan);
    if (found) return found;
  }
  return undefined;
}

function describe({ changes, assessment: { chosen, objective } }: Mended): Fix | undefined {
  const [first] = changes;
  if (first === undefined || chosen === undefined) return undefined;
  const { rpo, rto } = chosen;
  return {
    change: changes.map((change) => change.what).join("; and "),
    source: first.source,
    result: `RPO ${formatBound(rpo[1].total)} (${formatLimit(objective.rpo)}), RTO ${formatBound(rto.total)} (${formatLimit(objective.rto)})`,
  };
}
