import { isBounded, isUnbounded, isUnknown } from "../bound";
import { type Duration, duration, formatSeconds, seconds } from "../duration";
import { isResource, scheduleSource } from "../loss/restorePoints";
import { isDamaging } from "../loss/survive";
import type { Archive, Copy, Group, Plan, Protection, Replica, RestorePoints, Series, Term, Versions } from "../plan";
import { suggestions } from "../schedule";
import type { Assessment } from "./assessment";
import { type Change, editCopy, editProtection, editSeries, isEnforced } from "./change";

/** Alternatives of which a fix takes at most one, the mildest first; and the asset that they change. */
export interface Choice {
  asset: string;
  changes: Change[];
}

/** Alternatives that lose less, of an asset or of the group that it must fit together with. */
export function lossChanges(plan: Plan, assessment: Assessment, group: Group | undefined): Choice[] {
  const { chosen } = assessment;
  const assets = group ? group.members.map(({ asset }) => asset) : [assessment.asset];
  return plan.protections
    .filter((one) => assets.includes(one.asset))
    .filter((one) => group !== undefined || chosen === undefined || concerns(one, chosen.protection, plan))
    .flatMap((one) => changesOf(plan, one, assessment).map((changes) => ({ asset: one.asset, changes })))
    .filter(({ changes }) => changes.length > 0);
}

/** A log is restored upon its base, and derived data from its source: both are worth changing. */
function concerns(protection: Protection, chosen: string, plan: Plan): boolean {
  if (protection.id === chosen) return true;
  const way = plan.protections.find(({ id }) => id === chosen);
  return way?.kind === "archive" && way.base === protection.id;
}

function changesOf(plan: Plan, protection: Protection, assessment: Assessment): Change[][] {
  switch (protection.kind) {
    case "restore-points": {
      const runs = protection.series.flatMap((series) =>
        seriesChanges(series, (edit) => (to) => editSeries(to, protection, series.name, edit)),
      );
      const copies = copyChanges(plan, protection, assessment);
      // What is not kept long enough is kept longer, before it is taken more often.
      return assessment.chosen?.short === undefined ? [...runs, ...copies] : [...copies, ...runs];
    }
    case "archive":
      return [...logChanges(protection), ...copyChanges(plan, protection, assessment)];
    case "replica":
      return [lagChanges(protection)];
    case "versions":
      return [keptChanges(protection, retentionsFor(assessment))];
    default:
      return [];
  }
}

type Edit = (edit: Partial<Series>) => Change["apply"];

function seriesChanges(series: Series, edited: Edit): Change[][] {
  const change = (property: string, value: string, edit: Partial<Series>): Change => ({
    what: `${property} of ${series.source.name}: ${value}`,
    source: { ...series.source, property },
    apply: edited(edit),
  });
  const known = isUnknown(series.schedule) ? undefined : series.schedule;
  const scheduler = known?.scheduler ?? "kubernetes";
  const isCronJob = scheduler === "kubernetes" && isResource(series.source);
  const property = scheduleSource(series).property ?? "schedule";
  const denser = suggestions(scheduler, known?.expression).map((schedule) =>
    change(property, `${quoted(schedule.expression)} (${schedule.timeZone})`, { schedule }),
  );
  const inUtc = known && known.timeZone !== "Etc/UTC" ? [{ ...known, timeZone: "Etc/UTC" }] : [];
  const sameInUtc = inUtc.map((schedule) =>
    change(isCronJob ? "spec.timeZone" : "timeZone", '"Etc/UTC"', { schedule }),
  );
  const groups = [[...sameInUtc, ...denser]];
  if (series.suspended !== false)
    groups.push([change(isCronJob ? "spec.suspend" : "suspended", "false", { suspended: false })]);
  const slack = isCronJob ? "spec.startingDeadlineSeconds" : (series.startSlack.source.property ?? "start slack");
  const run = isCronJob ? "spec.jobTemplate.spec.activeDeadlineSeconds" : (series.run.source.property ?? "run");
  groups.push(
    termChanges(series.startSlack, ["10m", "5m", "1m", "30s", "10s"], (term) =>
      change(slack, String(term.value), { startSlack: term }),
    ),
    termChanges(series.run, ["1h", "30m", "15m", "10m", "5m", "2m", "1m"], (term) =>
      change(run, String(term.value), { run: term }),
    ),
  );
  return groups;
}

/** An expression in quotes, unless it is an object. */
function quoted(expression: string): string {
  return expression.startsWith("{") ? expression : `"${expression}"`;
}

