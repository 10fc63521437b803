import { type Bound, compare, isUnbounded, isUnknown, type Maybe, sum } from "../../../recovery/bound";
import { seconds } from "../../../recovery/duration";
import type { Source } from "../../../recovery/plan";
import { type Facts, orDefault, type Read } from "../read";
import { type Bucket, type BucketSetting, inlineOf, isVersioned } from "./bucket";

const secondsPerDay = 86_400;

/** Classes from which a restore waits for hours: https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html */
const archives = ["GLACIER", "DEEP_ARCHIVE"];

/** A bound with the property it was read from. */
export interface Kept {
  value: Bound;
  source: Source;
}

/**
 * How long an object can be restored without delay: until a lifecycle rule deletes it or moves it to an archive. A rule
 * may cover only some objects, so the shortest counts; of several lists of rules too, as the one applied last wins.
 */
export function expiryOf(bucket: Bucket, settings: readonly BucketSetting[]): Kept {
  const versioned = isVersioned(bucket, settings);
  const lists = rulesOf(bucket, settings);
  const spans = lists.map(({ rules, source }) => {
    if (isUnknown(rules)) return { value: rules, source };
    const live = rules.filter(isEnabled);
    return shortest([
      { value: { unbounded: "no lifecycle rule deletes them" }, source },
      ...live.map((rule) => ({ value: deletedIn(rule, live, versioned), source: rule.source("expiration.days") })),
      ...live.flatMap((rule) => archivedIn(rule, live)),
    ]);
  });
  return shortest(spans);
}

/** How long an earlier version can be brought back without delay, after another took its place or it was deleted. */
export function olderVersionsOf(bucket: Bucket, settings: readonly BucketSetting[]): Kept {
  const spans = rulesOf(bucket, settings).map(({ rules, source }): Kept => {
    if (isUnknown(rules)) return { value: rules, source };
    const live = rules.filter(isEnabled);
    return shortest([
      { value: { unbounded: "no lifecycle rule deletes them" }, source },
      ...live.flatMap((rule) => {
        const expiry = rule.at("noncurrentVersionExpiration");
        const days = noncurrentDays(expiry);
        if (!expiry.isSilent("newerNoncurrentVersions")) {
          const value = { unknown: "a lifecycle rule deletes versions by their number (newerNoncurrentVersions)" };
          return [{ value, source: expiry.source("newerNoncurrentVersions") }];
        }
        return days === undefined ? [] : [{ value: days, source: expiry.source("noncurrentDays") }];
      }),
      ...live
        .flatMap((rule) => movesOf(rule, "noncurrentVersionTransitions"))
        .map(({ days, source: at }) => ({
          value: days,
          source: at,
        })),
    ]);
  });
  return shortest(spans);
}

/** Why objects do not outlive a zone, if a rule moves them to a class of one zone; nothing where none does. */
export function oneZoneOf(bucket: Bucket, settings: readonly BucketSetting[]): Maybe<"node"> | undefined {
  for (const { rules } of rulesOf(bucket, settings)) {
    if (isUnknown(rules)) return rules;
    for (const rule of rules.filter(isEnabled)) {
      const moves = orDefault(rule.items("transitions"), []);
      if (isUnknown(moves)) return moves;
      for (const target of moves.map((one) => one.text("storageClass"))) {
        if (isUnknown(target)) return target;
        if (target === "ONEZONE_IA") return "node";
      }
    }
  }
  return undefined;
}

/** When every object in the folders of a job is deleted: by rules that cover them, in whichever list is applied last. */
export function deletionOf(bucket: Bucket, settings: readonly BucketSetting[], folders: readonly string[]): Kept {
  const versioned = isVersioned(bucket, settings);
  const spans = rulesOf(bucket, settings).map(({ rules, source }) => {
    if (isUnknown(rules)) return { value: rules, source };
    const covering = rules.filter(isEnabled).filter((rule) => coversAll(rule, folders));
    const named = rules.find((rule) => !rule.isSilent("expiration.days"));
    const none: Kept = {
      value: { unbounded: "no lifecycle rule deletes all of them" },
      source: named?.source("filter") ?? source,
    };
    const deleted = covering.map((rule) => ({
      value: deletedIn(rule, covering, versioned),
      source: rule.source("expiration.days"),
    }));
    return [none, ...deleted].reduce((a, b) => (compare(b.value, a.value) < 0 ? b : a));
  });
  return spans.reduce((a, b) => (compare(b.value, a.value) > 0 ? b : a));
}

