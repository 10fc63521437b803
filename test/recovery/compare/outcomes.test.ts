import { describe, expect, test } from "vitest";
import { duration, type Plan } from "../../../recovery";
import type { Outcome } from "../../../recovery/compare";
import { asset, copy, path, plan, points, rehearsal, series, step, term } from "../build";
import { compared } from "./sides";

const utcOf = (text: string) => Date.parse(text) / 1_000;
const cron = (expression: string) => ({ scheduler: "kubernetes" as const, expression, timeZone: "Etc/UTC" });
const taken = (...all: Parameters<typeof series>[0][]) => plan({ protections: [points({ series: all.map(series) })] });
const within = (rpo: string, one: Plan): Plan => ({ ...one, assets: [asset({ region: [rpo, "2h"] })] });
const slow = plan({ paths: [path({ steps: [step("restore", "90m", { restores: true })] })] });
const kept = plan({ assets: [asset({ region: ["60h", "2h"] })] });

const told = ({ disruption, direction, before, after }: Outcome) =>
  `${direction} · ${disruption} · ${before.verdict} ${before.rpo} ${before.rto} → ${after.verdict} ${after.rpo} ${after.rto}`;

describe("what a change makes of a promise", () => {
  test.each<[string, Plan, Plan, string[]]>([
    [
      "loses more",
      taken({}),
      taken({ run: term("run", "1h") }),
      ["worse · region · missed 175200 3600 → missed 177000 3600"],
    ],
    ["takes longer", plan(), slow, ["worse · region · missed 175200 3600 → missed 175200 5400"]],
    [
      "is broken",
      kept,
      { ...kept, protections: taken({ schedule: cron("0 2 * * 0") }).protections },
      ["worse · region · proven 175200 3600 → missed 1212000 3600"],
    ],
    [
      "has no way back any more",
      plan(),
      plan({ paths: [] }),
      ["worse · region · missed 175200 3600 → missed undefined undefined"],
    ],
    [
      "loses less and takes longer, which is worse",
      plan(),
      { ...slow, protections: taken({ run: term("run", "10m") }).protections },
      ["worse · region · missed 175200 3600 → missed 174000 5400"],
    ],
    ["stays as it was where only the promise changed and holds", kept, within("61h", kept), []],
    ["is neither better nor worse where it is new", plan({ assets: [asset({})] }), plan(), []],
  ])("%s", (_, before, after, expected) => {
    expect(compared(before, after).outcomes.map(told)).toEqual(expected);
  });

  test("is better where nothing is worse", () => {
    expect(compared(slow, plan()).outcomes.map(told)).toEqual([
      "better · region · missed 175200 5400 → missed 175200 3600",
    ]);
  });

  test("breaks a promise that was relaxed less than needed, or mends one that was relaxed enough", () => {
    expect(compared(plan(), within("60h", plan())).outcomes.map(({ direction }) => direction)).toEqual(["better"]);
    expect(compared(within("60h", plan()), plan()).outcomes.map(({ direction }) => direction)).toEqual(["worse"]);
  });
});

describe("findings", () => {
  test("that were not there are told, and that are no more", () => {
    const none = plan({
      protections: [points({ copies: [copy({ keptFor: term("kept", { unbounded: "nothing deletes them" }) })] })],
    });
    const there = compared(plan(), {
      ...none,
      assets: [asset({ region: ["30h", "2h"] }, { retention: { atLeast: duration("60d") } })],
    });
    const back = compared(
      { ...none, assets: [asset({ region: ["30h", "2h"] }, { retention: { atLeast: duration("60d") } })] },
      plan(),
    );
    expect(back.findings).toEqual({ added: there.findings.gone, gone: there.findings.added });
    expect(there.findings.added.length + there.findings.gone.length).toBeGreaterThan(0);
  });

  test("are the same while only their numbers change", () => {
    const { findings } = compared(taken({ run: term("run", "1h") }), taken({ run: term("run", "2h") }));
    expect(findings).toEqual({ added: [], gone: [] });
  });
});

