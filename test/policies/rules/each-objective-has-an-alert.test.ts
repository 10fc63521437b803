import { describe, expect, it } from "vitest";
import { eachObjectiveHasAnAlert } from "../../../policies/rules/each-objective-has-an-alert";
import {
  type Alert,
  type Archive,
  duration,
  type Plan,
  type Replica,
  type RestorePoints,
  type Series,
} from "../../../recovery";
import { cron } from "../../recovery/answers";
import {
  alert,
  asset,
  copy,
  evidence,
  here,
  path,
  plan,
  points,
  redundancy,
  rehearsal,
  series,
  source,
  term,
  there,
} from "../../recovery/build";

const { threshold: _, ...without } = alert();
const guarding = (guards: string): Alert => ({ ...without, name: `Overdue ${guards}`, guards });
const others = ["verification", "drill", "watchdog"].map(guarding);
const check = (alerts: Alert[], edit: Partial<Plan> = {}) =>
  eachObjectiveHasAnAlert.check(
    evidence(plan({ alerts, rehearsals: [rehearsal(), rehearsal({ role: "verification" })], ...edit })),
  );
const sentences = (...args: Parameters<typeof check>) => check(...args).map(({ message }) => message);

const replica: Replica = {
  kind: "replica",
  id: "replica",
  asset: "s/data",
  label: "replica",
  at: there,
  lag: term("lag", "1m"),
  carries: "data",
  source: source("replica"),
};

/** An alert on how far behind a copy is. */
function follows(age: string, edit: Partial<Alert> = {}): Alert {
  return alert({ name: "Behind", protection: "replica", threshold: duration(age), ...edit });
}

const { threshold: __, ...presence } = follows("5m");

