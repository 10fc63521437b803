import { formatBound, isUnknown } from "../bound";
import { type Duration, duration, formatSeconds, seconds } from "../duration";
import { formatLimit } from "../objective";
import type { Copy, Path, Plan, Protection, RestorePoints, Series, Source, Term } from "../plan";
import { assessOne } from "./assess";
import type { Assessment, Fix } from "./assessment";

/** One change to a plan, in the words of the resource it changes. */
interface Change {
  what: string;
  source: Source;
  apply(plan: Plan): Plan;
}

/** Most changes that mend one half of a promise. */
const mostChanges = 3;

/** Most plans that are tried for one half before giving up. */
const mostTries = 4_000;

type Half = Assessment["broken"][number];

/**
 * The smallest set of changes after which the model itself finds the promise kept; undefined when none of those it
 * knows to try will do. Loss and time are mended one after the other: no change here helps one and hurts the other.
 */
export function fixOf(plan: Plan, assessment: Assessment, asOf: number): Fix | undefined {
  const asset = plan.assets.find((one) => one.id === assessment.asset);
  if (asset === undefined) return undefined;
  const assessed = (changed: Plan) => assessOne(changed, asset, assessment.disruption, asOf);
  const applied: Change[] = [];
  let current = plan;
  for (const halves of [["rpo", "window"], ["rto"]] as const) {
    if (!assessment.broken.some((half) => halves.some((one) => one === half))) continue;
    const choices = halves[0] === "rpo" ? lossChanges(plan, assessment) : timeChanges(plan, assessment);
    const found = smallest(current, choices, (changed) => mends(assessed(changed), halves));
    if (found === undefined) return undefined;
    applied.push(...found);
    current = found.reduce((changed, change) => change.apply(changed), current);
  }
  const answer = assessed(current);
  return answer?.chosen && answer.broken.length === 0 ? describe(applied, answer) : undefined;
}

function mends(answer: Assessment | undefined, halves: readonly Half[]): boolean {
  return answer?.chosen !== undefined && !answer.broken.some((half) => halves.includes(half));
}

/** The fewest changes that satisfy a test, at most one of each group, in the order of the groups. */
function smallest(plan: Plan, groups: readonly Change[][], test: (plan: Plan) => boolean): Change[] | undefined {
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
          if (++tries > mostTries) return undefined;
          if (test(changed)) return [change];
        }
      }
    }
    return undefined;
  };
  for (let count = 1; count <= Math.min(mostChanges, groups.length) && tries <= mostTries; count++) {
    const found = search(0, count, plan);
    if (found) return found;
  }
  return undefined;
}

function describe(changes: readonly Change[], answer: Assessment): Fix {
  const first = changes[0];
  if (first === undefined || answer.chosen === undefined) throw new Error("a fix without a change");
  const { rpo, rto } = answer.chosen;
  return {
    change: changes.map((change) => change.what).join("; and "),
    source: first.source,
    result: `RPO ${formatBound(rpo[1].total)} (${formatLimit(answer.objective.rpo)}), RTO ${formatBound(rto.total)} (${formatLimit(answer.objective.rto)})`,
  };
}

/** Alternatives that lose less, in groups of which a fix takes at most one each; the mildest first. */
function lossChanges(plan: Plan, { asset, disruption, chosen }: Assessment): Change[][] {
  return plan.protections.flatMap((protection) => {
    if (protection.asset !== asset || protection.kind !== "restore-points") return [];
    if (chosen !== undefined && chosen.protection !== protection.id) return [];
    return [
      ...protection.series.flatMap((series) => seriesChanges(protection, series)),
      ...copyChanges(plan, protection, disruption),
    ].filter((group) => group.length > 0);
  });
}

/** Alternatives that take less time. */
function timeChanges(plan: Plan, { disruption, chosen }: Assessment): Change[][] {
  const path = plan.paths.find((one) => one.id === chosen?.path && one.excluded[disruption] === undefined);
  return path ? pathChanges(path).filter((group) => group.length > 0) : [];
}

/** Schedules to try, from sparse to dense; UTC has no clock changes. */
const schedules = [
  "0 2 * * *",
  "0 */12 * * *",
  "0 */8 * * *",
  "0 */6 * * *",
  "0 */4 * * *",
  "0 */3 * * *",
  "0 */2 * * *",
  "0 * * * *",
  "*/30 * * * *",
  "*/20 * * * *",
  "*/15 * * * *",
  "*/10 * * * *",
  "*/5 * * * *",
  "*/3 * * * *",
  "*/2 * * * *",
  "* * * * *",
];

