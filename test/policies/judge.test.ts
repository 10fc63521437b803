import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../policies/graph";
import { blocking, judge } from "../../policies/judge";
import { rules } from "../../policies/rules";
import type { Finding, Judgement, Note } from "../../recovery";
import { asOf, asset, declaredGraph, edit, healthy, type Parts, registered, resource } from "./observe/program";

const judged = (parts: Parts): Judgement => judge(declaredGraph(parts), asOf);
const of = (judgement: Judgement, rule: string, disruption?: string): Finding[] =>
  judgement.findings.filter((one) => one.rule === rule && (disruption === undefined || one.disruption === disruption));
const notes = (judgement: Judgement, kind: Note["kind"]): string[] =>
  judgement.notes.filter((note) => note.kind === kind).map(({ message }) => message);

/** A waiver of the healthy program's lack of a way back from hostile credentials and from damage. */
const waiver = (more: Record<string, Value> = {}): Record<string, Value> => ({
  rule: "rpo-is-met",
  asset,
  owner: "platform",
  reason: "the clean room is being built",
  ticket: "OPS-42",
  expires: "2027-03-01",
  ...more,
});
const waiving = (more?: Record<string, Value>, parts = healthy()) => judged(registered(parts, "waivers", waiver(more)));

/** A Lease so long that one cause breaks the promises for processes and for zones. */
const slowLease = () => edit(healthy(), "lease", "spec.leaseDurationSeconds", 900);

