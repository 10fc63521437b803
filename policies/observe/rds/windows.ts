import { isUnknown, type Maybe } from "../../../recovery/bound";
import { seconds } from "../../../recovery/duration";
import type { MaintenanceRuns, Term } from "../../../recovery/plan";
import type { Schedule } from "../../../recovery/schedule";
import { titleOf } from "../names";
import type { Program } from "../program";
import type { RdsInstance } from "../resources/rdsInstance";
import type { Database } from "./database";

const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const daily = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/;
const weekly = /^(\w{3}):(\d\d):(\d\d)-(\w{3}):(\d\d):(\d\d)$/i;
const minutesPerDay = 24 * 60;
const minutesPerWeek = 7 * minutesPerDay;

/** Minutes of a week, in UTC; the end may lie in the next one. */
interface Span {
  from: number;
  until: number;
}

/** Backups and maintenance of one instance must not wait for each other. */
export function noteWindows({ asset, primary, replicas }: Database, { problems }: Program): void {
  for (const { resource, facts } of [primary, ...replicas]) {
    // Without backups there is no window for them.
    if (facts.isSilent("backupRetentionPeriod") || facts.whole("backupRetentionPeriod") === 0) continue;
    const [backup, maintenance] = [facts.text("backupWindow"), facts.text("maintenanceWindow")];
    const source = facts.source("backupWindow");
    if (backup === undefined || maintenance === undefined) {
      const silent = backup === undefined ? "backupWindow" : "maintenanceWindow";
      const message = `${silent} of ${titleOf(resource)} must be said, got nothing: AWS picks one of its own, and nothing shows that its backups and its maintenance do not meet`;
      problems.unknown(facts.source(silent), message, asset);
      continue;
    }
    const unread = [backup, maintenance].find(isUnknown);
    if (isUnknown(backup) || isUnknown(maintenance)) {
      problems.unknown(source, unread?.unknown ?? "", asset);
      continue;
    }
    const [backups, worked] = [dailySpans(backup), weeklySpan(maintenance)];
    if (backups === undefined || worked === undefined) {
      const message = `the windows of ${titleOf(resource)} must be such as 03:00-03:30 and sun:04:00-sun:05:00, got ${backup} and ${maintenance}`;
      problems.unknown(source, message, asset);
    } else if (backups.some((one) => overlap(one, worked))) {
      const message = `backupWindow ${backup} of ${titleOf(resource)} meets its maintenanceWindow ${maintenance}: a snapshot would wait for the work, or the work for it`;
      problems.add(source, message, asset);
    }
  }
}

/** When AWS may work on the instances of an asset: on the one that serves, and on a replica once it does. */
export function maintenanceWindows({ asset, primary, replicas }: Database): MaintenanceRuns[] {
  return [primary, ...replicas].map((instance): MaintenanceRuns => {
    const source = instance.facts.source("maintenanceWindow");
    const term = (name: string, value: Term["value"]): Term => ({ name, value, grade: "guaranteed", source });
    const window = windowOf(instance);
    const lasts = isUnknown(window) ? window : seconds((window.until - window.from) * 60);
    return {
      kind: "maintenance",
      name: `maintenanceWindow of ${titleOf(instance.resource)}`,
      at: instance.at,
      schedule: isUnknown(window) ? window : weeklyAt(window),
      suspended: false,
      startSlack: term("late start", seconds(0)),
      run: term("window", lasts),
      apartFrom: [asset],
      source,
    };
  });
}

function windowOf({ resource, facts }: RdsInstance): Maybe<Span> {
  const text = facts.text("maintenanceWindow");
  const title = titleOf(resource);
  if (text === undefined) return { unknown: `maintenanceWindow of ${title} is not said: AWS picks one of its own` };
  if (isUnknown(text)) return text;
  return weeklySpan(text) ?? { unknown: `maintenanceWindow of ${title} is not such as sun:04:00-sun:05:00` };
}

function weeklyAt({ from }: Span): Schedule {
  const [day, minute] = [Math.floor(from / minutesPerDay), from % minutesPerDay];
  const time = `${minute % 60} ${Math.floor(minute / 60)}`;
  return { scheduler: "aws", expression: `cron(${time} ? * ${days[day]?.toUpperCase()} *)`, timeZone: "Etc/UTC" };
}

function dailySpans(text: string): Span[] | undefined {
  const [, ...parts] = daily.exec(text) ?? [];
  const [hour = Number.NaN, minute = Number.NaN, endHour = Number.NaN, endMinute = Number.NaN] = parts.map(Number);
  const span = spanOf(hour * 60 + minute, endHour * 60 + endMinute, minutesPerDay);
  return (
    span && days.map((_, day) => ({ from: span.from + day * minutesPerDay, until: span.until + day * minutesPerDay }))
  );
}

function weeklySpan(text: string): Span | undefined {
  const [, day = "", hour, minute, endDay = "", endHour, endMinute] = weekly.exec(text) ?? [];
  const at = (name: string, hours: string | undefined, minutes: string | undefined) => {
    const place = days.indexOf(name.toLowerCase());
    return place < 0 ? Number.NaN : place * minutesPerDay + Number(hours) * 60 + Number(minutes);
  };
  return spanOf(at(day, hour, minute), at(endDay, endHour, endMinute), minutesPerWeek);
}

function spanOf(from: number, until: number, every: number): Span | undefined {
  if (Number.isNaN(from) || Number.isNaN(until)) return undefined;
  return { from, until: until > from ? until : until + every };
}

function overlap(a: Span, b: Span): boolean {
  return [-minutesPerWeek, 0, minutesPerWeek].some((shift) => a.from + shift < b.until && b.from < a.until + shift);
}
