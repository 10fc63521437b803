import { describe, expect, it } from "vitest";
import { type Assessment, assess, type Bound, duration, formatBound, type Plan } from "../../recovery";
import { asOf, asset, copy, path, plan, points, redundancy, series, step, term, there } from "./build";

const only = (one: Plan): Assessment => {
  const [assessment] = assess(one, asOf);
  if (assessment === undefined) throw new Error("nothing was assessed");
  return assessment;
};

const losses = (
  edit: Parameters<typeof series>[0],
  extra: Parameters<typeof points>[0] = {},
): (string | undefined)[] => {
  const protections = [points({ series: [series(edit)], ...extra })];
  const rpo = only(plan({ protections })).chosen?.rpo.map((sum) => formatBound(sum.total));
  return rpo ?? [];
};

const at = (expression: string, timeZone = "Etc/UTC") => ({
  schedule: { scheduler: "kubernetes" as const, expression, timeZone },
});

describe("worst-case loss of scheduled restore points (oracles of facts.md 11.6)", () => {
  it.each([
    ["1: daily 02:00 UTC, 30 minutes, 10 to transfer", {}, {}, ["24h 40m", "48h 40m"]],
    [
      "2: the same in Europe/Berlin, where a spring run is skipped",
      at("0 2 * * *", "Europe/Berlin"),
      {},
      ["47h 40m", "71h 40m"],
    ],
    [
      "4: weekly Sunday 01:00 in Europe/London, 6 hours",
      { ...at("0 1 * * 0", "Europe/London"), run: term("run", "6h") },
      { transfer: term("transfer", "0s") },
      ["14d 5h", "21d 5h"],
    ],
    [
      "6: hourly, up to an hour late, 20 minutes",
      { ...at("0 * * * *"), startSlack: term("slack", "1h"), run: term("run", "20m") },
      { transfer: term("transfer", "0s") },
      ["2h 20m", "3h 20m"],
    ],
    [
      "9: hourly runs of 90 minutes under Forbid: one that starts late drops two ticks",
      { ...at("0 * * * *"), run: term("run", "90m"), startSlack: term("slack", "30m") },
      { transfer: term("transfer", "0s") },
      ["4h", "6h"],
    ],
    [
      "9: the same without time to catch up",
      { ...at("0 * * * *"), run: term("run", "90m") },
      { transfer: term("transfer", "0s") },
      ["3h 30m", "5h 30m"],
    ],
    [
      "9: under Replace no run ever ends",
      { ...at("0 * * * *"), run: term("run", "90m"), overlap: "replace" as const },
      {},
      ["unbounded", "unbounded"],
    ],
    [
      "a run without a deadline bounds nothing",
      { run: term("run", { unbounded: "no deadline" }) },
      {},
      ["unbounded", "unbounded"],
    ],
    [
      "an unknown start slack is unknown",
      { startSlack: term("slack", { unknown: "not yet" }) },
      {},
      ["unknown", "unknown"],
    ],
    ["a suspended schedule takes no points", { suspended: true }, {}, ["unbounded", "unbounded"]],
  ])("%s", (_, edit, extra, expected) => {
    expect(losses(edit, extra)).toEqual(expected);
  });

  it("takes fulls and incrementals as one stream where that says more: a full on Sunday, increments on other days", () => {
    const week = [series(at("0 2 * * 0")), series({ name: "increments", role: "incremental", ...at("0 2 * * 1-6") })];
    const protections = [points({ series: week, transfer: term("transfer", "0s") })];
    expect(only(plan({ protections })).chosen?.rpo.map((sum) => formatBound(sum.total))).toEqual([
      "24h 30m",
      "48h 30m",
    ]);
  });

  it("lets incrementals decide how fresh the newest point is", () => {
    const chain = [
      series(),
      series({ name: "increments", role: "incremental", ...at("*/3 * * * *"), run: term("run", "2m") }),
    ];
    const protections = [points({ series: chain, transfer: term("transfer", "0s") })];
    expect(only(plan({ protections })).chosen?.rpo.map((sum) => formatBound(sum.total))).toEqual(["5m", "8m"]);
  });
});