describe("judge", () => {
  it("judges one graph and date once", () => {
    const graph = declaredGraph(healthy());
    const first = judge(graph, asOf);
    expect(judge(graph, asOf)).toBe(first);
    expect(judge(graph, asOf + 86_400)).not.toBe(first);
    expect(judge(graph, asOf)).toBe(first);
  });

  it("does not take one graph for another that looks the same", () => {
    expect(judged(healthy())).toEqual(judged(healthy()));
    expect(judged(healthy())).not.toBe(judged(healthy()));
  });

  it.each([
    ["healthy", healthy()],
    ["broken", registered(slowLease(), "waivers", waiver())],
  ])("says the same of a %s program in whatever order its resources come", (_, parts) => {
    const { resources } = declaredGraph(parts);
    const expected = judged(parts);
    const every = { minLength: resources.length, maxLength: resources.length };
    fc.assert(
      fc.property(fc.shuffledSubarray([...resources], every), (shuffled) => {
        expect(judge({ resources: shuffled }, asOf)).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  it("gives each finding the level of its rule, and lists findings in the order of the rules", () => {
    const { findings } = judged(slowLease());
    const order = rules.map(({ name }) => name);
    const places = findings.map(({ rule }) => order.indexOf(rule));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(findings.map(({ level }) => level)).toEqual(places.map((place) => rules[place]?.level));
  });

  it("stops a deployment over what it cannot prove, like over what it knows to be wrong", () => {
    const found = blocking(judged(edit(healthy(), "incremental", "spec.schedule", UNKNOWN)));
    const unproven = found.filter((one) => one.cannotProve);
    expect(unproven.map(({ rule }) => rule)).toEqual([
      "rpo-is-met",
      "schedules-run",
      "restores-fit-their-deadline",
      "each-objective-has-an-alert",
    ]);
  });

  it.each([
    ["nothing", []],
    ["nothing that says anything about recovery", [resource("random:index/randomPet:RandomPet", "pet", {})]],
  ])("recognises no asset in %s", (_, resources) => {
    const { plan, assessments, resources: count } = judge({ resources }, asOf);
    expect([plan.assets, assessments, count]).toEqual([[], [], resources.length]);
  });
});

describe("a waiver", () => {
  it("marks the findings of its rule and asset, and they stay visible but no longer block", () => {
    const judgement = waiving();
    const found = of(judgement, "rpo-is-met");
    expect(found.map(({ disruption, waiver }) => [disruption, waiver?.ticket])).toEqual([
      ["corruption", "OPS-42"],
      ["compromise", "OPS-42"],
    ]);
    expect(blocking(judgement)).toEqual(judgement.findings.filter(({ rule }) => rule !== "rpo-is-met"));
    expect(notes(judgement, "waiver")).toEqual(Array(2).fill("rpo-is-met is waived until 2027-03-01"));
  });

  it("with a disruption covers that one only", () => {
    const judgement = waiving({ disruption: "compromise" });
    expect(of(judgement, "rpo-is-met", "compromise")[0]?.waiver?.ticket).toBe("OPS-42");
    expect(blocking(judgement)).toContain(of(judgement, "rpo-is-met", "corruption")[0]);
  });

  it.each([
    ["another rule", { rule: "rto-is-met" }],
    ["another asset", { asset: "omendb/other" }],
    ["a disruption that breaks nothing", { disruption: "zone" }],
  ])("of %s covers nothing here", (_, more) => {
    expect(waiving(more).findings.filter((one) => one.waiver)).toEqual([]);
  });

  it("counts through its last day", () => {
    const parts = registered(healthy(), "waivers", waiver({ expires: "2026-11-21" }));
    expect(judge(declaredGraph(parts), asOf + 86_399).findings.filter((one) => one.waiver)).toHaveLength(2);
    expect(judge(declaredGraph(parts), asOf + 86_400).findings.filter((one) => one.waiver)).toEqual([]);
  });

  it("that expired covers nothing, and is a finding itself", () => {
    const judgement = waiving({ expires: "2026-11-20" });
    expect(judgement.findings.filter((one) => one.waiver)).toEqual([]);
    expect(blocking(judgement).filter(({ rule }) => rule === "links-resolve")).toMatchObject([
      {
        message:
          "waiver rpo-is-met for omendb/data expired on 2026-11-20: renew it with a reason, or mend what it stands for",
      },
    ]);
  });

  it("never covers a finding that also breaks other promises, whatever it names", () => {
    for (const more of [{}, { disruption: "process" }, { disruption: "zone" }]) {
      const [process] = of(waiving({ rule: "rto-is-met", ...more }, slowLease()), "rto-is-met", "process");
      expect(process?.also).toEqual([
        expect.stringMatching(/^omendb\/data · zone: RTO is under 15m, the plan can take/),
      ]);
      expect(process).not.toHaveProperty("waiver");
    }
  });
});

describe("notes", () => {
  it("name each assumption that a verdict rests on, with who answers for it and the drill that ends it", () => {
    const judgement = judged(healthy());
    expect(notes(judgement, "assumption")).toContain(
      "omendb-acknowledge: not measured yet (owner: platform, until 2027-03-01, drill: omendb-restore)",
    );
    expect(notes(judgement, "undrilled").map((one) => one.split(":")[0])).toEqual(["omendb-undrilled"]);
    expect(notes(judgement, "assumption").join()).not.toContain("omendb-detection");
  });

  it("call an entry expiring in its last 30 days, an unused assumption never", () => {
    const ending = (entry: number, expires: string) =>
      notes(judged(edit(healthy(), "register", `assumptions[${entry}].expires`, expires)), "expiring");
    const [acknowledge, detection] = [0, 2];
    expect(ending(acknowledge, "2026-12-20")).toEqual([
      "assumption omendb-acknowledge ends on 2026-12-20 (owner: platform)",
    ]);
    expect(ending(acknowledge, "2026-12-21")).toEqual([]);
    expect(ending(detection, "2026-12-20")).toEqual([]);
  });

  it("call a waiver expiring whether or not it still covers anything", () => {
    const message = ["waiver of rto-is-met ends on 2026-12-20 (owner: platform)"];
    expect(notes(waiving({ rule: "rto-is-met", expires: "2026-12-20" }), "expiring")).toEqual(message);
    expect(notes(waiving({ rule: "rto-is-met", expires: "2026-12-21" }), "expiring")).toEqual([]);
  });

  it("name what keeps a promise when a faster path no longer does", () => {
    const loose = edit(healthy(), "deployment", "spec.template.spec.topologySpreadConstraints", []);
    expect(notes(judged(loose), "kept-by")).toEqual([
      "omendb/data · node is kept by reschedule; lease takeover does not hold: all its pods may be on one node: no constraint with topologyKey kubernetes.io/hostname spreads them",
    ]);
  });

  it("say nothing of a lost path that would be slower than the one that stands", () => {
    const judgement = judged(healthy());
    const slower = judgement.plan.paths.filter(({ excluded }) => excluded.zone !== undefined);
    expect(slower.map(({ label }) => label)).toEqual(["reschedule"]);
    expect(notes(judgement, "kept-by")).toEqual([]);
  });
});
