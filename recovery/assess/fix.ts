import { formatBound, isBounded } from "../bound";
import { isDamaging } from "../loss/survive";
import { disruptions, formatLimit, largestKept } from "../objective";
import type { Asset, Group, Path, Plan } from "../plan";
import { assessOne } from "./assess";
import type { Assessment, Fix } from "./assessment";
import type { Change } from "./change";
import { mayKeep } from "./groups";
import type { Half } from "./judge";
import { type Choice, lossChanges } from "./lossChanges";
import { sessionOf } from "./session";
import { timeChanges } from "./timeChanges";

/** Most changes that mend one half of a promise, unless so many members of a group need one each. */
const mostChanges = 3;

/** Most plans, or parts of them, that are tried for one half before giving up; one of a long path counts several times. */
const mostTries = 4_000;

/** How many steps of a path are tried for the price of one plan. */
const stepsInTry = 10;

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
 * The smallest set of changes after which the model itself finds the promise kept, and what else it found kept; undefined
 * when none of those it knows to try will do. Loss and time are mended one after the other: no change here helps one and
 * hurts the other, and what mends both counts for both.
 */
export function mend(plan: Plan, assessment: Assessment, asOf: number): Mended | undefined {
  const asset = plan.assets.find((one) => one.id === assessment.asset);
  if (asset === undefined) return undefined;
  const assessed = (changed: Plan) => assessOne(changed, asset, assessment.disruption, asOf);
  const changes: Change[] = [];
  let current = concerning(plan, asset);
  for (const halves of [["rpo", "window"], ["rto"]] as const) {
    // What brings a way back may mend both halves.
    const now = changes.length === 0 ? assessment : (assessed(current) ?? assessment);
    if (!now.broken.some((half) => halves.some((one) => one === half))) continue;
    const group = halves[0] === "rpo" ? sessionOf(current, asOf).about(asset.id)?.group : undefined;
    const sooner = timeChanges(current, now).map((changes) => ({ asset: asset.id, changes }));
    // What is written until damage is noticed and stopped is lost as well.
    const choices =
      halves[0] === "rto"
        ? sooner
        : [...lossChanges(current, now, group), ...(isDamaging(now.disruption) ? sooner : [])];
    const kept = keptBeside(current, asset, assessment, asOf);
    const test = (changed: Plan) => mends(assessed(changed), halves) && kept(changed);
    const bar = group && barOf(current, { asset, group, assessment, asOf });
    const found = smallest(current, choices, test, {
      ...(bar ? { bar } : {}),
      ...(halves[0] === "rto" ? timeLeft(current, now) : { excess: 0, price: 1 }),
    });
    if (found === undefined) return undefined;
    changes.push(...found);
    current = applied(found, current);
  }
  // The whole plan decides, whatever was left out of the search.
  const mended = applied(changes, plan);
  const answer = assessed(mended);
  return answer?.chosen && answer.broken.length === 0 ? { changes, plan: mended, assessment: answer } : undefined;
}

/** Whether what else is promised of an asset, and of those that it must fit, is kept on a changed plan as it was. */
function keptBeside(plan: Plan, asset: Asset, { disruption }: Assessment, asOf: number): (changed: Plan) => boolean {
  const members = sessionOf(plan, asOf)
    .about(asset.id)
    ?.group?.members.map((one) => one.asset) ?? [asset.id];
  const beside = plan.assets
    .filter(({ id }) => members.includes(id))
    .flatMap((one) => disruptions.map((other) => ({ asset: one, disruption: other })))
    .filter((one) => one.asset.objectives[one.disruption] && (one.asset !== asset || one.disruption !== disruption));
  const isKept = (on: Plan, one: (typeof beside)[number]) =>
    assessOne(on, one.asset, one.disruption, asOf)?.broken.length === 0;
  let kept: typeof beside | undefined;
  return (changed) => {
    kept ??= beside.filter((one) => isKept(plan, one));
    return kept.every((one) => isKept(changed, one));
  };
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
    const used = new Set(plan.paths.flatMap((one) => (one.asset === id ? usesOf(one) : [])));
    // Steps elsewhere that share something with its own may be in their way.
    if (used.size > 0) for (const one of plan.paths) if (usesOf(one).some((thing) => used.has(thing))) add(one.asset);
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
    groups: plan.groups.filter(({ members }) => members.some((one) => ids.has(one.asset))),
  };
}

