import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  heartbeatDetection,
  heartbeatGap,
  type PrometheusSettings,
  probeBudget,
  probeDetection,
  prometheusDetection,
  seconds,
} from "../../../recovery";
import { source } from "../build";
import { count, type Given, keepsTheLaws, listed, span, total } from "./laws";

const alert = (given: Record<keyof PrometheusSettings, Given>) =>
  prometheusDetection({
    scrape: span(given.scrape),
    scrapeTimeout: span(given.scrapeTimeout),
    evaluation: span(given.evaluation),
    for: span(given.for),
    wait: span(given.wait),
  });
const usual = { scrape: 30, scrapeTimeout: 10, evaluation: 30, for: 60, wait: 30 };

describe("what an alert of Prometheus waits for", () => {
  it.each([
    ["a group that is new", usual, 160],
    ["a group that was notified already, 300 s", { ...usual, wait: 300 }, 430],
    ["20 s that are two evaluations", { scrape: 15, scrapeTimeout: 10, evaluation: 15, for: 20, wait: 30 }, 100],
    ["nothing to hold", { ...usual, for: 0 }, 100],
    ["exactly one evaluation", { ...usual, for: 30 }, 130],
    ["a second more than one evaluation", { ...usual, for: 31 }, 160],
  ])("adds up with %s", (_what, given, expected) => {
    expect(total(alert(given))).toBe(expected);
  });

  it("is told term by term", () => {
    expect(listed(alert({ ...usual, for: 40 }))).toEqual([
      ["scrape", 30],
      ["scrape timeout", 10],
      ["evaluation", 30],
      ["alert holds", 60],
      ["notification", 30],
    ]);
  });

  it("holds exactly as long as it says where evaluations take no time", () => {
    expect(listed(alert({ ...usual, evaluation: 0, for: 40 }))[3]).toEqual(["alert holds", 40]);
  });

  it("says which facts and which register entry it rests on", () => {
    const fact = { ...span(30), facts: ["monitoring.evaluation-interval"] };
    const entry = { ...span(60), grade: "assumed" as const, assumption: "for-how-long" };
    const [, , evaluation, holds] = prometheusDetection({
      scrape: span(30),
      scrapeTimeout: span(10),
      evaluation: fact,
      for: entry,
      wait: span(30),
    });
    expect(evaluation).toMatchObject({ grade: "guaranteed", facts: fact.facts });
    expect(holds).toMatchObject({ grade: "assumed", assumption: "for-how-long", facts: fact.facts });
  });

  it("holds by a register entry where the evaluations do", () => {
    const entry = { ...span(30), grade: "assumed" as const, assumption: "how-often" };
    const settings = { scrape: span(30), scrapeTimeout: span(10), evaluation: entry, for: span(60), wait: span(30) };
    expect(prometheusDetection(settings)[3]).toMatchObject({ grade: "assumed", assumption: "how-often" });
  });

  it("keeps the laws", () => {
    keepsTheLaws({
      spans: ["scrape", "scrapeTimeout", "evaluation", "for", "wait"],
      notMonotone: ["evaluation"],
      total: (given) => total(alert(given)),
    });
  });

  it("takes no less time with evaluations several times as far apart", () => {
    const some = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(some, some, fc.integer({ min: 1, max: 9 }), (evaluation, holds, often) => {
        const often1 = total(alert({ ...usual, for: holds, evaluation }));
        const seldom = total(alert({ ...usual, for: holds, evaluation: evaluation * often }));
        expect(Number(seldom)).toBeGreaterThanOrEqual(Number(often1));
      }),
    );
  });
});

describe("a heartbeat", () => {
  it.each([
    [300, 300, 600],
    [60, 180, 240],
    [60, 60, 120],
    [300, 60, 300],
    [900, 1_200, 1_800],
  ])("of a group looked at each %i s and repeated after %i s comes every %i s at worst", (group, repeat, gap) => {
    expect(heartbeatGap(seconds(group), seconds(repeat))).toBe(gap);
  });

  const beat = (silence: Given, group: Given, repeat: Given) =>
    heartbeatDetection({ silence: span(silence), groupInterval: span(group), repeatInterval: span(repeat) });

  it("is missed when it stays away longer than somebody outside waits", () => {
    expect(listed(beat(300, 60, 60))).toEqual([["heartbeat stays away", 300]]);
  });

  it("is missed on healthy days where nobody waits for longer than the gap between two, and then tells nothing", () => {
    expect(total(beat(121, 60, 60))).toBe(121);
    expect(total(beat(120, 60, 60))).toEqual({
      unbounded:
        "a heartbeat is awaited for 2m, but comes every 2m at worst: it is missed on healthy days, and nobody believes it",
    });
  });

  it("has a gap that grows with both intervals, and no gap where Alertmanager has none", () => {
    expect(heartbeatGap(seconds(0), seconds(60))).toHaveProperty("unknown");
    const some = fc.integer({ min: 1, max: 3_600 });
    fc.assert(
      fc.property(some, some, fc.nat(600), (group, repeat, more) => {
        const gap = Number(heartbeatGap(seconds(group), seconds(repeat)));
        expect(gap).toBeGreaterThan(repeat);
        expect(gap).toBeLessThanOrEqual(repeat + group);
        expect(Number(heartbeatGap(seconds(group), seconds(repeat + more)))).toBeGreaterThanOrEqual(gap);
      }),
    );
  });

  it("is as unknown and as unbounded as what it is made of", () => {
    for (const given of [{ unknown: "not yet" }, { unbounded: "no limit" }]) {
      expect(total(beat(given, 60, 60))).toEqual(given);
      expect(total(beat(300, given, 60))).toEqual(given);
      expect(total(beat(300, 60, given))).toEqual(given);
    }
  });
});

describe("a probe of the kubelet", () => {
  const probe = (given: Record<"initialDelay" | "period" | "timeout" | "failures", Given>) => ({
    initialDelay: span(given.initialDelay).value,
    period: span(given.period).value,
    timeout: span(given.timeout).value,
    failures: count(given.failures).value,
  });
  const defaults = { initialDelay: 0, period: 10, timeout: 1, failures: 3 };

  it.each([
    ["by default", defaults, 31, 30],
    ["after an initial delay", { ...defaults, initialDelay: 60 }, 91, 90],
    ["that takes longer than its period", { ...defaults, timeout: 20 }, 80, 60],
    ["with one failure allowed", { ...defaults, failures: 1 }, 11, 10],
  ])("%s notices a hang in time, and gives up a start", (_what, given, hang, start) => {
    expect([probeDetection(probe(given)), probeBudget(probe(given))]).toEqual([hang, start]);
  });

  it("keeps the laws", () => {
    const arguments_ = { spans: ["initialDelay", "period", "timeout"] as const, counts: ["failures"] as const };
    keepsTheLaws({ ...arguments_, total: (given) => probeDetection(probe(given)) });
    keepsTheLaws({ ...arguments_, total: (given) => probeBudget(probe(given)) });
  });
});

it("terms are read where their setting was", () => {
  const [scrape] = alert(usual);
  expect(scrape?.source).toEqual(source("setting"));
});
