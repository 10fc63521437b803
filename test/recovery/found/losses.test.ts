import { describe, expect, it } from "vitest";
import {
  type Archive,
  assess,
  type Copy,
  duration,
  gapOfChange,
  type RestorePoints,
  type Schedule,
  type Series,
} from "../../../recovery";
import { against, cron, hour, losses, taken } from "../answers";
import { alert, asOf, asset, copy, here, path, plan, points, series, source, step, term } from "../build";

const minute = 60;
const unbounded = { unbounded: expect.any(String) };
const rate: Schedule = { scheduler: "aws", expression: "rate(1 day)", timeZone: "Etc/UTC" };
const snapshots: Schedule = {
  scheduler: "dlm",
  expression: '{"interval":24,"intervalUnit":"HOURS"}',
  timeZone: "Etc/UTC",
};
const beside = (kept: string, edit: Partial<Copy> = {}) => copy({ at: here, keptFor: term("kept", kept), ...edit });
const carried = (schedule: Schedule, run = "20m") =>
  copy({ keptFor: term("kept", "400d"), relay: series({ name: "carry", schedule, run: term("run", run) }) });
const lost = (all: Series[], copies: Copy[]) => losses(against("region", taken({}, { series: all, copies })));
const daily = series({ schedule: cron("0 2 * * *") });

// Small plans on which a claim failed once, each reckoned by hand.
describe("a job that carries points on from a copy that deletes them", () => {
  it.each<[string, string, string, unknown[]]>([
    [
      "finds nothing where a point is gone an hour and a half before it comes",
      "0 4 * * *",
      "1h",
      [unbounded, unbounded],
    ],
    ["finds nothing where a point is gone half a day before it comes", "0 1 * * *", "12h", [unbounded, unbounded]],
    // The dump of 02:00 is read from 04:00 to 04:20; a second too early gone is gone.
    [
      "finds each point once where it is kept until it has been read",
      "0 4 * * *",
      "2h20m",
      [26 * hour + 20 * minute, 50 * hour + 20 * minute],
    ],
    ["finds nothing where it is kept a second less than that", "0 4 * * *", "2h19m59s", [unbounded, unbounded]],
    [
      "finds each point whatever fails where it is kept for days",
      "0 4 * * *",
      "45d",
      [26 * hour + 20 * minute, 50 * hour + 20 * minute],
    ],
    // The only run that finds the dump fails: an hour later it is gone, and the next one is of tomorrow.
    [
      "takes a point with it when the only run that finds it fails",
      "0 * * * *",
      "1h30m",
      [25 * hour + 20 * minute, 49 * hour + 20 * minute],
    ],
    // The run of 03:00 fails, and that of 04:00 still finds it; at worst the dump of 02:00 fails.
    [
      "finds a point a second time where that is kept long enough",
      "0 * * * *",
      "2h20m",
      [25 * hour + 20 * minute, 49 * hour + 20 * minute],
    ],
  ])("%s", (_, expression, kept, expected) => {
    expect(lost([daily], [beside(kept), carried(cron(expression))])).toEqual(expected);
  });

  it("counts with the copy that deletes them first, since nobody says which it reads", () => {
    const copies = [beside("45d"), beside("1h"), carried(cron("0 4 * * *"))];
    expect(lost([daily], copies)).toEqual([unbounded, unbounded]);
  });

  it("cannot be reckoned where nobody knows how long they are kept there", () => {
    const copies = [beside("45d", { keptFor: term("kept", { unknown: "not yet" }) }), carried(cron("0 4 * * *"))];
    expect(lost([daily], copies)).toEqual([{ unknown: "not yet" }, { unknown: "not yet" }]);
  });

  it("brings nothing where there is no such copy", () => {
    expect(lost([daily], [carried(cron("0 4 * * *"))])).toEqual([unbounded, unbounded]);
  });

  it("carries no chain on whose base is gone when it comes", () => {
    const fulls = series({ name: "full", schedule: cron("0 0 * * 0"), run: term("run", "10m") });
    const more = series({ name: "more", role: "incremental", schedule: cron("0 3 * * *"), run: term("run", "10m") });
    const copies = (kept: string) => [beside(kept), carried(cron("0 4 * * *"), "10m")];
    expect(lost([fulls, more], copies("3h"))).toEqual([unbounded, unbounded]);
    expect(lost([fulls, more], copies("10d"))[1]).toBe(49 * hour + 10 * minute);
  });
});

