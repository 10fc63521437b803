import { describe, expect, it } from "vitest";
import { type Assessment, assess, duration, fixOf, formatSeconds, type Plan, type Term } from "../../../recovery";
import { asOf, asset, cleanRoom, copy, path, plan, points, series, source, step, term, there } from "../build";

/** What is told of the one promise of a plan. */
function toldOf(one: Plan): Assessment & { events: string[]; fixed: string | undefined } {
  const [answer] = assess(one, asOf);
  if (answer === undefined) throw new Error("nothing is promised");
  const events = answer.counterexamples.rpo?.events.map(({ at, what }) => `${formatSeconds(at - asOf)} ${what}`) ?? [];
  return { ...answer, events, fixed: fixOf(one, answer, asOf)?.change };
}

const kept = (span: string): Term => term("kept", span);
const unlocked = { mode: "none", keptFor: term("locked", "0s") } as const;
const noticed = (span: string) => [term("noticed", span)];

describe("points that are not kept long enough", () => {
  const short = (edit: Parameters<typeof copy>[0], more: Partial<Plan> = {}) =>
    plan({
      assets: [asset({ corruption: ["30d", "30d"] })],
      protections: [points({ copies: [copy({ lock: unlocked, ...edit })] })],
      paths: [path({ detect: noticed("72h"), runsAt: there })],
      ...more,
    });

  it("bind by how long they are kept, with the least that would do", () => {
    // Two gaps, noticed after 72h, restored in 1h: the run of the next day is over long before the damage is noticed.
    const { bindings, fixed } = toldOf(short({ keptFor: kept("96h") }));
    expect(bindings.rpo).toMatchObject({ term: { name: "kept", value: duration("96h") }, least: duration("121h") });
    expect(fixed).toBe("keep restore points for 7d (bucket)");
    const verdict = (span: string) => toldOf(short({ keptFor: kept(span) })).verdict;
    expect([verdict("121h"), verdict("7259m59s")]).toEqual(["proven", "missed"]);
  });

  it("expire on a day that the counterexample names, before their restore has ended", () => {
    const { events, counterexamples } = toldOf(short({ keptFor: kept("96h") }));
    expect(events).toEqual([
      "2h backup starts: the newest state that will be usable",
      "26h backup fails",
      "50h backup starts",
      "50h just before it starts, a bad write damages the data",
      "4d 2h kept: that state is gone (kept 4d)",
      "5d 2h noticed (3d)",
      "5d 3h restore (1h)",
      "5d 3h its restore would have ended",
    ]);
    expect(counterexamples.rpo?.conclusion).toMatch(/^nothing bounds the loss: .* points reach 4d back, and 5d 1h/);
  });

  it("are kept in a larger number, where a number decides", () => {
    const { fixed, bindings } = toldOf(short({ keptFor: kept("90d"), newest: 3 }));
    expect(bindings.rpo?.least).toBe(duration("121h"));
    expect(fixed).toBe("keep the newest 7 restore points (bucket)");
  });

  it("are kept longer after the loss of a region too, and locked longer against hostile credentials", () => {
    const region = short({ keptFor: kept("1d") }, { assets: [asset({ region: ["60h", "30d"] })] });
    expect(toldOf(region)).toMatchObject({
      bindings: { rpo: { least: duration("121h40m") } },
      fixed: "keep restore points for 7d (bucket)",
    });
    const lock = { mode: "compliance", keptFor: term("locked", "1d") } as const;
    const hostile = short(
      { lock },
      { assets: [asset({ compromise: ["9d", "30d"] })], paths: [path({ detect: noticed("72h"), runsAt: cleanRoom })] },
    );
    const told = toldOf(hostile);
    expect(told.bindings.rpo).toMatchObject({ term: { name: "locked" }, least: duration("121h40m") });
    expect(told.fixed).toBe("lock restore points for 7d (bucket)");
  });

  it("need their base for two cycles longer", () => {
    const chain = [
      series({ name: "full", schedule: { scheduler: "kubernetes", expression: "0 2 * * 0", timeZone: "Etc/UTC" } }),
      series({
        name: "inc",
        role: "incremental",
        schedule: { scheduler: "kubernetes", expression: "0 2 * * 1-6", timeZone: "Etc/UTC" },
      }),
    ];
    const one = short({ keptFor: kept("7d") });
    const chained = {
      ...one,
      protections: [points({ series: chain, copies: [copy({ keptFor: kept("7d"), lock: unlocked })] })],
    };
    const { bindings, fixed } = toldOf(chained);
    const least = bindings.rpo?.least ?? 0;
    expect(least).toBeGreaterThan(duration("19d"));
    expect(fixed).toBe("keep restore points for 30d (bucket)");
    const at = (span: number) =>
      toldOf({
        ...chained,
        protections: [points({ series: chain, copies: [copy({ keptFor: kept(`${span}s`), lock: unlocked })] })],
      }).verdict;
    expect([at(least), at(least - 1)]).toEqual(["proven", "missed"]);
  });
});

