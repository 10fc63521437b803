import fc from "fast-check";
import type { Copy, Lock, Schedule, Series, Versions } from "../../../recovery";
import { asOf, source } from "../build";
import { type Named, type Parts, perhaps } from "./terms";

const at = (expression: string, timeZone = "Etc/UTC", scheduler: Schedule["scheduler"] = "kubernetes"): Schedule => ({
  scheduler,
  expression,
  timeZone,
});

/** Few calendars, so that each is walked once: daily, twice daily, weekly, most days, monthly, dense, never. */
const calendars: readonly Schedule[] = [
  at("0 2 * * *"),
  at("0 2 * * *", "Europe/Berlin"),
  at("30 1 * * *", "Europe/Berlin"),
  at("0 */12 * * *"),
  at("0 3 * * 0"),
  at("0 2 * * 1-6"),
  at("0 4 1 * *"),
  at("*/3 * * * *"),
  at("0 0 30 2 *"),
  at("cron(0 5 * * ? *)", "Etc/UTC", "aws"),
  at("0 2 * * *", "Europe/Berlin", "debian"),
];

/** A schedule that takes restore points, or carries them on. */
export function seriesOf({ maybe, mostly, term }: Parts): Named<Series> {
  return fc
    .record({
      role: fc.constantFrom<Series["role"]>("full", "full", "incremental"),
      schedule: maybe(fc.constantFrom(...calendars)),
      suspended: mostly<Series["suspended"]>(
        fc.constant(false),
        fc.constantFrom<Series["suspended"]>(true, { unknown: "nobody knows" }),
      ),
      overlap: maybe(fc.constantFrom<"allow" | "forbid" | "replace">("allow", "forbid", "forbid", "replace")),
      slack: term("slack", "0s", "10m", "1h"),
      run: term("run", "0s", "30m", "30m", "6h", "30h"),
    })
    .map(({ slack, run, ...one }) => (where) => ({
      ...one,
      name: where,
      startSlack: slack(where),
      run: run(where),
      source: source(where),
    }));
}

/** A lock, good or not. */
export function lockOf({ maybe, term }: Parts): Named<Lock> {
  return fc
    .record({
      mode: maybe(
        fc.constantFrom<"compliance" | "governance" | "none">("compliance", "compliance", "governance", "none"),
      ),
      keptFor: term("locked", "0s", "14d", "45d", "400d"),
      graceUntil: perhaps(fc.constantFrom(asOf - 86_400, asOf, asOf + 86_400)),
    })
    .map(({ mode, keptFor, graceUntil: [graceUntil] }) => (where) => ({
      mode,
      keptFor: keptFor(where),
      ...(graceUntil === undefined ? {} : { graceUntil }),
    }));
}

/** A copy that no job carries points to. */
export function directOf(parts: Parts): Named<Copy> {
  const { place, term } = parts;
  return fc
    .record({
      at: place,
      keptFor: term("kept", "2d", "14d", "45d", "400d"),
      lock: lockOf(parts),
      keys: fc.array(place, { maxLength: 1, size: "-1" }),
    })
    .map(({ at: where, keptFor, lock, keys }) => (name) => ({
      at: where,
      keptFor: keptFor(name),
      lock: lock(name),
      needs: keys.map((one) => ({ what: "its key", at: one, source: source(`${name}/key`) })),
      source: source(name),
    }));
}

/** A copy, often one that a job of its own fills, now and then one that keeps so many points. */
export function copyOf(parts: Parts): Named<Copy> {
  const relay = fc.option(seriesOf(parts), { freq: 4, nil: undefined });
  const newest = fc.constantFrom(...Array<undefined>(9).fill(undefined), 3, 30, 400);
  return fc.tuple(directOf(parts), relay, newest).map(([copy, carried, count]) => (name) => ({
    ...copy(name),
    ...(carried === undefined ? {} : { relay: carried(`${name}/relay`) }),
    ...(count === undefined ? {} : { newest: count }),
  }));
}

/** How long earlier versions are kept, and by what. */
export function versionsKept(parts: Parts): Named<Pick<Versions, "at" | "keptFor" | "lock">> {
  return directOf(parts).map((copy) => (where) => {
    const { at: place, keptFor, lock } = copy(where);
    return { at: place, keptFor, lock };
  });
}
