import { describe, expect, it } from "vitest";
import {
  type Alert,
  assess,
  criticalPath,
  type Disruption,
  duration,
  fixOf,
  type Group,
  type Step,
} from "../../../recovery";
import { against, hour, losses, taken } from "../answers";
import { alert, asOf, asset, cleanRoom, copy, here, path, plan, points, series, source, step, term } from "../build";

const minute = 60;
const unknown = { unknown: "not yet" };

describe("writes stop", () => {
  const stopping = (web: string, batch: string) => {
    const steps = [
      step(web, "5m", { stopsWrites: true }),
      step(batch, "3h", { stopsWrites: true }),
      step("restore", "1h", { after: [web, batch] }),
    ];
    const paths = [path({ detect: [term("d", "5m")], decide: [term("decide", "5m")], steps })];
    return losses(against("corruption", taken(), { paths }, ["60h", "80h"]))[1];
  };

  it("when the last of the steps that stop them has ended, whatever they are called", () => {
    // Two gaps, 20 of the 30 minutes of a run beyond noticing, 10 minutes of noticing, and the 3 hours of the batch.
    const lost = 48 * hour + 20 * minute + 10 * minute + 3 * hour;
    expect([stopping("a-web", "z-batch"), stopping("z-web", "a-batch")]).toEqual([lost, lost]);
  });
});

/** Layers of two steps that share a thing, each after both of the layer before; and more that share that of the last. */
function layered(layers: number, rivals: number): Step[] {
  const named = (layer: number) => [`${layer}a`, `${layer}b`];
  const steps = Array.from({ length: layers }, (_, layer) =>
    named(layer).map((name) =>
      step(name, "1m", { after: layer === 0 ? [] : named(layer - 1), uses: [`thing ${layer}`] }),
    ),
  ).flat();
  const more = Array.from({ length: rivals }, (_, place) =>
    step(`rival ${place}`, "1m", { uses: [`thing ${layers - 1}`] }),
  );
  return [...steps, ...more];
}

describe("many steps that share something", () => {
  it("take turns: those of each layer, and in the end all that share the last thing", () => {
    const { total } = criticalPath(layered(11, 40));
    // 11 layers of two minutes, and 40 rivals.
    expect(total).toBe((22 + 40) * minute);
  });

  it("are reckoned at once however many chains there are", () => {
    // 2^40 chains, and 400 rivals.
    expect(criticalPath(layered(40, 400)).total).toBe((80 + 400) * minute);
  });

  it("need no search where no three changes can take off what is too much", () => {
    const one = plan({
      assets: [asset({ region: ["60h", "10m"] })],
      paths: [path({ steps: layered(11, 40) })],
    });
    const [missed] = assess(one, asOf);
    if (missed === undefined) throw new Error("nothing was assessed");
    expect(fixOf(one, missed, asOf)).toBeUndefined();
  });
});

