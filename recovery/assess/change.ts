import type { Archive, Copy, Path, Plan, Protection, RestorePoints, Series, Source, Term } from "../plan";

/** One change to a plan, in the words of the resource it changes. */
export interface Change {
  what: string;
  source: Source;
  /** How many seconds it can take off the time of the way at most, where that is known. */
  saves?: number;
  apply(plan: Plan): Plan;
}

/** A plan with one protection of a kind edited. */
export function editProtection<Kind extends Protection["kind"]>(
  plan: Plan,
  { id, kind }: { id: string; kind: Kind },
  edit: (protection: Extract<Protection, { kind: Kind }>) => Protection,
): Plan {
  const isIt = (one: Protection): one is Extract<Protection, { kind: Kind }> => one.id === id && one.kind === kind;
  return { ...plan, protections: plan.protections.map((one) => (isIt(one) ? edit(one) : one)) };
}

/** A plan with one series of restore points edited. */
export function editSeries(plan: Plan, points: RestorePoints, name: string, edit: Partial<Series>): Plan {
  return editProtection(plan, points, (one) => ({
    ...one,
    series: one.series.map((series) => (series.name === name ? { ...series, ...edit } : series)),
  }));
}

/** A plan with one copy of restore points, or of a log, edited. */
export function editCopy(plan: Plan, owner: RestorePoints | Archive, copy: Copy, edit: Partial<Copy>): Plan {
  return editProtection(plan, owner, (one) => ({
    ...one,
    copies: one.copies.map((other) =>
      other.source.resource === copy.source.resource && other.source.property === copy.source.property
        ? { ...other, ...edit }
        : other,
    ),
  }));
}

/** A plan with one path edited. */
export function editPath(plan: Plan, id: string, edit: (path: Path) => Partial<Path>): Plan {
  return { ...plan, paths: plan.paths.map((one) => (one.id === id ? { ...one, ...edit(one) } : one)) };
}

/** Whether a number was read from a resource, so that someone can change it there. */
export function isEnforced({ source }: Term): boolean {
  return source.property !== undefined && !source.resource.startsWith("register:");
}
