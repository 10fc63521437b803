import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Archive,
  type Assessment,
  type Asset,
  assess,
  type Disruption,
  duration,
  formatBound,
  type Path,
  type Plan,
  type Protection,
  type RestorePoints,
} from "../../../recovery";
import { cron, taken } from "../answers";
import { plans } from "../arbitraries";
import { asOf, asset, cleanRoom, copy, here, path, plan, series, source, step, term, there } from "../build";

/** What one asset is restored from and how: daily points in the other region, noticed and decided in 10m, restored in 1h. */
interface Owned {
  points?: Partial<RestorePoints>;
  promise?: Parameters<typeof asset>[0];
  asset?: Partial<Asset>;
  path?: Partial<Path>;
  instead?: Protection;
}

const ten = { detect: [term("noticed", "5m")], decide: [term("decided", "5m")], redirect: [] };
const restoring = (bound: string) => ({ ...ten, steps: [step("restore", bound)] });

function daily(id: string, edit: Partial<RestorePoints> = {}): RestorePoints {
  const dump = series({
    name: `${id} dump`,
    schedule: cron("0 2 * * *"),
    startSlack: term("slack", "0s"),
    run: term("run", "30m"),
  });
  return { ...taken(), id: `${id}/points`, asset: id, capture: "start", series: [dump], ...edit };
}

/** Several assets in one place; without a promise of its own none is made. */
function several(all: Record<string, Owned>, edit: Partial<Plan> = {}): Plan {
  const each = Object.entries(all);
  return plan({
    assets: each.map(([id, one]) => asset(one.promise ?? {}, { id, ...one.asset })),
    protections: each.map(([id, { points, instead }]) => instead ?? daily(id, points)),
    paths: each.map(([id, { path: own, instead }]) =>
      path({ id: `${id}/path`, asset: id, protection: instead?.id ?? `${id}/points`, ...restoring("1h"), ...own }),
    ),
    ...edit,
  });
}

function of(one: Plan, id: string, disruption: Disruption = "region"): Assessment {
  const found = assess(one, asOf).find((answer) => answer.asset === id && answer.disruption === disruption);
  if (found === undefined) throw new Error(`nothing is promised of ${id}`);
  return found;
}

const time = ({ chosen }: Assessment) => formatBound(chosen?.rto.total ?? { unknown: "no way" });
const loss = ({ chosen }: Assessment) => formatBound(chosen?.rpo[1].total ?? { unknown: "no way" });

/** Data that is made anew from other data. */
const made = {
  kind: "rebuild",
  id: "s/d/made",
  asset: "s/d",
  label: "made anew",
  from: "s/b",
  source: source("made"),
} as const;

/** Comes back after 30h and 10m. */
const slow: Owned = { path: restoring("30h") };

describe("an asset that waits for another, which is back after 30h 10m,", () => {
  const waiting = (one: Owned) =>
    several({
      "s/a": { ...one, asset: { dependsOn: ["s/b"] } },
      "s/b": { points: one.points ?? {}, path: { ...restoring("30h"), runsAt: one.path?.runsAt ?? there } },
    });

  it("needs its points for as long: 48h 30m + 31h 10m", () => {
    const kept = (text: string) => ({ copies: [copy({ keptFor: term("kept", text) })] });
    const judged = (text: string) => of(waiting({ points: kept(text), promise: { region: ["60h", "48h"] } }), "s/a");
    expect(judged("79h40m").verdict).toBe("proven");
    expect(judged("79h39m")).toMatchObject({ verdict: "missed", chosen: { window: { needed: duration("79h40m") } } });
  });

  it("loses what is written until its first step stops that, which waits as well: 48h 30m + 10m + 30h + 5m", () => {
    const stop = {
      ...ten,
      runsAt: cleanRoom,
      steps: [step("stop", "5m", { stopsWrites: true }), step("restore", "1h", { after: ["stop"] })],
    };
    const lock = { mode: "compliance", keptFor: term("locked", "400d") } as const;
    const points = { copies: [copy({ keptFor: term("kept", "400d"), lock })] };
    const judged = of(waiting({ points, path: stop, promise: { compromise: ["78h45m", "48h"] } }), "s/a", "compromise");
    expect([loss(judged), judged.verdict]).toEqual(["3d 6h 45m", "proven"]);
  });

  it("does not wait for what a lost zone spares: it is in another region", () => {
    const zone = { zone: ["60h", "2h"] as [string, string] };
    const apart = several({
      "s/a": { promise: zone, asset: { dependsOn: ["s/b"] } },
      "s/b": { ...slow, asset: { at: there } },
    });
    expect(time(of(apart, "s/a", "zone"))).toBe("1h 10m");
    expect(time(of(waiting({ promise: zone }), "s/a", "zone"))).toBe("31h 10m");
  });

  it("cannot be proven where nobody can tell whether that comes back", () => {
    const unsure = several({
      "s/a": { promise: { region: ["60h", "48h"] }, asset: { dependsOn: ["s/b"] } },
      "s/b": { points: { copies: [copy({ at: { unknown: "its region is not known" } })] } },
    });
    expect(of(unsure, "s/a").verdict).toBe("cannot prove");
  });
});