describe("each-objective-has-an-alert", () => {
  it("accepts an asset whose age, verification, drill and alerting are watched", () => {
    expect(check([alert(), ...others])).toEqual([]);
  });

  it.each([
    ["freshness", "the age of its newest restore point"],
    ["verification", "overdue verification"],
    ["drill", "an overdue drill"],
    ["watchdog", "alerting that stopped"],
  ])("refuses an asset without an alert for %s", (guards, what) => {
    expect(check([alert(), ...others].filter((one) => one.guards !== guards))).toEqual([
      { assets: ["s/data"], source: source("asset"), message: `no alert notices ${what}` },
    ]);
  });

  it("does not take an alert on restore points of one kind for one on the newest", () => {
    expect(sentences([guarding("freshness"), ...others])).toEqual([
      "no alert notices the age of its newest restore point",
    ]);
  });

  describe("of an asset with points of two kinds", () => {
    const hourly = series({ name: "snapshot", schedule: cron("0 * * * *") });
    const snapshots = (edit: Partial<Series> = {}) =>
      points({ id: "snapshots", label: "snapshots", series: [{ ...hourly, ...edit }], copies: [copy({ at: here })] });
    const said = (alerts: Alert[], other: RestorePoints, edit: Partial<Plan> = {}) =>
      sentences([...alerts, ...others], { protections: [points(), other], ...edit });
    const silent = (what: string) =>
      `no alert notices the age of the newest of ${what} (Stale: it stays silent while other points of the asset are taken)`;

    it("takes no alert for the guard of the dumps that hourly snapshots keep silent when a dump fails", () => {
      expect(said([alert()], snapshots())).toEqual([silent("restore points")]);
    });

    it("takes one that counts dumps alone", () => {
      expect(said([alert({ role: "full" })], snapshots({ role: "incremental" }))).toEqual([]);
      expect(said([alert()], snapshots({ suspended: true }))).toEqual([]);
    });

    it("asks for one on each that keeps a promise, and on any where none does", () => {
      const assets = [asset({ zone: ["4h", "2h"], region: ["30h", "2h"] })];
      const paths = [path({ disruptions: ["region"] }), path({ id: "near", protection: "snapshots", runsAt: here })];
      const full = alert({ role: "full" });
      const increments = series({ name: "increment", role: "incremental", schedule: cron("30 * * * *") });
      const both = points({
        id: "snapshots",
        label: "snapshots",
        series: [hourly, increments],
        copies: [copy({ at: here })],
      });
      expect(said([full], both, { assets, paths })).toEqual([
        `${silent("restore points")}`,
        "no alert notices the age of the newest of snapshots",
      ]);
      expect(said([alert()], both, { paths: [] })).toEqual([
        "no alert notices the age of its newest restore point (Stale: it stays silent while other points of the asset are taken)",
      ]);
    });
  });

  it("refuses an alert that stays silent when its series is gone", () => {
    expect(check([alert({ coversAbsence: false }), ...others])).toEqual([
      {
        assets: ["s/data"],
        source: source("alert"),
        message: "no alert notices that the age of its newest restore point is not measured at all (absent)",
      },
    ]);
  });

  it("asks every alert but the watchdog to fire on silence: its silence is noticed elsewhere", () => {
    const silent = others.map((one) => ({ ...one, coversAbsence: false }));
    expect(sentences([alert(), ...silent])).toEqual(
      ["overdue verification", "an overdue drill"].map(
        (what) => `no alert notices that ${what} is not measured at all (absent)`,
      ),
    );
  });

  it("refuses alerts that do not say what to do, all in one finding", () => {
    expect(sentences([alert({ complete: false }), ...others.map((one) => ({ ...one, complete: false }))])).toEqual([
      "without a severity, summary, description or runbook: Stale, Overdue verification, Overdue drill, Overdue watchdog",
    ]);
  });

  it("lets a healthy day pass in silence: points grow 24h 40m old before the next is usable", () => {
    expect(check([alert({ threshold: duration("24h40m") }), ...others])).toEqual([]);
    expect(sentences([alert({ threshold: duration("24h39m59s") }), ...others])).toEqual([
      "Stale fires at an age of 24h 39m 59s, on healthy days too: points reach 24h 40m",
    ]);
  });

  it("cannot tell that it fires on healthy days where other points may be newer", () => {
    const [daily] = points().series;
    const unread = { ...series(), name: "other", schedule: { unknown: "its schedule is not known" } };
    const protections = [points({ series: [...(daily ? [daily] : []), unread] })];
    expect(check([alert({ threshold: duration("24h39m59s") }), ...others], { protections })).toMatchObject([
      {
        cannotProve: true,
        message:
          "Stale fires at an age of 24h 39m 59s, and nobody can tell whether on healthy days too: points reach 24h 40m unless others are newer: its schedule is not known",
      },
    ]);
  });

  it("fires before the promise is broken", () => {
    expect(check([alert({ threshold: duration("29h59m") }), ...others])).toEqual([]);
    expect(sentences([alert({ threshold: duration("29h59m1s") }), ...others])).toEqual([
      "Stale fires 29h 59m 1s + 1m after the newest point, later than the RPO of 30h",
    ]);
    const strict = { assets: [asset({ region: ["under 30h", "2h"] })] };
    expect(check([alert({ threshold: duration("29h58m59s") }), ...others], strict)).toEqual([]);
    expect(sentences([alert({ threshold: duration("29h59m") }), ...others], strict)).toEqual([
      "Stale fires 29h 59m + 1m after the newest point, later than the RPO of under 30h",
    ]);
  });

  it("holds the threshold against the region, which restore points serve, else against the next smaller disaster", () => {
    const node: [string, string] = ["1h", "2h"];
    expect(check([alert(), ...others], { assets: [asset({ node, region: ["30h", "2h"] })] })).toEqual([]);
    expect(check([alert(), ...others], { assets: [asset({ node })] })).toHaveLength(1);
  });

  it("holds it against no promise that a replica keeps", () => {
    const protections = [points(), replica];
    const assets = [asset({ region: ["5m", "2h"] })];
    expect(check([alert(), ...others], { assets, protections })).toHaveLength(1);
    const paths = [path(), path({ id: "promote", protection: "replica" })];
    expect(check([alert(), follows("1m"), ...others], { assets, protections, paths })).toEqual([]);
  });

  describe("of a log or a replica that a recovery uses", () => {
    const assets = [asset({ region: ["10m", "2h"] })];
    const paths = [path({ id: "promote", protection: "replica" })];
    const promoted = (alerts: Alert[], copy: Replica | Archive = replica) =>
      check([...alerts, ...others], { assets, protections: [copy], paths }).map(({ message, cannotProve }) =>
        cannotProve ? `cannot prove: ${message}` : message,
      );
    const log: Archive = {
      ...{ kind: "archive", id: "replica", asset: "s/data", label: "log", source: source("log") },
      ship: term("ship", "4m"),
      upload: term("upload", "1m"),
      copies: [copy()],
    };

    /** Nothing refuses writes when it falls further behind. */
    const lagging: Replica = { ...replica, lag: { ...replica.lag, grade: "assumed" } };

    it("may fire later where writes are refused beyond the lag: then no alert keeps the promise", () => {
      expect(promoted([follows("541s")], { ...replica, lag: { ...replica.lag, grade: "guaranteed" } })).toEqual([]);
      expect(promoted([follows("541s")], { ...replica, lag: { ...replica.lag, grade: "contractual" } })).toHaveLength(
        1,
      );
    });

    it("is not asked for where the service tells nobody how far behind it is", () => {
      expect(promoted([], { ...lagging, unseen: "it has no metric of it" })).toEqual([]);
    });

    it("asks for an alert on how far behind it is", () => {
      expect(promoted([follows("5m")])).toEqual([]);
      expect(promoted([])).toEqual(["no alert notices how far behind replica is"]);
      expect(promoted([alert()])).toEqual(["no alert notices how far behind replica is"]);
      expect(promoted([follows("5m", { protection: "another" })])).toHaveLength(1);
    });

    it("asks for none on what no recovery uses", () => {
      expect(check([...others], { assets, protections: [replica], paths: [] })).toEqual([]);
    });

    it("stays silent on healthy days and fires before the promise is broken, to the second", () => {
      expect(promoted([follows("1m")])).toEqual([]);
      expect(promoted([follows("59s")])).toEqual([
        "Behind fires at an age of 59s, on healthy days too: it is up to 1m behind",
      ]);
      expect(promoted([follows("5m")], log)).toEqual([]);
      expect(promoted([follows("299s")], log)).toEqual([
        "Behind fires at an age of 4m 59s, on healthy days too: it is up to 5m behind",
      ]);
      expect(promoted([follows("9m")], lagging)).toEqual([]);
      expect(promoted([follows("541s")], lagging)).toEqual([
        "Behind fires 9m 1s + 1m after the newest state there is, later than the RPO of 10m",
      ]);
    });

    it.each<[string, Alert[], string]>([
      [
        "stays silent when its series is gone",
        [follows("5m", { coversAbsence: false })],
        "no alert notices that how far behind replica is is not measured at all (absent)",
      ],
      [
        "wakes nobody",
        [follows("5m", { severity: "warning" })],
        "no alert that notices how far behind replica is is critical: nobody is woken",
      ],
      [
        "tells nobody",
        [follows("5m", { flaw: "nobody is told" })],
        "no alert notices how far behind replica is (Behind: nobody is told)",
      ],
      [
        "may tell nobody",
        [follows("5m", { flaw: { unknown: "its topic is not known" } })],
        "cannot prove: no alert notices how far behind replica is (Behind: its topic is not known)",
      ],
      [
        "fires at an age that is not known",
        [follows("5m", { threshold: { unknown: "it names no threshold" } })],
        "cannot prove: Behind: it names no threshold",
      ],
      [
        "is told nobody knows when",
        [follows("5m", { detect: [term("arrives", { unknown: "nobody declared it" })] })],
        "cannot prove: Behind: nobody declared it",
      ],
      ["only tells that there is a metric", [presence], "no alert notices how far behind replica is"],
    ])("refuses one that %s", (_, alerts, message) => {
      expect(promoted(alerts)).toEqual([message]);
    });

    it("takes one for its age and another for its absence", () => {
      expect(promoted([follows("5m", { coversAbsence: false }), presence])).toEqual([]);
    });
  });

  it("asks for no watchdog where a service of the cloud evaluates alerts", () => {
    const managed = follows("1m", { cluster: "CloudWatch of eu-west-1" });
    expect(sentences([alert(), managed, ...others])).toHaveLength(1);
    expect(sentences([alert(), { ...managed, service: "CloudWatch" }, ...others])).toEqual([]);
  });

  it("cannot prove a threshold or a notification that is unknown", () => {
    expect(check([alert({ threshold: { unknown: "its expr is not known" } }), ...others])).toMatchObject([
      { source: source("alert"), message: "Stale: its expr is not known", cannotProve: true },
    ]);
    const unsent = alert({ detect: [term("notification", { unknown: "nobody receives it" })] });
    expect(check([unsent, ...others])).toMatchObject([{ message: "Stale: nobody receives it", cannotProve: true }]);
  });

  it("asks for no alert on what is not there, nor takes one of another asset", () => {
    const bare = { protections: [redundancy()], rehearsals: [] };
    expect(check([guarding("watchdog")], bare)).toEqual([]);
    expect(check([{ ...guarding("watchdog"), asset: "s/other" }], bare)).toHaveLength(1);
  });

  it("says why what guards does not, and cannot prove what is not known", () => {
    const flawed = (flaw: Alert["flaw"]) => [
      alert(),
      ...others.map((one) => (one.guards === "drill" ? { ...one, ...(flaw ? { flaw } : {}) } : one)),
    ];
    expect(check(flawed("it is about another job"))).toEqual([
      {
        assets: ["s/data"],
        source: source("alert"),
        message: "no alert notices an overdue drill (Overdue drill: it is about another job)",
      },
    ]);
    expect(check(flawed({ unknown: "its expr is not known" }))).toMatchObject([{ cannotProve: true }]);
  });

  it("asks for one alert on freshness that wakes somebody, and lets warnings take their time", () => {
    const slow = { detect: [term("notification", "12h")] };
    expect(check([alert(), alert({ name: "Late", severity: "warning", ...slow }), ...others])).toEqual([]);
    expect(sentences([alert({ severity: "warning" }), ...others])).toEqual([
      "no alert that notices the age of its newest restore point is critical: nobody is woken",
    ]);
  });

  it("asks for a watchdog in each cluster that guards the asset", () => {
    const far = alert({ name: "Lost", guards: "detection", cluster: "far", source: source("far") });
    expect(check([alert(), far, ...others])).toEqual([
      {
        assets: ["s/data"],
        source: source("far"),
        message: "no alert notices alerting that stopped in eu-central-1, where Lost stands",
      },
    ]);
    expect(check([alert(), far, ...others, { ...guarding("watchdog"), cluster: "far" }])).toEqual([]);
  });
});