function usesOf({ steps }: Path): string[] {
  return steps.flatMap(({ uses = [] }) => uses);
}

function mends(answer: Assessment | undefined, halves: readonly Half[]): boolean {
  return answer?.chosen !== undefined && !answer.broken.some((half) => halves.includes(half));
}

/** One of the alternatives of a choice, with a text that tells it from all others. */
interface Pick {
  asset: string;
  change: Change;
  key: string;
}

function changesIn(picks: readonly Pick[]): Change[] {
  return picks.map(({ change }) => change);
}

/** What tells early that changes to a group cannot do, since a set loses no less than any of its members. */
interface Bar {
  members: readonly string[];
  /** Whether one member by itself may do with the changes to it. */
  alone(member: string, picks: readonly Pick[]): boolean;
  /** How many of those questions had to be reckoned. */
  asked(): number;
  /** Whether all of them together may. */
  together(plan: Plan): boolean;
}

function barOf(
  plan: Plan,
  { asset, group, assessment, asOf }: { asset: Asset; group: Group; assessment: Assessment; asOf: number },
): Bar {
  const known = new Map<string, boolean>();
  const { disruption, objective } = assessment;
  const may = (changed: Plan, member?: string) =>
    mayKeep(sessionOf(changed, asOf), group, asset, disruption, objective.rpo, member);
  return {
    members: group.members.map((one) => one.asset),
    alone: (member, picks) => {
      const own = picks.filter((one) => one.asset === member);
      const key = [member, ...own.map((one) => one.key)].join(" ");
      const answer = known.get(key) ?? may(applied(changesIn(own), plan), member);
      known.set(key, answer);
      return answer;
    },
    asked: () => known.size,
    together: (changed) => may(changed),
  };
}

/** What keeps a search short: what tells early that changes will not do, and what a try counts for. */
interface Limits {
  bar?: Bar;
  /** Seconds that the changes must take off in all. */
  excess: number;
  price: number;
}

/** The longest chain takes no less than it does now without what is taken off its own steps. */
function timeLeft(plan: Plan, { chosen, objective }: Assessment): Limits {
  const total = chosen?.rto.total;
  const steps = plan.paths.find(({ id }) => id === chosen?.path)?.steps.length ?? 0;
  return {
    excess: total !== undefined && isBounded(total) ? total - largestKept(objective.rto) : 0,
    price: Math.max(1, Math.ceil(steps / stepsInTry)),
  };
}

/** The fewest changes that satisfy a test, at most one of each choice, in the order of the choices. */
function smallest(
  plan: Plan,
  choices: readonly Choice[],
  test: (plan: Plan) => boolean,
  { bar, excess, price }: Limits,
): Change[] | undefined {
  const savesOf = ({ saves = Number.POSITIVE_INFINITY }: Change) => saves;
  const most = choices.flatMap(({ changes }) => changes).reduce((all, one) => Math.max(all, savesOf(one)), 0);
  const needy = bar?.members.filter((member) => !bar.alone(member, [])) ?? [];
  let tries = 0;
  const search = (from: number, left: number, picks: readonly Pick[]): Change[] | undefined => {
    const missing = needy.filter((member) => !picks.some(({ asset }) => asset === member));
    if (tries + (bar?.asked() ?? 0) > mostTries || missing.length > left) return undefined;
    for (const [place, { asset, changes }] of choices.entries()) {
      if (place < from || (missing.length === left && !missing.includes(asset))) continue;
      for (const [which, change] of changes.entries()) {
        const all = [...picks, { asset, change, key: `${place}.${which}` }];
        if (all.reduce((saved, one) => saved + savesOf(one.change), left > 1 ? (left - 1) * most : 0) < excess)
          continue;
        if (left > 1) {
          // Where every change that is left goes to another member, no more come to this one.
          if (bar && missing.length === left && !bar.alone(asset, all)) continue;
          const found = search(place + 1, left - 1, all);
          if (found) return found;
          continue;
        }
        if (bar && !bar.members.every((member) => bar.alone(member, all))) continue;
        tries += price;
        if (tries > mostTries) return undefined;
        const found = changesIn(all);
        const changed = applied(found, plan);
        if ((bar === undefined || bar.together(changed)) && test(changed)) return found;
      }
    }
    return undefined;
  };
  const mostPicks = Math.min(Math.max(mostChanges, needy.length), choices.length);
  for (let count = 1; count <= mostPicks; count++) {
    const found = search(0, count, []);
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
