import { describe, expect, it } from "vitest";
import {
  type Archive,
  assess,
  type Disruption,
  type Place,
  type Plan,
  type Replica,
  type Versions,
} from "../../recovery";
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
} from "./build";

const archive = (edit: Partial<Archive> = {}): Archive => ({
  kind: "archive",
  id: "log",
  asset: "s/data",
  label: "log",
  base: "points",
  ship: term("log is shipped every", "60s"),
  upload: term("upload", "30s"),
  copies: [copy()],
  source: source("log"),
  ...edit,
});

const replica = (edit: Partial<Replica> = {}): Replica => ({
  kind: "replica",
  id: "replica",
  asset: "s/data",
  label: "replica",
  at: there,
  lag: term("lag", "300s"),
  carries: "data",
  source: source("replica"),
  ...edit,
});

const versions = (edit: Partial<Versions> = {}): Versions => ({
  kind: "versions",
  id: "versions",
  asset: "s/data",
  label: "versions",
  at: here,
  undoes: ["overwrite", "delete"],
  keptFor: term("noncurrent versions kept", "30d"),
  lock: { mode: "none", keptFor: term("locked", "0s") },
  source: source("versions"),
  ...edit,
});

/** What one path over one protection costs against one disruption: worst loss without and with a failed run, and whether it counts. */
function cost(disruption: Disruption, protection: Plan["protections"][number], edit: Partial<Plan> = {}) {
  const one = plan({
    assets: [asset({ [disruption]: ["1h", "8h"] })],
    protections: [points(), protection],
    paths: [path({ protection: protection.id, detect: [term("noticed", "10m")], steps: [step("restore", "1h")] })],
    ...edit,
  });
  const answer = assess(one, asOf)[0];
  return {
    verdict: answer?.verdict,
    rpo: answer?.chosen?.rpo.map(({ total }) => total),
    window: answer?.chosen?.window,
    dropped: answer?.dropped.find(({ declared }) => declared)?.reason,
  };
}

describe("an archive", () => {
  it("loses what it has not shipped, twice the interval when a shipment failed", () => {
    expect(cost("region", archive())).toMatchObject({ verdict: "proven", rpo: [90, 150] });
  });

  it("loses nothing before damage that is noticed after its log was shipped, and what is written until writes stop", () => {
    const noticed = 600 + 3_600;
    expect(cost("corruption", archive()).rpo).toEqual([noticed, noticed]);
  });

  it("loses what hostile credentials kept it from shipping", () => {
    const noticed = 600 + 3_600;
    const answer = cost("compromise", archive(), {
      paths: [path({ protection: "log", detect: [term("noticed", "10m")], runsAt: cleanRoom })],
    });
    expect(answer.rpo).toEqual([90 + noticed, 150 + noticed]);
  });

  it("needs its base where it is needed", () => {
    expect(
      cost("region", archive(), { protections: [points({ copies: [copy({ at: here })] }), archive()] }),
    ).toMatchObject({
      verdict: "missed",
      dropped: "the restore points it is replayed upon: bucket: in the same region, eu-central-1",
    });
  });

  it("reaches back as far as its base does", () => {
    // Daily bases kept 3 days: with one failed a moment may have a base that is 48 h 30 min older, ten minutes of which pass until the damage is noticed.
    const answer = cost("corruption", archive(), {
      protections: [points({ copies: [copy({ keptFor: term("kept", "3d") })] }), archive()],
    });
    expect(answer.window).toEqual({ needed: 600 + 3_600, available: 3 * 86_400 - (48 * 3_600 + 1_800) });
  });
});

describe("an archive of a service that keeps bases of its own", () => {
  const { base: _, ...log } = archive({ copies: [copy({ keptFor: term("kept", "3d") })] });
  const alone = { protections: [log] };

  it("loses what it has not shipped", () => {
    expect(cost("region", log, alone)).toMatchObject({ verdict: "proven", rpo: [90, 150] });
  });

  it("reaches back as far as its log is kept", () => {
    expect(cost("corruption", log, alone).window).toEqual({ needed: 600 + 3_600, available: 3 * 86_400 });
  });

  it("brings nothing back once its log is deleted before the damage is noticed and undone", () => {
    const kept = (span: string) => ({ ...log, copies: [copy({ keptFor: term("kept", span) })] });
    const verdict = (span: string) => cost("corruption", kept(span), { protections: [kept(span)] });
    // Noticed in ten minutes and restored in an hour.
    expect(verdict("70m").rpo).toEqual([4_200, 4_200]);
    expect(verdict("69m").rpo?.[1]).toEqual({ unbounded: "points reach 1h 9m back, and 1h 10m are needed" });
    expect(verdict("0s").rpo?.[1]).toEqual({ unbounded: "points reach 0s back, and 1h 10m are needed" });
  });

  it("is lost with the place where it is kept", () => {
    const near = { ...log, copies: [copy({ at: here })] };
    expect(cost("region", near, { protections: [near] })).toMatchObject({
      verdict: "missed",
      dropped: "bucket: in the same region, eu-central-1",
    });
  });
});