describe("the day of the change", () => {
  const [was, is] = ["0 2 * * *", "0 1 * * *"].map((expression) =>
    within("60h", taken({ schedule: cron(expression) })),
  );
  if (was === undefined || is === undefined) throw new Error("unreachable");

  test("leaves the longest gap just before the old run: both hours of the day lie between", () => {
    const [turn, ...more] = compared(was, is).turns;
    expect(more).toEqual([]);
    // Changed on 22 November at 01:59:59 or any later day: the run of 02:00 never starts, the next is at 01:00.
    expect(turn).toMatchObject({
      name: "backup",
      asset: "s/data",
      gap: 47 * 3_600,
      usual: 24 * 3_600,
      lastRun: utcOf("2026-11-21T02:00:00Z"),
      changedAt: utcOf("2026-11-22T01:59:59Z"),
      firstRun: utcOf("2026-11-23T01:00:00Z"),
      // 47h, a run of 30m, and ten minutes to leave the region.
      loss: 47 * 3_600 + 1_800 + 600,
      breaks: [],
    });
  });

  test("breaks a promise that every other day keeps", () => {
    // Ten hours each: 20h through one failed run, and 40m.
    const often = within("21h", taken({ schedule: cron("0 */10 * * *") }));
    const moved = within("21h", taken({ schedule: cron("30 2,12,22 * * *") }));
    expect(compared(often, moved).turns[0]?.breaks).toEqual([]);
    const rare = within("60h", taken({ schedule: cron("0 2 */2 * *") }));
    const daily = within("50h", taken({ schedule: cron("0 1 * * *") }));
    expect(compared(rare, daily).turns).toMatchObject([
      { gap: 71 * 3_600, breaks: [{ disruption: "region", limit: { seconds: 50 * 3_600 } }] },
    ]);
  });

  test("breaks nothing where the old schedule left as much time on any day", () => {
    const [turn] = compared(within("60h", taken({ schedule: cron("0 2 * * 0") })), within("60h", taken({}))).turns;
    expect(turn).toMatchObject({ gap: 7 * 86_400, usual: 7 * 86_400, breaks: [] });
  });

  test("loses nothing more where another series runs meanwhile", () => {
    const hourly = { name: "log", schedule: cron("30 * * * *") };
    const [turn] = compared(
      within("60h", taken({ schedule: cron("0 2 * * 0") }, hourly)),
      within("60h", taken({ schedule: cron("0 1 * * 6") }, hourly)),
    ).turns;
    expect(turn).toMatchObject({ name: "backup", loss: 3_600 + 1_800 + 600, breaks: [] });
    expect(turn?.gap).toBeGreaterThan(6 * 86_400);
  });

  test.each<[string, Plan, Plan]>([
    ["stays", taken({}), taken({ run: term("run", "1h") })],
    ["is not known", taken({}), taken({ schedule: { unknown: "an output" } })],
    ["was suspended", taken({ suspended: true }), taken({ schedule: cron("0 3 * * *") })],
    ["is suspended", taken({}), taken({ schedule: cron("0 3 * * *"), suspended: true })],
    ["never runs", taken({}), taken({ schedule: cron("0 0 30 2 *") })],
    ["is no schedule", taken({}), taken({ schedule: cron("often") })],
    ["is new", taken({}), taken({}, { name: "log", schedule: cron("0 3 * * *") })],
  ])("is none where a schedule %s", (_, before, after) => {
    expect(compared(before, after).turns).toEqual([]);
  });

  test("of a rehearsal loses nothing", () => {
    const monthly = plan({ rehearsals: [rehearsal()] });
    const [turn] = compared(monthly, plan({ rehearsals: [rehearsal({ schedule: cron("0 4 2 * *") })] })).turns;
    expect(turn).toMatchObject({ name: "rehearse", breaks: [] });
    expect(turn).not.toHaveProperty("loss");
  });
});