describe("a change that mends both halves", () => {
  it("is found where no way survives: a lock alone", () => {
    const governed = { mode: "governance", keptFor: term("locked", "40d") } as const;
    const one = plan({
      assets: [asset({ compromise: ["60h", "30d"] })],
      protections: [points({ copies: [copy({ lock: governed })] })],
      paths: [path({ runsAt: cleanRoom })],
    });
    expect(toldOf(one)).toMatchObject({
      broken: ["rpo", "rto"],
      fixed: "default retention in COMPLIANCE mode (bucket)",
    });
  });

  it("is found where no way survives: another place alone", () => {
    const beside = plan({
      assets: [asset({ region: ["60h", "30d"] })],
      protections: [points({ copies: [copy({ at: { ...there, region: "eu-central-1" } })] })],
      register: {
        sites: [
          {
            ...{
              name: "there",
              place: there,
              context: "there",
              nodeGrace: duration("50s"),
              controllerTimeZone: "Etc/UTC",
            },
            ...{ storageClasses: {}, owner: "test", drill: "test", expires: "2027-03-01" },
          },
        ],
        assumptions: [],
        waivers: [],
        drills: [],
      },
    });
    expect(toldOf(beside).fixed).toBe("keep the copy in eu-west-1 (bucket)");
  });
});

describe("what is written after damage", () => {
  it("is less where a step that stops writes, or what notices it, takes less", () => {
    const often = series({
      schedule: { scheduler: "kubernetes", expression: "*/10 * * * *", timeZone: "Etc/UTC" },
      run: term("run", "1m"),
    });
    const one = (steps: string, detect: string) =>
      plan({
        assets: [asset({ corruption: ["1h", "30d"] })],
        protections: [points({ series: [often], transfer: term("transfer", "0s") })],
        paths: [path({ detect: noticed(detect), steps: [step("restore", steps, { restores: true })] })],
      });
    expect(toldOf(one("1h", "5m")).fixed).toBe("spec.restore of restore: 30m");
    expect(toldOf(one("5m", "1h")).fixed).toBe("spec.noticed of noticed: 30m");
  });
});

describe("damage in a course of events", () => {
  const at = (detect: string, capture: "start" | "end") =>
    toldOf(
      plan({
        assets: [asset({ corruption: ["1h", "30d"] })],
        protections: [points({ capture })],
        paths: [path({ detect: noticed(detect) })],
      }),
    ).counterexamples.rpo?.events.find(({ what }) => what.includes("a bad write"))?.what;

  it.each([
    ["3d", "start", "just before it starts, a bad write damages the data"],
    ["3d", "end", "just before it ends, a bad write damages the data"],
    ["10m", "start", "a bad write damages the data, which is noticed just before that run is usable"],
  ] as const)("noticed after %s strikes a run that captures at its %s: %s", (detect, capture, words) => {
    expect(at(detect, capture)).toBe(words);
  });
});

describe("hostile credentials", () => {
  const against = (one: Partial<Plan>) =>
    toldOf(plan({ assets: [asset({ compromise: ["90d", "30d"] })], paths: [path({ runsAt: cleanRoom })], ...one }));

  it("overwrite at the primary what a replica out of their reach copies", () => {
    const replica = {
      ...({ kind: "replica", id: "points", asset: "s/data", label: "replica", at: cleanRoom } as const),
      ...({ lag: term("lag", "1m"), carries: "data", source: source("replica") } as const),
    };
    expect(against({ protections: [replica] })).toMatchObject({
      verdict: "missed",
      dropped: [{ reason: "copies what hostile credentials write" }],
    });
  });

  it("are those of the workload too, which reach its own account whoever deploys there", () => {
    const own = asset({ compromise: ["90d", "30d"] }, { at: { ...cleanRoom, region: "eu-central-1" } });
    const elsewhere = { ...there, account: "3", deployed: false };
    const paths = [path({ runsAt: elsewhere })];
    const held = (at: Parameters<typeof copy>[0]) =>
      against({ assets: [own], paths, protections: [points({ copies: [copy(at)] })] });
    const beside = held({ at: cleanRoom, lock: unlocked });
    expect(beside.dropped[0]?.reason).toBe("bucket: no lock keeps hostile credentials from deleting it");
    expect(held({ at: elsewhere, lock: unlocked }).verdict).toBe("proven");
    // A lock holds there as well, for as long as it lasts.
    expect(held({ at: cleanRoom }).verdict).toBe("proven");
    const ended = held({ at: cleanRoom, lock: { mode: "compliance", keptFor: term("locked", "1d") } });
    expect(ended.bindings.rpo?.term.name).toBe("locked");
    expect(against({ assets: [own] }).dropped[0]?.reason).toBe(
      "what runs it is lost too: in the asset's own account, 2",
    );
  });

  it("may reach anything where nobody knows which account is the workload's", () => {
    const lost = asset({ compromise: ["90d", "30d"] }, { at: { unknown: "nobody said" } });
    const copies = [copy({ at: cleanRoom, lock: unlocked })];
    expect(against({ assets: [lost], protections: [points({ copies })] }).verdict).toBe("cannot prove");
  });
});

describe("runs of which ten years have only two", () => {
  it("have a longest gap all the same, with one failed run too", () => {
    const leap = { scheduler: "kubernetes", expression: "0 2 29 2 *", timeZone: "Etc/UTC" } as const;
    const one = plan({
      assets: [asset({ region: ["1h", "30d"] })],
      protections: [points({ series: [series({ schedule: leap })], copies: [copy({ keptFor: kept("9000d") })] })],
    });
    const day = 86_400;
    const lost = (date: string) =>
      assess(one, Date.parse(date) / 1_000)[0]?.chosen?.rpo.map(({ terms }) => terms[0]?.value);
    expect(lost("2028-03-01")).toEqual([1_461 * day, 2 * 1_461 * day]);
    expect(lost("2028-02-01")).toEqual([1_461 * day, 2 * 1_461 * day]);
  });
});