describe("an alert on the age of an asset's newest point", () => {
  const stale = alert({ rerun: [term("rerun", "30m")] });
  const dumps = taken();
  const beside = (edit: Partial<Series>): RestorePoints =>
    points({ id: "snapshots", series: [series({ name: "snapshot", ...edit })], copies: [copy({ at: here })] });
  const hourly = { schedule: cron("0 * * * *") };
  const answer = (other: RestorePoints, edit = {}) => {
    const [first] = assess(
      plan({
        assets: [asset({ region: ["28h", "4h"] })],
        protections: [dumps, other],
        paths: [path()],
        alerts: [{ ...stale, ...edit }],
      }),
      asOf,
    );
    return first && losses(first)[1];
  };
  const noticed = 25 * hour + minute + 30 * minute + 30 * minute;

  it("stays silent when a dump fails while hourly snapshots keep that age low", () => {
    expect(answer(beside(hourly))).toBe(48 * hour + 30 * minute);
  });

  it.each([
    ["the snapshots are suspended", beside({ ...hourly, suspended: true }), {}],
    [
      "the alert watches fulls and they are incrementals",
      beside({ ...hourly, role: "incremental" as const }),
      { role: "full" as const },
    ],
    ["the snapshots are of another asset", { ...beside(hourly), asset: "s/other" }, {}],
  ])("tells of it where %s", (_, other, edit) => {
    expect(answer(other, edit)).toBe(noticed);
  });

  it("cannot earn credit by a threshold that nobody knows either", () => {
    expect(answer(beside(hourly), { threshold: { unknown: "not yet" } })).toBe(48 * hour + 30 * minute);
  });
});

describe("runs at clock times that nobody knows", () => {
  const late = series({ schedule: cron("30 18 * * *") });

  it.each([
    ["a rate", rate],
    ["a create rule without times", snapshots],
  ])("may just miss each dump where they carry them on: %s", (_, schedule) => {
    const claims = ["30 18 * * *", "0 2 * * *", "30 23 * * *"].map((expression) =>
      lost([{ ...late, schedule: cron(expression) }], [beside("45d"), carried(schedule)]),
    );
    // 24 h + 30 m of the dumps and 24 h + 20 m of the job; one failed run of either is a day more.
    const expected = [48 * hour + 50 * minute, 72 * hour + 50 * minute];
    expect(claims).toEqual([expected, expected, expected]);
  });

  it.each([rate, snapshots])("may come just after what refers to them: %j", (schedule) => {
    const ids = ["s/data", "s/other"] as const;
    const claims = ["30 23 * * *", "0 0 * * *"].map((expression) => {
      const owned = [taken({ schedule: cron(expression) }), taken({ schedule })];
      const [first] = assess(
        plan({
          assets: ids.map((id) => asset(id === "s/data" ? { region: ["400h", "4h"] } : {}, { id })),
          protections: owned.map((one, place) => ({ ...one, id: `points-${place}`, asset: ids[place] ?? "" })),
          paths: ids.map((id, place) => path({ id: `${id}/restore`, asset: id, protection: `points-${place}` })),
          groups: [
            {
              id: "set",
              members: [
                { asset: "s/other", refersTo: [] },
                { asset: "s/data", refersTo: ["s/other"] },
              ],
              source: source("set"),
            },
          ],
        }),
        asOf,
      );
      return first && losses(first);
    });
    // 24 h + 30 m until what is referred to is there, and up to a day back to what fits; a failed run is a day more.
    expect(claims).toEqual([
      [48 * hour + 30 * minute, 72 * hour + 30 * minute],
      [48 * hour + 30 * minute, 72 * hour + 30 * minute],
    ]);
  });

  it("are kept by a count as their distance says, and are told without dates", () => {
    const copies = [copy({ newest: 3, keptFor: term("kept", "45d") })];
    const answer = against("corruption", taken({ schedule: rate }, { copies }), {}, ["1h", "8h"]);
    expect(answer.chosen?.window?.available).toBe(48 * hour);
    const told = against("region", taken({ schedule: rate }), {}, ["1h", "8h"]).counterexamples.rpo?.events;
    expect(told?.[0]?.what).toBe("a write is acknowledged");
  });

  it("may leave both gaps on the day they replace others, or others them", () => {
    const window = { from: asOf, to: asOf + 400 * 24 * hour };
    const seconds = [gapOfChange(cron("0 23 * * *"), rate, window), gapOfChange(rate, cron("0 1 * * *"), window)];
    expect(seconds).toEqual([
      expect.objectContaining({ seconds: 48 * hour - 1 }),
      expect.objectContaining({ seconds: 48 * hour - 1 }),
    ]);
  });
});