describe("a replica", () => {
  it("loses its lag where something enforces it, and passes 5m but not under 5m", () => {
    expect(cost("region", replica())).toMatchObject({ verdict: "proven", rpo: [300, 300] });
    const limit = (rpo: string) => cost("region", replica(), { assets: [asset({ region: [rpo, "8h"] })] }).verdict;
    expect([limit("5m"), limit("under 5m")]).toEqual(["proven", "missed"]);
  });

  it("is nothing where it copies metadata only", () => {
    expect(cost("region", replica({ carries: "metadata" })).dropped).toBe(
      "it copies names and settings, and none of the data",
    );
  });

  it.each([
    ["corruption", "copies the corruption"],
    ["compromise", "copies what hostile credentials write"],
  ] as const)("is nothing against %s", (disruption, reason) => {
    expect(cost(disruption, replica())).toMatchObject({ verdict: "missed", dropped: reason });
  });

  it("is nothing when its key is lost with the region", () => {
    const needs = [{ what: "its key", at: here, source: source("key") }];
    expect(cost("region", replica({ needs })).dropped).toBe("it needs its key, and in the same region, eu-central-1");
  });
});

describe("earlier versions", () => {
  it("lose what is written until writes stop, as long as they are kept", () => {
    expect(cost("corruption", versions())).toMatchObject({ rpo: [4_200, 4_200], window: { needed: 4_200 } });
    expect(cost("corruption", versions({ keptFor: term("kept", "1h") })).rpo?.[1]).toEqual({
      unbounded: "points reach 1h back, and 1h 10m are needed",
    });
  });

  it("are no second copy, and undo no overwriting where they keep deleted objects only", () => {
    expect(cost("region", versions()).dropped).toBe("keeps earlier versions beside the data, no second copy");
    expect(cost("corruption", versions({ undoes: ["delete"] })).dropped).toBe(
      "brings back what is deleted, not what is overwritten",
    );
  });
});

describe("shares", () => {
  const shared = (edit: object) =>
    redundancy({ id: "shares", survives: { needed: 4, total: 6, together: { node: 1, zone: 2 }, ...edit } });

  it("survive as many losses as leave enough", () => {
    expect(cost("node", shared({})).verdict).toBe("proven");
    expect(cost("zone", shared({})).verdict).toBe("proven");
    expect(cost("region", shared({})).dropped).toBe("nothing keeps its shares in more than one region");
  });

  it("survive less while planned work takes members away", () => {
    expect(cost("zone", shared({ away: 1 })).dropped).toBe(
      "a zone holds 2 of 6 shares and planned work 1: 3 are left and 4 are needed",
    );
  });
});

describe("a copy in one zone or on one node", () => {
  it.each(["node", "zone"] as const)(
    "outlives the loss of a %s in another region, and not in its own",
    (disruption) => {
      const kept = (at: Place) =>
        cost(disruption, points({ copies: [copy({ at })] }), { protections: [points({ copies: [copy({ at })] })] });
      const lone = { zones: ["a"], node: "disk" };
      expect(kept({ ...there, ...lone }).rpo).toEqual([88_800, 175_200]);
      expect(kept({ ...here, ...lone }).rpo).toBeUndefined();
    },
  );
});

describe("a copy with a schedule of its own", () => {
  it("adds what the copying job waits and takes: facts.md 11.0, 49 h and its run", () => {
    const relay = series({
      name: "relay",
      schedule: { scheduler: "kubernetes", expression: "0 3 * * *", timeZone: "Etc/UTC" },
      run: term("run", "20m"),
    });
    const taken = points({
      series: [series({ run: term("run", "90m") })],
      transfer: term("transfer", "0s"),
      copies: [copy({ at: here }), copy({ relay })],
    });
    const answer = cost("region", taken, { protections: [taken] });
    expect(answer.rpo?.[0]).toBe(49 * 3_600 + 1_200);
    expect(answer.rpo?.[1]).toBe(73 * 3_600 + 1_200);
  });
});