function seriesChanges(points: RestorePoints, series: Series): Change[][] {
  const change = (property: string, value: string, edit: Partial<Series>): Change => ({
    what: `${property} of ${series.source.name}: ${value}`,
    source: { ...series.source, property },
    apply: (plan) => editSeries(plan, points.id, series.name, edit),
  });
  const scheduleChanges = schedules.map((expression) =>
    change("spec.schedule", `"${expression}" (Etc/UTC)`, {
      schedule: { scheduler: "kubernetes", expression, timeZone: "Etc/UTC" },
    }),
  );
  const known = isUnknown(series.schedule) ? undefined : series.schedule;
  const sameInUtc =
    known && known.timeZone !== "Etc/UTC"
      ? [change("spec.timeZone", '"Etc/UTC"', { schedule: { ...known, timeZone: "Etc/UTC" } })]
      : [];
  const groups = [[...sameInUtc, ...scheduleChanges]];
  if (series.suspended !== false) groups.push([change("spec.suspend", "false", { suspended: false })]);
  groups.push(
    termChanges(series.startSlack, ["10m", "5m", "1m", "30s", "10s"], (term) =>
      change("spec.startingDeadlineSeconds", String(term.value), { startSlack: term }),
    ),
  );
  groups.push(
    termChanges(series.run, ["1h", "30m", "15m", "10m", "5m", "2m", "1m"], (term) =>
      change("spec.jobTemplate.spec.activeDeadlineSeconds", String(term.value), { run: term }),
    ),
  );
  return groups;
}

function termChanges(term: Term, values: Duration[], change: (term: Term) => Change): Change[] {
  return values
    .map(duration)
    .filter((value) => typeof term.value !== "number" || value < term.value)
    .map((value) => change({ ...term, value }));
}

function copyChanges(plan: Plan, points: RestorePoints, disruption: Assessment["disruption"]): Change[][] {
  const change = (copy: Copy, what: string, edit: Partial<Copy>): Change => ({
    what: `${what} (${copy.source.name})`,
    source: copy.source,
    apply: (changed) => editCopy(changed, points.id, copy, edit),
  });
  return points.copies.flatMap((copy) => {
    const groups: Change[][] = [];
    if (disruption === "compromise" && copy.lock.mode !== "compliance") {
      groups.push([
        change(copy, "default retention in COMPLIANCE mode", { lock: { ...copy.lock, mode: "compliance" } }),
      ]);
    }
    const other = plan.register.sites.find(
      (site) => !isUnknown(copy.at) && site.place.region !== copy.at.region && site.context !== undefined,
    );
    if ((disruption === "region" || disruption === "zone" || disruption === "node") && other && !isUnknown(copy.at)) {
      const at = { ...other.place, zones: [] };
      groups.push([change(copy, `keep the copy in ${other.place.region}`, { at })]);
    }
    if (disruption === "corruption" || disruption === "compromise") {
      groups.push(
        ["7d", "14d", "30d", "45d", "60d", "90d"].map((text) => {
          const kept = { ...copy.keptFor, value: duration(text) };
          return change(copy, `keep and lock restore points for ${text}`, {
            keptFor: kept,
            lock: { ...copy.lock, keptFor: kept },
          });
        }),
      );
    }
    return groups;
  });
}

function pathChanges(path: Path): Change[][] {
  const shorter = (term: Term, edit: (path: Path, term: Term) => Partial<Path>): Change[] => {
    const { value } = term;
    const values =
      typeof value === "number"
        ? [2, 4, 8, 16, 32].map((divisor) => Math.floor(value / divisor)).filter((part) => part >= 1)
        : ["30m", "15m", "5m", "1m"].map(duration);
    return values.map((part) => ({
      what: `${term.source.property ?? term.name} of ${term.source.name}: ${formatSeconds(part)}`,
      source: term.source,
      apply: (plan) => editPath(plan, path.id, (current) => edit(current, { ...term, value: seconds(part) })),
    }));
  };
  const enforced = (term: Term) => term.source.property !== undefined && !term.source.resource.startsWith("register:");
  return [
    ...path.steps
      .filter((step) => enforced(step.bound))
      .map(({ name, bound }) =>
        shorter(bound, ({ steps }, term) => ({
          steps: steps.map((one) => (one.name === name ? { ...one, bound: term } : one)),
        })),
      ),
    ...path.detect.filter(enforced).map((term) =>
      shorter(term, ({ detect }, edited) => ({
        detect: detect.map((one) => (one.name === term.name ? edited : one)),
      })),
    ),
  ];
}

function editProtection(plan: Plan, id: string, edit: (points: RestorePoints) => RestorePoints): Plan {
  const protections: Protection[] = plan.protections.map((one) =>
    one.id === id && one.kind === "restore-points" ? edit(one) : one,
  );
  return { ...plan, protections };
}

function editSeries(plan: Plan, id: string, name: string, edit: Partial<Series>): Plan {
  return editProtection(plan, id, (points) => ({
    ...points,
    series: points.series.map((one) => (one.name === name ? { ...one, ...edit } : one)),
  }));
}

function editCopy(plan: Plan, id: string, copy: Copy, edit: Partial<Copy>): Plan {
  return editProtection(plan, id, (points) => ({
    ...points,
    copies: points.copies.map((one) => (one.source.resource === copy.source.resource ? { ...one, ...edit } : one)),
  }));
}

function editPath(plan: Plan, id: string, edit: (path: Path) => Partial<Path>): Plan {
  return { ...plan, paths: plan.paths.map((one) => (one.id === id ? { ...one, ...edit(one) } : one)) };
}
