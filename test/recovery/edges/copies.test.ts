import { describe, expect, it } from "vitest";
import { type Assessment, assess, type Plan, type Replica, type RestorePoints } from "../../../recovery";
import { against, cron, day, hour, losses, only, taken } from "../answers";
import {
  asOf,
  asset,
  cleanRoom,
  copy,
  here,
  path,
  plan,
  points,
  redundancy,
  series,
  source,
  step,
  term,
  there,
} from "../build";

/** What decides, without the names of what was declared twice. */
const decided = ({ verdict, broken, chosen }: Assessment) => ({ verdict, broken, rpo: chosen?.rpo, rto: chosen?.rto });

describe("group 10: copies, and what they rest on", () => {
  it("a mechanism that is listed twice is no better than once", () => {
    const once = plan({
      assets: [asset({ region: ["24h", "8h"], corruption: ["72h", "8h"] })],
      protections: [taken()],
    });
    const twice: Plan = {
      ...once,
      protections: [taken(), taken({}, { id: "again" })],
      paths: [path(), path({ id: "restore again", protection: "again" })],
    };
    const copied = { ...once, protections: [taken({}, { copies: [copy(), copy()] })] };
    const within = { ...once, protections: [taken({}, { copies: [copy()] })] };
    expect(assess(twice, asOf).map(decided)).toEqual(assess(once, asOf).map(decided));
    expect(assess(copied, asOf).map(decided)).toEqual(assess(within, asOf).map(decided));
  });

  it("a copy of a copy adds its own gap and run, and a log that is carried on by a job is no log any more", () => {
    const relay = series({ name: "relay", schedule: cron("0 3 * * *"), run: term("run", "20m") });
    const carried = (edit: Partial<RestorePoints>) => {
      const base = taken({ run: term("run", "90m") });
      return against("region", { ...base, copies: [copy({ at: here }), copy({ relay })], ...edit });
    };
    expect(losses(carried({}))).toEqual([49 * hour + 20 * 60, 73 * hour + 20 * 60]);
    // Points each minute: what the copy holds is still as old as the job makes it.
    const dense = series({ schedule: cron("* * * * *"), run: term("run", "0s") });
    expect(Number(losses(carried({ series: [dense] }))[0])).toBeGreaterThanOrEqual(day);
  });

  it("two copies in one credential domain are lost together to hostile credentials", () => {
    const unlocked = { mode: "none", keptFor: term("locked", "0s") } as const;
    const named = (name: string, at = there) => copy({ at, lock: unlocked, source: source(name) });
    const both = (...copies: RestorePoints["copies"]) =>
      against("compromise", taken({}, { copies }), { paths: [path({ runsAt: cleanRoom })] });
    const lost = both(named("first"), named("second", here));
    expect(lost.verdict).toBe("missed");
    expect(lost.dropped[0]?.reason).toBe(
      "first: no lock keeps hostile credentials from deleting it; second: no lock keeps hostile credentials from deleting it",
    );
    const apart = both(named("first"), {
      ...named("second", cleanRoom),
      lock: { ...unlocked, keptFor: term("locked", "45d") },
    });
    expect(apart.verdict).toBe("proven");
  });

  it("a replica is no backup, and neither is storage in several zones: they copy the damage", () => {
    const stored = against("corruption", redundancy({ survives: "region" }));
    expect(stored).toMatchObject({ verdict: "missed", dropped: [{ reason: "copies the corruption" }] });
    const replica: Replica = {
      kind: "replica",
      id: "replica",
      asset: "s/data",
      label: "second region",
      at: there,
      lag: term("lag", "0s"),
      carries: "data",
      source: source("replica"),
    };
    expect(against("region", replica).verdict).toBe("proven");
    expect(against("corruption", replica)).toMatchObject({
      verdict: "missed",
      dropped: [{ reason: "copies the corruption" }],
    });
  });

  it("a backup into the very place of its data is lost with it, and undoes damage only", () => {
    const inside = taken({}, { copies: [copy({ at: here, lock: { mode: "none", keptFor: term("locked", "0s") } })] });
    const verdict = (disruption: "region" | "corruption" | "compromise") => against(disruption, inside).verdict;
    expect([verdict("region"), verdict("corruption"), verdict("compromise")]).toEqual(["missed", "proven", "missed"]);
  });

  it.each([
    ["a key", "its key"],
    ["a catalogue", "its catalogue"],
  ])("%s in the region that failed takes the copy elsewhere with it", (_, what) => {
    const needing = (at: typeof here) =>
      against("region", taken({}, { copies: [copy({ needs: [{ what, at, source: source("need") }] })] }));
    expect(needing(here)).toMatchObject({
      verdict: "missed",
      dropped: [{ reason: `bucket: it needs ${what}, and in the same region, eu-central-1` }],
    });
    expect(needing(there).verdict).toBe("proven");
  });

  it("steps that wait for each other never end, and assets that do have no answer", () => {
    const steps = [
      step("database", "5m", { after: ["gateway"] }),
      step("gateway", "5m", { after: ["database"] }),
      step("check", "1m"),
    ];
    const circle = against("region", taken(), { paths: [path({ steps })] });
    expect(circle).toMatchObject({ verdict: "missed", broken: ["rto"] });
    expect(circle.chosen?.rto.total).toEqual({ unbounded: "step database waits for itself" });
    const assets = [
      asset({ region: ["300h", "8h"] }, { dependsOn: ["s/app"] }),
      asset({ region: ["300h", "8h"] }, { id: "s/app", dependsOn: ["s/data"] }),
    ];
    const waiting = plan({
      assets,
      protections: [taken(), points({ id: "own", asset: "s/app" })],
      paths: [path(), path({ id: "start", asset: "s/app", protection: "own" })],
    });
    for (const { verdict } of assess(waiting, asOf)) expect(["cannot prove", "missed"]).toContain(verdict);
    expect(only({ ...waiting, assets: assets.map(({ dependsOn: _, ...one }) => one) }).verdict).toBe("proven");
  });
});