describe("a count of points", () => {
  const dump = series({ schedule: cron("0 2 * * *") });
  const hourly = series({ name: "hourly", schedule: cron("0 * * * *"), run: term("run", "10m") });
  const counted = (newest: number, all: Series[], restore = "1h") =>
    losses(
      against("region", taken({}, { series: all, copies: [copy({ newest })] }), {
        paths: [path({ steps: [step("restore", restore)] })],
      }),
    );
  const daily = [24.5 * hour, 48.5 * hour];
  const within = [hour + 10 * minute, 2 * hour + 10 * minute];

  it.each<[string, unknown[], unknown[]]>([
    // The dump in flight takes the place of none; the next one is due a day later.
    ["none where fewer come until it is restored", counted(2, [dump]), daily],
    // Two dumps are 24h apart, of which one may take 30m to be there.
    ["none where as many come just after it is restored", counted(2, [dump], "23h30m"), daily],
    ["what is restored where as many may come before", counted(2, [dump], "23h30m1s"), [unbounded, unbounded]],
    ["what is restored where the next is enough", counted(1, [dump]), [unbounded, unbounded]],
    // At 02:00 two come: of the three gaps from 01:00 to 03:00 one is none.
    ["none where those of two schedules are too few", counted(4, [dump, hourly], "1h30m"), within],
    ["what is restored where those of both are enough", counted(4, [dump, hourly], "1h30m1s"), [unbounded, unbounded]],
  ])("deletes after a loss, as newer ones come, %s", (_, answer, expected) => {
    expect(answer).toEqual(expected);
  });

  it("deletes what a chain, a set or damage has to go back to", () => {
    const more = series({ name: "more", role: "incremental", schedule: cron("0 14 * * *") });
    expect(counted(2, [dump, more])[1]).toEqual(unbounded);
    const few = taken({}, { series: [dump], copies: [copy({ newest: 2 })] });
    const members = ["s/data", "s/other"].map((id) => ({ asset: id, refersTo: [] }));
    const [set] = assess(
      plan({
        assets: [asset({ region: ["60h", "4h"] }), asset({}, { id: "s/other" })],
        protections: [few, { ...taken(), id: "other", asset: "s/other" }],
        paths: [path(), path({ id: "other", asset: "s/other", protection: "other" })],
        groups: [{ id: "set", members, source: source("set") }],
      }),
      asOf,
    );
    expect(set).toMatchObject({ verdict: "missed", broken: ["window"] });
    expect(losses(against("corruption", few))[1]).toEqual(unbounded);
  });
});

describe("a copy of a log", () => {
  const log = (copies: Copy[]): Archive => ({
    kind: "archive",
    id: "log",
    asset: "s/data",
    label: "log",
    ship: term("shipped each", "60s"),
    upload: term("upload", "30s"),
    copies,
    source: source("log"),
  });
  const verdict = (...copies: Copy[]) => against("region", log(copies), {}, ["10m", "4h"]).verdict;
  const kept = (text: string, edit: Partial<Copy> = {}) => copy({ keptFor: term("kept", text), ...edit });
  const hidden: [string, Partial<Copy>][] = [
    ["a job carries it to", { relay: series({ name: "carry", schedule: cron("0 3 * * *") }) }],
    ["only its newest pieces are kept in", { newest: 5 }],
  ];

  // Two pieces of 60s and an upload of 30s are lost, and an hour later all is restored: 1h 2m 30s.
  it.each(hidden)("that %s is none to count on", (_, edit) => {
    expect(verdict(kept("400d", edit))).toBe("cannot prove");
    expect([verdict(kept("1h")), verdict(kept("1h"), kept("400d", edit))]).toEqual(["missed", "cannot prove"]);
    expect([verdict(kept("1h2m30s")), verdict(kept("1h2m30s"), kept("400d", edit))]).toEqual(["proven", "proven"]);
  });

  it.each(hidden)("that %s is lost with the region all the same", (_, edit) => {
    expect(verdict(kept("400d", { at: here, ...edit }))).toBe("missed");
  });
});

describe("a late run whose place the next one takes", () => {
  const hourly = (slack: string, run: string, edit: Partial<Series> = {}) =>
    series({
      schedule: cron("0 * * * *"),
      startSlack: term("slack", slack),
      run: term("run", run),
      overlap: "replace",
      ...edit,
    });
  const both = (one: Series) => lost([one], [copy({ keptFor: term("kept", "400d") })]);

  // What meets a run of 59 m that is 59 m late must be 61 s less late, and after 58 such runs one is late by a minute at most.
  it.each([
    ["30m", "45m", 2],
    ["15m1s", "45m", 2],
    ["59m", "59m", 59],
  ])(
    "ends where the next that may meet it must be less late for that: %s late, %s long, after %i h",
    (slack, run, gap) => {
      const further = duration(slack) + duration(run);
      expect(both(hourly(slack, run))).toEqual([gap * hour + further, 2 * gap * hour + further]);
    },
  );

  it("never ends where each is long enough to be met by one that is as late", () => {
    expect(both(hourly("30m", "60m1s"))).toEqual([unbounded, unbounded]);
  });

  it("ends where it cannot", () => {
    expect(both(hourly("15m", "45m"))).toEqual([2 * hour, 3 * hour]);
  });

  it("is not known to end where nobody knows the policy", () => {
    const [loss] = both(hourly("30m", "45m", { overlap: { unknown: "not yet" } }));
    expect(loss).toEqual({ unknown: "not yet" });
  });

  it("keeps the next waiting under Forbid: a CronJob catches up, others drop that run", () => {
    expect(both(hourly("30m", "45m", { overlap: "forbid" }))).toEqual([2 * hour + 15 * minute, 3 * hour + 15 * minute]);
    const quartz: Schedule = { scheduler: "quartz", expression: "0 0 * * * ?", timeZone: "Etc/UTC" };
    const [loss] = both(hourly("30m", "45m", { overlap: "forbid", schedule: quartz }));
    expect(loss).toBe(3 * hour + 15 * minute);
  });
});