function termChanges(term: Term, values: Duration[], change: (term: Term) => Change): Change[] {
  return values
    .map(duration)
    .filter((value) => typeof term.value !== "number" || value < term.value)
    .map((value) => change({ ...term, value }));
}

function copyChanges(plan: Plan, owner: RestorePoints | Archive, assessment: Assessment): Change[][] {
  const { disruption, chosen } = assessment;
  const change = (copy: Copy, what: string, edit: Partial<Copy>): Change => ({
    what: `${what} (${copy.source.name})`,
    source: copy.source,
    apply: (changed) => editCopy(changed, owner, copy, edit),
  });
  return owner.copies.flatMap((copy) => {
    const groups: Change[][] = [];
    const { relay } = copy;
    if (relay)
      groups.push(
        ...seriesChanges(relay, (edit) => (to) => editCopy(to, owner, copy, { relay: { ...relay, ...edit } })),
      );
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
    const { newest } = copy;
    if (newest !== undefined)
      groups.push(
        counts
          .filter((count) => count > newest)
          .map((count) => change(copy, `keep the newest ${count} restore points`, { newest: count })),
      );
    if (isDamaging(disruption) || chosen?.short !== undefined)
      groups.push(retentionsFor(assessment).flatMap((text) => keptLonger(copy, text, disruption, change)));
    return groups;
  });
}

/** Kept and locked for so long, where either is shorter now: what is kept or locked for longer stays so. */
function keptLonger(
  copy: Copy,
  text: Duration,
  disruption: Assessment["disruption"],
  change: (copy: Copy, what: string, edit: Partial<Copy>) => Change,
): Change[] {
  const value = duration(text);
  const isShorter = (term: Term) => !isUnbounded(term.value) && !(isBounded(term.value) && term.value >= value);
  const { keptFor, lock } = copy;
  const kept = isShorter(keptFor) ? { ...keptFor, value } : keptFor;
  // Without a lock nothing is locked any longer, unless a lock is what is missing.
  const isLocked = lock.mode !== "none" || disruption === "compromise";
  const locked = isLocked && isShorter(lock.keptFor) ? { ...lock.keptFor, value } : lock.keptFor;
  const verbs = [...(kept === keptFor ? [] : ["keep"]), ...(locked === lock.keptFor ? [] : ["lock"])];
  if (verbs.length === 0) return [];
  const what = `${verbs.join(" and ")} restore points for ${text}`;
  return [change(copy, what, { keptFor: kept, lock: { ...lock, keptFor: locked } })];
}

const counts = [7, 14, 30, 45, 60, 90, 180, 365];

const retentions: Duration[] = ["7d", "14d", "30d", "45d", "60d", "90d"];

/** Round ones, and in whole days what would do where that is longer than all of them. */
function retentionsFor({ chosen }: Assessment): Duration[] {
  const days = Math.ceil((chosen?.short?.least ?? 0) / 86_400);
  return days > 90 ? [...retentions, `${days}d`] : retentions;
}

/** A number to write anew where it was read. */
function change(term: Term, apply: Change["apply"]): Change {
  const value = typeof term.value === "number" ? formatSeconds(term.value) : "";
  return { what: `${term.source.property ?? term.name} of ${term.source.name}: ${value}`, source: term.source, apply };
}

function shorter(term: Term): Term[] {
  const { value } = term;
  if (!isEnforced(term) || typeof value !== "number") return [];
  const parts = [2, 4, 8, 16, 32].map((divisor) => Math.floor(value / divisor)).filter((part) => part >= 1);
  return parts.map((part) => ({ ...term, value: seconds(part) }));
}

function logChanges(archive: Archive): Change[][] {
  return [
    shorter(archive.ship).map((ship) =>
      change(ship, (plan) => editProtection(plan, archive, (one) => ({ ...one, ship }))),
    ),
    shorter(archive.upload).map((upload) =>
      change(upload, (plan) => editProtection(plan, archive, (one) => ({ ...one, upload }))),
    ),
  ];
}

function lagChanges(replica: Replica): Change[] {
  return shorter(replica.lag).map((lag) =>
    change(lag, (plan) => editProtection(plan, replica, (one) => ({ ...one, lag }))),
  );
}

function keptChanges(versions: Versions, spans: readonly Duration[]): Change[] {
  return spans
    .map(duration)
    .filter((value) => typeof versions.keptFor.value !== "number" || value > versions.keptFor.value)
    .map((value) => ({ ...versions.keptFor, value }))
    .map((keptFor) =>
      change(keptFor, (plan) =>
        editProtection(plan, versions, (one) => ({ ...one, keptFor, lock: { ...one.lock, keptFor } })),
      ),
    );
}