describe("derived data that is made anew", () => {
  const derived = (edit: Partial<Path>, more: Owned = {}) =>
    several({
      "s/d": { instead: made, promise: { region: ["60h", "4h"] }, path: { ...restoring("1h"), ...edit }, ...more },
      "s/b": {},
    });

  it("is, once its source is back: 1h 10m + 1h", () => expect(time(of(derived({}), "s/d"))).toBe("2h 10m"));

  it("is, once somebody has noticed and decided: 15h + 1h", () => {
    const late = { detect: [term("noticed", "10h")], decide: [term("decided", "5h")] };
    expect([time(of(derived(late), "s/d")), of(derived(late), "s/d").verdict]).toEqual(["16h", "missed"]);
  });

  it("is, once what it depends on is back: 30h 10m + 1h", () => {
    const all = derived({}, { asset: { dependsOn: ["s/e"] } });
    const other = several({ "s/e": slow });
    const both = {
      ...all,
      assets: [...all.assets, ...other.assets],
      protections: [...all.protections, ...other.protections],
      paths: [...all.paths, ...other.paths],
    };
    expect(time(of(both, "s/d"))).toBe("31h 10m");
  });
});

describe("what belongs together with other data", () => {
  const set = {
    id: "set",
    members: [
      { asset: "s/b", refersTo: ["s/c"] },
      { asset: "s/c", refersTo: [] },
    ],
    source: source("set"),
  };

  it("is back for who waits for it when all of it is: 10h 10m + 1h", () => {
    const all = several(
      {
        "s/a": { promise: { region: ["60h", "12h"] }, asset: { dependsOn: ["s/b"] } },
        "s/b": { promise: { region: ["60h", "12h"] } },
        "s/c": { path: restoring("10h") },
      },
      { groups: [set] },
    );
    expect([time(of(all, "s/b")), time(of(all, "s/a"))]).toEqual(["10h 10m", "11h 10m"]);
  });

  it("loses as a source what all of it loses: points of a weekly one", () => {
    const weekly = series({
      name: "weekly",
      schedule: cron("0 1 * * 0"),
      startSlack: term("slack", "0s"),
      run: term("run", "30m"),
    });
    const all = several(
      {
        "s/d": { instead: made, promise: { region: ["60h", "12h"] } },
        "s/b": { promise: { region: ["400h", "12h"] } },
        "s/c": { points: { series: [weekly] } },
      },
      { groups: [set] },
    );
    expect([loss(of(all, "s/b")), of(all, "s/d").verdict]).toEqual(["14d 23h 30m", "missed"]);
    expect(loss(of(all, "s/d"))).toBe("14d 23h 30m");
  });
});