describe("what cannot be read and may be better", () => {
  it("is a full of an unknown schedule beside daily increments", () => {
    const increments = series({ name: "i", role: "incremental" });
    const all = [series({ name: "u", schedule: unknown }), increments];
    // The increments alone lose 48h 30m; the full may come each hour, and nobody knows.
    expect(against("region", taken({}, { series: all }), {}, ["26h", "4h"]).verdict).toBe("cannot prove");
  });

  const watched = (edit: Partial<Alert>) =>
    against("region", taken(), { alerts: [alert({ rerun: [term("rerun", "30m")], ...edit })] }, ["28h", "4h"]).verdict;

  it.each<[string, Partial<Alert>]>([
    ["fires", { threshold: unknown }],
    ["is noticed", { detect: [term("detect", unknown)] }],
    ["is answered", { rerun: [term("rerun", unknown)] }],
    ["has a flaw", { flaw: unknown }],
  ])("is an alert of which nobody knows when it %s", (_, edit) => {
    expect(watched(edit)).toBe("cannot prove");
  });

  it.each<[string, Partial<Alert>]>([
    ["does not fire when its series is absent", { threshold: unknown, coversAbsence: false }],
    ["is not complete", { threshold: unknown, complete: false }],
    ["does not notice it, as is known", { threshold: unknown, flaw: "it never fires" }],
    // A dump is 24h 30m old at worst.
    ["fires on healthy days", { threshold: duration("24h"), detect: [term("detect", unknown)] }],
    // The next run on schedule leaves 48h 30m to lose.
    ["fires too late", { threshold: duration("48h"), rerun: [term("30m", "30m"), term("rerun", unknown)] }],
  ])("is no alert that %s", (_, edit) => {
    expect(watched(edit)).toBe("missed");
  });

  const kept = (disruption: Disruption, at: Parameters<typeof copy>[0], own: Parameters<typeof asset>[1] = {}) =>
    against(disruption, taken({}, { copies: [copy(at)] }), { assets: [asset({ [disruption]: ["90h", "4h"] }, own)] })
      .verdict;
  const none = { mode: "none", keptFor: term("locked", "0s") } as const;

  it("is a copy without a lock at a place that may be out of reach", () => {
    expect(kept("compromise", { at: unknown, lock: none })).toBe("cannot prove");
    expect(kept("compromise", { lock: none })).toBe("missed");
  });

  it("is a copy in one zone, or on one node, when nobody knows where the asset is", () => {
    const zone = { ...here, zones: ["a"] };
    const own = { at: unknown };
    expect(kept("zone", { at: zone }, own)).toBe("cannot prove");
    expect(kept("node", { at: { ...zone, node: "disk" } }, own)).toBe("cannot prove");
    expect(kept("zone", { at: zone }, { at: zone })).toBe("missed");
  });
});

describe("recoveries that run at the same time", () => {
  const waits: Record<string, string[]> = {};
  /** The time that s/a takes after a disruption: each asset is noticed and decided in 10m, its steps take 1h. */
  const timeOf = (
    disruption: Disruption,
    ids: readonly string[],
    { dependsOn = waits, groups = [], things = {} }: Shared = {},
  ) => {
    const one = plan({
      assets: ids.map((id) =>
        asset({ [disruption]: ["300h", "300h"] }, { id, ...(dependsOn[id] ? { dependsOn: dependsOn[id] } : {}) }),
      ),
      protections: ids.map((id) => points({ id: `${id}/points`, asset: id })),
      paths: ids.map((id) =>
        path({
          id: `${id}/restore`,
          asset: id,
          protection: `${id}/points`,
          detect: [term("detect", "10m")],
          runsAt: cleanRoom,
          steps: [step("restore", "1h", { uses: things[id] ?? ["operator"], stopsWrites: true })],
        }),
      ),
      groups,
    });
    const chosen = assess(one, asOf).find((answer) => answer.asset === "s/a")?.chosen;
    return { time: Number(chosen?.rto.total) / minute, lost: Number(chosen?.rpo[0].total) / minute };
  };
  interface Shared {
    dependsOn?: Record<string, string[]>;
    groups?: Group[];
    things?: Record<string, string[]>;
  }
  const both = ["s/a", "s/b"];
  const group: Group = {
    id: "s/g",
    members: both.map((id) => ({ asset: id, refersTo: [] })),
    source: source("group"),
  };

  it("take turns where both assets are struck, each with an hour of the one operator", () => {
    expect(timeOf("region", both).time).toBe(10 + 60 + 60);
    expect(timeOf("region", both, { things: { "s/b": ["link"] } }).time).toBe(10 + 60);
    // A process is one asset's own.
    expect(timeOf("process", both).time).toBe(10 + 60);
  });

  it("take turns as members of a set, which may have to go back though nothing strikes them", () => {
    expect(timeOf("region", both, { groups: [group] }).time).toBe(10 + 60 + 60);
    expect(timeOf("corruption", both, { groups: [group] }).time).toBe(10 + 60 + 60);
  });

  it("take turns as two that a third waits for, and not with what they wait for", () => {
    const dependsOn = { "s/a": ["s/b", "s/c"] };
    expect(timeOf("region", [...both, "s/c"], { dependsOn }).time).toBe(10 + 60 + 60 + 60);
    expect(timeOf("region", both, { dependsOn: { "s/a": ["s/b"] } }).time).toBe(10 + 60 + 60);
  });

  it("let writes go on for longer after damage", () => {
    const [alone, beside] = [["s/a"], both].map((ids) => timeOf("compromise", ids).lost);
    expect(Number(beside) - Number(alone)).toBe(60);
  });
});