/** Every list of rules that may be in force; one without rules where there is none. */
function rulesOf(bucket: Bucket, settings: readonly BucketSetting[]): { rules: Maybe<Facts[]>; source: Source }[] {
  const written = settings.filter(({ kind }) => kind === "lifecycle").map(({ facts }) => facts.at("rules"));
  const lists = [...written, ...inlineOf(bucket, "lifecycle")];
  if (lists.length === 0) return [{ rules: [], source: bucket.facts.source("lifecycleRules") }];
  return lists.map((list) => ({ rules: orDefault(list.items(), []), source: list.source() }));
}

/** Unknown first, as it may be the shortest. */
function shortest(spans: readonly Kept[]): Kept {
  const rank = ({ value }: Kept) => (isUnknown(value) ? 0 : 1);
  return spans.reduce((a, b) => ((rank(b) - rank(a) || compare(b.value, a.value)) < 0 ? b : a));
}

function isEnabled(rule: Facts): boolean {
  const status = rule.text("status");
  const enabled = rule.flag("enabled");
  return status === undefined && enabled === undefined ? true : status !== "Disabled" && enabled !== false;
}

/** With versioning an expired object stays until the expiry of versions that are no longer current. */
function deletedIn(rule: Facts, rules: readonly Facts[], versioned: Maybe<boolean>): Bound {
  if (!rule.isSilent("expiration.date")) return { unknown: "a lifecycle rule deletes on a day, not by age" };
  const current = daysOf(rule.whole("expiration.days"));
  if (current === undefined) return { unbounded: "it expires nothing" };
  if (isUnknown(current) || isUnbounded(current) || versioned !== true) return current;
  return sum([
    current,
    nextOf(rules.flatMap((one) => noncurrentDays(one.at("noncurrentVersionExpiration")) ?? [])) ?? {
      unbounded: "with versioning what expires stays as an older version",
    },
  ]);
}

/** When a rule moves an object to where a restore waits: by age, or after it expired. */
function archivedIn(rule: Facts, rules: readonly Facts[]): Kept[] {
  const expired = nextOf(rules.flatMap((one) => daysOf(one.whole("expiration.days")) ?? []));
  return [
    ...movesOf(rule, "transitions").map(({ days, source }) => ({ value: days, source })),
    ...movesOf(rule, "noncurrentVersionTransitions").map(({ days, source }) => ({
      // What no rule expires is replaced by a newer object at any time.
      value: sum([expired ?? seconds(0), days]),
      source,
    })),
  ];
}

/** The moves of a list of a rule to where a restore waits. */
function movesOf(rule: Facts, path: "transitions" | "noncurrentVersionTransitions"): { days: Bound; source: Source }[] {
  const list = orDefault(rule.items(path), []);
  if (isUnknown(list)) return [{ days: list, source: rule.source(path) }];
  return list
    .filter((one) => {
      const target = one.text("storageClass");
      return isUnknown(target) || archives.includes(target ?? "");
    })
    .map((one) => ({
      days: (path === "transitions" ? daysOf(one.whole("days")) : noncurrentDays(one)) ?? atOnce(one),
      source: one.source(),
    }));
}

function atOnce(move: Facts): Bound {
  return move.isSilent("date") ? seconds(0) : { unknown: "a lifecycle rule archives on a day, not by age" };
}

function daysOf(days: Read<number>): Bound | undefined {
  return days === undefined || isUnknown(days) ? days : seconds(days * secondsPerDay);
}

function noncurrentDays(facts: Facts): Bound | undefined {
  return daysOf(facts.isSilent("noncurrentDays") ? facts.whole("days") : facts.whole("noncurrentDays"));
}

/** The first of some moments; one that is not known may be it. */
function nextOf(spans: readonly Bound[]): Bound | undefined {
  return spans.find(isUnknown) ?? [...spans].sort(compare)[0];
}

/** Whether a rule has no condition but a prefix that one of some folders begins with. */
function coversAll(rule: Facts, folders: readonly string[]): boolean {
  const filter = rule.at("filter");
  const keys = orDefault(filter.keys(), []);
  const conditions = isUnknown(keys) ? ["unknown"] : keys.filter((key) => key !== "prefix" && !filter.isSilent(key));
  const own = filter.isSilent("prefix") ? rule.text("prefix") : filter.text("prefix");
  const keepsSome = !rule.isSilent("noncurrentVersionExpiration.newerNoncurrentVersions") || !rule.isSilent("tags");
  if (conditions.length > 0 || keepsSome || isUnknown(own)) return false;
  if (own === undefined || own === "") return true;
  return folders.some((folder) => `${folder.replace(/\/*$/, "")}/`.startsWith(own));
}