describe("damage that is noticed later", () => {
  const damaged = (edit: {
    detect: string;
    decide: string;
    restore: string;
    kept: string;
    capture: "start" | "fuzzy";
    run: string;
  }) =>
    only(
      plan({
        assets: [asset({ corruption: ["300h", "300h"] })],
        protections: [
          points({
            capture: edit.capture,
            series: [series({ run: term("run", edit.run) })],
            transfer: term("transfer", "0s"),
            copies: [copy({ keptFor: term("kept", edit.kept) })],
          }),
        ],
        paths: [
          path({
            detect: [term("notice", edit.detect)],
            decide: [term("decide", edit.decide)],
            steps: [
              step("stop", "0s", { stopsWrites: true }),
              step("restore", edit.restore, { restores: true, after: ["stop"] }),
            ],
          }),
        ],
      }),
    );
  const part = (assessment: Assessment, which: "before" | "after", missed: 0 | 1): number =>
    (assessment.chosen?.rpo[missed].terms ?? [])
      .filter((one) => one.part === which)
      .reduce((all, one) => all + Number(one.value), 0);

  it("20: three days to notice, one hour to decide: 24h before, 73h after", () => {
    const answer = damaged({ detect: "3d", decide: "1h", restore: "4h", kept: "30d", capture: "start", run: "0s" });
    expect([part(answer, "before", 0), part(answer, "after", 0)]).toEqual([duration("24h"), duration("73h")]);
  });

  it("22: noticed within ten minutes, the copy in flight is not usable: 24h30m before", () => {
    const answer = damaged({ detect: "10m", decide: "0s", restore: "1h", kept: "30d", capture: "start", run: "40m" });
    expect(part(answer, "before", 0)).toBe(duration("24h30m"));
  });

  it("counts the whole run of a fuzzy capture, which is clean only if it ended before", () => {
    const answer = damaged({ detect: "3d", decide: "0s", restore: "1h", kept: "30d", capture: "fuzzy", run: "40m" });
    expect(part(answer, "before", 0)).toBe(duration("24h40m"));
  });

  it("misses when the clean point is deleted before anybody notices", () => {
    const short = damaged({ detect: "8d", decide: "0s", restore: "1h", kept: "7d", capture: "start", run: "0s" });
    expect([short.verdict, short.broken]).toEqual(["missed", ["rpo", "window"]]);
  });
});

describe("survival comes before choice", () => {
  const region: Parameters<typeof asset>[0] = { region: ["30h", "2h"] };

  it("drops storage for corruption, since it copies the damage", () => {
    const answer = only(
      plan({
        assets: [asset({ corruption: ["30h", "2h"] })],
        protections: [redundancy()],
        paths: [path({ protection: "storage" })],
      }),
    );
    expect(answer.verdict).toBe("missed");
    expect(answer.dropped[0]?.reason).toBe("copies the corruption");
  });

  it("drops a copy in the same region when the region is lost", () => {
    const answer = only(
      plan({ protections: [points({ copies: [copy({ at: { ...there, region: "eu-central-1" } })] })] }),
    );
    expect(answer.dropped[0]?.reason).toBe("bucket: in the same region, eu-central-1");
  });

  it.each([
    ["governance", "its lock is in governance mode, which a permission bypasses"],
    ["none", "no lock keeps hostile credentials from deleting it"],
  ] as const)("drops a copy whose lock is %s when credentials turn hostile", (mode, reason) => {
    const answer = only(
      plan({
        assets: [asset({ compromise: ["30h", "2h"] })],
        protections: [points({ copies: [copy({ lock: { mode, keptFor: term("locked", "45d") } })] })],
        paths: [path({ runsAt: { ...there, deployed: false } })],
      }),
    );
    expect(answer.dropped[0]?.reason).toBe(`bucket: ${reason}`);
  });

  it("23: takes RPO and RTO from one path, never the best of two", () => {
    const slowReplica = path({ id: "replica", protection: "storage", steps: [step("promote", "6h")] });
    const answer = only(
      plan({
        assets: [asset({ zone: ["1h", "2h"] })],
        protections: [redundancy({ loss: [term("lag", "15m")] }), points()],
        paths: [slowReplica, path({ steps: [step("restore", "1h")] })],
      }),
    );
    expect(answer.verdict).toBe("missed");
  });

  it("calls a place that cannot be read neither kept nor lost", () => {
    const answer = only(
      plan({
        assets: [asset(region)],
        protections: [points({ copies: [copy({ at: { unknown: "its provider is not known" } })] })],
      }),
    );
    expect(answer.verdict).toBe("cannot prove");
  });

  it.each([
    ["under 25h", "missed"],
    ["24h40m", "missed"],
    ["48h40m", "proven"],
    ["under 48h40m", "missed"],
  ])("compares the loss with one failed run against %s: %s", (rpo, verdict) => {
    expect(only(plan({ assets: [asset({ region: [rpo, "2h"] })] })).verdict).toBe(verdict);
  });

  it("is assumed as soon as one number is", () => {
    const steps = [{ ...step("restore", "1h"), bound: term("restore", "1h", "assumed") }];
    expect(only(plan({ assets: [asset({ region: ["50h", "2h"] })], paths: [path({ steps })] })).verdict).toBe(
      "assumed",
    );
  });
});

describe("the counterexample", () => {
  it("ends at the very loss the verdict claims, in dates of the calendar", () => {
    const answer = only(plan({ assets: [asset({ region: ["24h", "2h"] })] }));
    const [start, , , end] = answer.counterexamples.rpo?.events ?? [];
    const claimed: Bound | undefined = answer.chosen?.rpo[1].total;
    expect(Number(end?.at) - Number(start?.at)).toBe(claimed);
    expect(answer.counterexamples.rpo?.conclusion).toBe("lost 48h 40m, 24h 40m with every run succeeding; RPO is 24h");
  });

  it("names the binding term and the most it may be", () => {
    const answer = only(plan({ assets: [asset({ region: ["24h", "2h"] })] }));
    expect([answer.bindings.rpo?.term.name, answer.bindings.rpo?.largest]).toEqual([
      "longest gap with one failed run",
      duration("23h20m"),
    ]);
  });
});
