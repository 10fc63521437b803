import type { Log, Result } from "sarif";
import { describe, expect, test } from "vitest";
import { type Meta, type Sourced, sarif } from "../../evidence";
import { rules } from "../../policies/rules";
import type { Judgement } from "../../recovery/finding";
import { broken, from, healthy, meta } from "./judgement";

const bucket = from("Bucket omendb-restore-points");
const positions = new Map([[bucket.resource, "systems/omendb/backups.ts:21"]]);

function log(judgement: Judgement, about: Meta = meta, more: Partial<Sourced> = {}): Log {
  return JSON.parse(sarif(judgement, about, { rules, positions, ...more })) as Log;
}

function results(judgement: Judgement, about?: Meta, more?: Partial<Sourced>): Result[] {
  return log(judgement, about, more).runs[0]?.results ?? [];
}

function of(rule: string, all: readonly Result[]): Result | undefined {
  return all.find(({ ruleId }) => ruleId === rule);
}

test("a plan without findings lists every rule and no result", () => {
  const [run] = log(healthy()).runs;
  expect(run?.results).toEqual([]);
  expect(run?.tool.driver.rules?.map(({ id }) => id)).toEqual(rules.map(({ name }) => name));
  expect(run?.tool.driver.rules?.[0]).toEqual({
    id: "rpo-is-met",
    name: "RpoIsMet",
    shortDescription: { text: rules[0]?.description },
    fullDescription: { text: rules[0]?.description },
    help: { text: `${rules[0]?.remediation}\n\nEvidence for: ${rules[0]?.controls.join("; ")}` },
    defaultConfiguration: { level: "error" },
    properties: {
      tags: ["recovery", ...(rules[0]?.controls ?? [])],
      precision: "very-high",
      "problem.severity": "error",
      severity: "critical",
    },
  });
});

test("each stack has a category of its own, so that one does not close the findings of another", () => {
  const category = (about: Partial<Meta>) => log(healthy(), { ...meta, ...about }).runs[0]?.automationDetails?.id;
  expect(category({})).toBe("holdfast/prod/");
  expect(category({ stack: "staging" })).toBe("holdfast/staging/");
  expect(category({ program: "examples/shop" })).toBe("holdfast/examples/shop/prod/");
});

test("one cause is one result, however many assets it concerns", () => {
  const all = results(broken());
  expect(all.map(({ ruleId, level }) => [ruleId, level])).toEqual([
    ["rpo-is-met", "error"],
    ["a-copy-cannot-be-deleted", "error"],
    ["alerts-have-runbooks", "warning"],
    ["runs-do-not-overlap", "note"],
  ]);
  expect(of("a-copy-cannot-be-deleted", all)?.properties).toEqual({
    assets: ["omendb/certificate", "omendb/config", "omendb/data", "omendb/users"],
    disruptions: ["compromise"],
    cannotProve: true,
  });
});

test("the message begins with the promise and the fact, then the calendar, then what mends it", () => {
  expect(of("rpo-is-met", results(broken()))?.message.text).toMatchInlineSnapshot(`
    "omendb/data · region · RPO is under 15m, the plan can lose 4h 2m 10s (2h 2m 10s).
    Thu 31 Dec 20:00 UTC incremental starts: the newest state that will be usable
    Thu 31 Dec 22:00 UTC incremental fails
    Fri 1 Jan 2027 00:00:10 UTC incremental starts, as late as 10s
    Fri 1 Jan 2027 00:02:10 UTC just before it is usable, the region is lost
    → lost 4h 2m 10s, 2h 2m 10s with every run succeeding; RPO is under 15m
    binding: longest gap with one failed run of CronJob omendb-backup-incremental, spec.schedule 0 */2 * * *: 12m 49s at most
    fix: spec.schedule of CronJob omendb-backup-incremental: "*/3 * * * *"
    checked: RPO 8m 10s (under 15m), RTO 42m 30s (under 1h)"
  `);
});

test("a waived finding is a note, suppressed by its waiver", () => {
  const all = results(broken());
  expect(of("runs-do-not-overlap", all)?.suppressions).toEqual([
    {
      kind: "external",
      status: "accepted",
      justification: "until 2026-12-15 by db-team: the upgrade job needs it (OPS-12)",
    },
  ]);
  expect(of("rpo-is-met", all)?.suppressions).toEqual([]);
});

test("a rule that the pack does not have has no place in the list", () => {
  const all = results(broken());
  expect(of("alerts-have-runbooks", all)).not.toHaveProperty("ruleIndex");
  expect(of("rpo-is-met", all)?.ruleIndex).toBe(0);
});

describe("a result is shown", () => {
  const place = (about: Partial<Meta>, at: string | undefined) => {
    const known = new Map(at === undefined ? [] : [[bucket.resource, at]]);
    const found = of("a-copy-cannot-be-deleted", results(broken(), { ...meta, ...about }, { positions: known }));
    const { artifactLocation, region } = found?.locations?.[0]?.physicalLocation ?? {};
    return `${artifactLocation?.uri}:${region?.startLine}`;
  };

  test.each([
    ["where its resource is declared", ".", "systems/omendb/backups.ts:21", "systems/omendb/backups.ts:21"],
    ["below the program's folder", "examples/shop", "index.ts:7", "examples/shop/index.ts:7"],
    ["at a name with a space and a colon", ".", "my shop/a:1.ts:9", "my%20shop/a:1.ts:9"],
    ["at the project where no line is known", "examples/shop", undefined, "examples/shop/Pulumi.yaml:1"],
  ])("%s", (_, program, at, shown) => {
    expect(place({ program }, at)).toBe(shown);
  });

  test("with the resource and the property it was read from", () => {
    expect(of("a-copy-cannot-be-deleted", results(broken()))?.locations?.[0]?.logicalLocations).toEqual([
      {
        name: "Bucket omendb-restore-points",
        fullyQualifiedName: `${bucket.resource} · objectLockConfiguration.rule.defaultRetention`,
        kind: "resource",
      },
    ]);
  });
});

describe("the fingerprint of a cause", () => {
  const prints = (judgement: Judgement, at?: ReadonlyMap<string, string>) =>
    results(judgement, meta, at === undefined ? {} : { positions: at }).map(
      ({ partialFingerprints }) => partialFingerprints?.primaryLocationLineHash,
    );
  const changed = (change: (judgement: Judgement) => void) => {
    const judgement = broken();
    change(judgement);
    return judgement;
  };

  test("differs from that of every other cause", () => {
    const twice = changed(({ findings }) => {
      findings.push(...findings.map((one) => ({ ...one, message: `${one.message} again` })));
    });
    expect(new Set(prints(twice)).size).toBe(8);
  });

  test("stays when lines move and numbers change", () => {
    const slower = changed(({ findings }) => {
      for (const one of findings) one.message = one.message.replace("4h", "5h");
    });
    expect(prints(slower, new Map())).toEqual(prints(broken()));
  });

  test("changes with the asset that is concerned", () => {
    const other = changed(({ findings }) => {
      for (const one of findings) one.assets = ["omendb/other"];
    });
    expect(prints(other).filter((one) => prints(broken()).includes(one))).toEqual([]);
  });
});

test("the same judgement gives the same bytes, in whatever order its findings come", () => {
  const turned = broken();
  turned.findings.reverse();
  expect(sarif(turned, meta, { rules, positions })).toBe(sarif(broken(), meta, { rules, positions }));
});