describe("what must go back to fit other data", () => {
  const far = { ...here, region: "us-east-1" };
  const set = {
    id: "set",
    members: [
      { asset: "s/b", refersTo: [] },
      { asset: "s/f", refersTo: ["s/b"] },
    ],
    source: source("set"),
  };
  const wide: Parameters<typeof asset>[0] = { corruption: ["300h", "300h"], region: ["300h", "300h"] };
  const locked = {
    copies: [
      copy({ keptFor: term("kept", "400d"), lock: { mode: "compliance" as const, keptFor: term("locked", "400d") } }),
    ],
  };
  const using = (bound: string, ...uses: string[]) => ({ ...ten, steps: [step("restore", bound, { uses })] });

  it("begins when the damaged data that it depends on is back: 10h 10m + 1h", () => {
    const all = several(
      {
        "s/b": { points: locked, promise: wide, path: restoring("10h") },
        "s/f": { points: locked, asset: { dependsOn: ["s/b"] } },
      },
      { groups: [set] },
    );
    expect(time(of(all, "s/b", "corruption"))).toBe("11h 10m");
  });

  it("begins when what it depends on is back where only the other's region is lost: 10h 10m + 1h", () => {
    const all = several(
      {
        "s/b": { points: locked, promise: wide, path: restoring("10h") },
        "s/f": { points: locked, asset: { at: far, dependsOn: ["s/b"] } },
      },
      { groups: [set] },
    );
    expect(time(of(all, "s/b"))).toBe("11h 10m");
  });

  it("is waited for though nothing strikes it, until all of the set is back: 10h 10m + 1h", () => {
    const all = several(
      {
        "s/a": { points: locked, promise: wide, asset: { dependsOn: ["s/f"] } },
        "s/b": { points: locked, path: restoring("10h") },
        "s/f": { points: locked, asset: { at: far } },
      },
      { groups: [set] },
    );
    expect(time(of(all, "s/a"))).toBe("11h 10m");
  });

  it("holds the operator though nothing strikes it: 10m + 1h + 1h", () => {
    const all = several(
      {
        "s/a": { points: locked, promise: wide, path: using("1h", "operator") },
        "s/b": { points: locked, promise: wide },
        "s/f": { points: locked, asset: { at: far }, path: using("1h", "operator") },
      },
      { groups: [set] },
    );
    // All of the set is back when its far member is, which may have to wait for the other's hour.
    expect([time(of(all, "s/a")), time(of(all, "s/b"))]).toEqual(["2h 10m", "2h 10m"]);
  });
});

describe("an archive", () => {
  const log: Archive = {
    kind: "archive",
    id: "s/a/log",
    asset: "s/a",
    label: "log",
    base: "s/a/points",
    ship: term("ship", "60s"),
    upload: term("upload", "30s"),
    copies: [copy({ keptFor: term("kept", "45d") })],
    source: source("log"),
  };
  // Bases are kept for long where the data is, and for a day elsewhere: once the region is lost none is old enough.
  const base = daily("s/a", {
    copies: [
      copy({ at: here, keptFor: term("kept", "45d") }),
      copy({ keptFor: term("kept", "1d"), source: source("far") }),
    ],
  });
  const judged = (promise: Parameters<typeof asset>[0]) =>
    plan({
      assets: [asset(promise, { id: "s/a" })],
      protections: [base, log],
      paths: [path({ id: "s/a/path", asset: "s/a", protection: log.id, ...restoring("1h") })],
    });

  it("has other bases left after one disruption than after another", () => {
    const both = judged({ process: ["10m", "4h"], region: ["10m", "4h"] });
    expect([of(both, "s/a", "process").verdict, of(both, "s/a").verdict]).toEqual(["proven", "missed"]);
  });

  it("may have a base that nobody can place", () => {
    const far = { ...copy({ at: { unknown: "its region is not known" }, keptFor: term("kept", "45d") }) };
    const one = judged({ region: ["10m", "4h"] });
    const unsure = { ...one, protections: [{ ...base, copies: [far, ...base.copies.slice(1)] }, log] };
    expect(of(unsure, "s/a").verdict).toBe("cannot prove");
  });
});

describe("a promise", () => {
  it("is judged alike whatever else is promised", () => {
    fc.assert(
      fc.property(plans({ assets: 3 }), (one) => {
        for (const whole of assess(one, asOf)) {
          const alone = {
            ...one,
            assets: one.assets.map((other) => {
              const objective = other.id === whole.asset ? other.objectives[whole.disruption] : undefined;
              // Others keep theirs: they decide which of its ways another takes.
              return other.id === whole.asset && objective
                ? { ...other, objectives: { [whole.disruption]: objective } }
                : other;
            }),
          };
          const again = assess(alone, asOf).find(
            (other) => other.asset === whole.asset && other.disruption === whole.disruption,
          );
          expect(again).toEqual(whole);
        }
      }),
      { numRuns: 60 },
    );
  });
});