describe("derived data", () => {
  it("loses what its source loses and waits until that is back", () => {
    const answer = assess(
      plan({
        assets: [asset({}), asset({ region: ["30h", "3h"] }, { id: "s/index" })],
        protections: [
          points(),
          { kind: "rebuild", id: "rebuild", asset: "s/index", label: "rebuild", from: "s/data", source: source("r") },
        ],
        paths: [
          path(),
          path({ id: "reindex", asset: "s/index", protection: "rebuild", steps: [step("reindex", "2h")] }),
        ],
      }),
      asOf,
    )[0];
    expect(answer?.chosen?.rpo.map(({ total }) => total)).toEqual([88_800, 175_200]);
    expect(answer?.chosen?.rto.total).toBe(3 * 3_600);
  });
});

describe("an asset that depends on another", () => {
  it("waits for it, beside noticing and deciding", () => {
    const answer = assess(
      plan({
        assets: [asset({}), asset({ region: ["30h", "3h"] }, { id: "s/app", dependsOn: ["s/data"] })],
        protections: [points(), points({ id: "own", asset: "s/app" })],
        paths: [
          path({ detect: [term("noticed", "10m")] }),
          path({
            id: "start",
            asset: "s/app",
            protection: "own",
            detect: [term("noticed", "25m")],
            steps: [step("start", "5m")],
          }),
        ],
      }),
      asOf,
    )[0];
    // 10 min and 1 h of the database are 45 min more than the 25 min until its own steps could begin.
    expect(answer?.chosen?.rto.terms.map(({ name, value }) => [name, value])).toEqual([
      ["noticed", 1_500],
      ["s/data is back", 2_700],
      ["start", 300],
    ]);
  });

  it("has no answer where two wait for each other", () => {
    const answers = assess(
      plan({
        assets: [
          asset({ region: ["30h", "3h"] }, { dependsOn: ["s/app"] }),
          asset({ region: ["30h", "3h"] }, { id: "s/app", dependsOn: ["s/data"] }),
        ],
        protections: [points(), points({ id: "own", asset: "s/app" })],
        paths: [path(), path({ id: "start", asset: "s/app", protection: "own" })],
      }),
      asOf,
    );
    expect(answers.map(({ verdict }) => verdict)).not.toContain("proven");
  });
});

describe("a group", () => {
  const member = (id: string, expression: string, slack = "0s") =>
    points({
      id: `${id}/points`,
      asset: id,
      series: [
        series({
          schedule: { scheduler: "kubernetes", expression, timeZone: "Etc/UTC" },
          startSlack: term("start slack", slack),
          run: term("run", "0s"),
        }),
      ],
      transfer: term("transfer", "0s"),
    });
  const pair = (assets: string, database: string, slack?: string) =>
    assess(
      plan({
        assets: [
          asset({ region: ["24h", "8h"] }, { id: "s/assets" }),
          asset({ region: ["24h", "8h"] }, { id: "s/db" }),
        ],
        protections: [member("s/assets", assets, slack), member("s/db", database, slack)],
        paths: ["s/assets", "s/db"].map((id) => path({ id: `${id}/restore`, asset: id, protection: `${id}/points` })),
        groups: [
          {
            id: "s/pair",
            members: [
              { asset: "s/assets", refersTo: [] },
              { asset: "s/db", refersTo: ["s/assets"] },
            ],
            source: source("pair"),
          },
        ],
      }),
      asOf,
    ).map(({ chosen }) => chosen?.rpo[0].total);

  it.each([
    ["oracle 12: assets on Sundays, database daily", "0 1 * * 0", "0 2 * * *", undefined, 191 * 3_600],
    ["assets on Mondays and Tuesdays, database on Tuesdays", "0 2 * * 1,2", "0 2 * * 2", undefined, 168 * 3_600],
    ["both at the same time", "0 2 * * *", "0 2 * * *", undefined, 24 * 3_600],
    ["both at the same time, give or take a minute", "0 2 * * *", "0 2 * * *", "60s", 48 * 3_600 + 60],
  ])("loses what its members have in common: %s", (_, assets, database, slack, lost) => {
    expect(pair(assets, database, slack)).toEqual([lost, lost]);
  });
});
