import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../../policies/graph";
import { edit, messages, type Parts, read } from "../program";
import { asset, native, promised, tags } from "./parts";

const find = `HoldfastRestorePoints_CL | where Asset == "${asset}"`;

/** A rule that fires when no restore point has come for an hour. */
function watched(query = find): Parts {
  return {
    ...promised({ "alarm-delivery": "5m" }),
    account: native("storage:StorageAccount", "lake", { accountName: "lake", sku: { name: "Standard_ZRS" }, tags }),
    rule: native("monitor:ScheduledQueryRule", "Stale", {
      ruleName: "Stale",
      description: "No copy has come.",
      severity: 1,
      enabled: true,
      windowSize: "PT1H",
      evaluationFrequency: "PT5M",
      criteria: { allOf: [{ query, operator: "LessThan", threshold: 1, timeAggregation: "Count" }] },
      actions: { actionGroups: ["/subscriptions/s/providers/microsoft.insights/actionGroups/on-call"] },
      tags: { ...tags, holdfast_guards: "freshness", holdfast_runbook: "https://example.com/Stale.md" },
    }),
    group: native("insights:ActionGroup", "on-call", {
      actionGroupName: "on-call",
      enabled: true,
      emailReceivers: [{ name: "a", emailAddress: "on-call@example.com" }],
    }),
  };
}

function alertOf(parts: Parts) {
  return read(parts).plan.alerts.find(({ name }) => name === "Stale");
}

const condition = (key: string, value: Value) => edit(watched(), "rule", `criteria.allOf[0].${key}`, value);

describe("a rule of Azure Monitor that counts the lines of restore points", () => {
  it("tells of an age of its window since one was complete, and of silence, and who is told", () => {
    expect(alertOf(watched())).toMatchObject({
      asset,
      guards: "freshness",
      threshold: 3_600,
      ageFrom: "completion",
      coversAbsence: true,
      severity: "critical",
      complete: true,
      service: "Azure Monitor",
    });
    expect(alertOf(watched())).not.toHaveProperty("flaw");
    expect(alertOf(watched())?.detect.map(({ value }) => value)).toEqual([3_600, 300, 300]);
  });

  it("looks back as far as it is told to, and at as many windows as must fail", () => {
    expect(alertOf(edit(watched(), "rule", "overrideQueryTimeRange", "P1D"))?.threshold).toBe(86_400);
    const failing = condition("failingPeriods", { numberOfEvaluationPeriods: 3, minFailingPeriodsToAlert: 3 });
    expect(alertOf(failing)?.detect[0]?.value).toBe(3 * 3_600);
    expect(alertOf(edit(watched(), "rule", "windowSize", "an hour"))?.threshold).toHaveProperty("unknown");
  });

  it("may ask for one kind of point, or for one protection", () => {
    expect(alertOf(watched(`${find} and Role == "full"`))).toMatchObject({ role: "full" });
    expect(alertOf(watched(`${find} and Protection == "clones"`))).toMatchObject({ protection: `${asset}/clones` });
  });

  it.each<[string, Parts, unknown]>([
    ["another asset", watched(find.replace(asset, "nucleus/other")), "its query asks for nucleus/other"],
    ["more than a reader knows", watched(`${find} | take 1`), { unknown: expect.stringContaining("no reader knows") }],
    ["a query nobody knows", condition("query", UNKNOWN), { unknown: expect.stringContaining("not known") }],
    ["dimensions", condition("dimensions", [{ name: "a" }]), expect.stringContaining("splits by dimensions")],
    ["a sum", condition("timeAggregation", "Total"), expect.stringContaining("less than one")],
    ["five lines", condition("threshold", 5), expect.stringContaining("less than one")],
    ["too many lines", condition("operator", "GreaterThan"), expect.stringContaining("less than one")],
    ["two conditions", edit(watched(), "rule", "criteria.allOf[1]", {}), expect.stringContaining("not one condition")],
    [
      "nobody's group",
      edit(watched(), "group", "actionGroupName", "others"),
      { unknown: expect.stringContaining("name no group") },
    ],
    [
      "a group without receivers",
      edit(watched(), "group", "emailReceivers", []),
      expect.stringContaining("no receiver"),
    ],
    ["itself off", edit(watched(), "rule", "enabled", false), expect.stringContaining("not enabled")],
  ])("notices nothing with %s", (_, parts, flaw) => {
    expect(alertOf(parts)?.flaw).toEqual(flaw);
  });

  it("says whose it is, or is none", () => {
    expect(messages(edit(watched(), "rule", "tags.holdfast_guards", "everything")).join()).toContain("holdfast_guards");
    expect(messages(edit(watched(), "rule", "tags.holdfast_asset", "nucleus/other")).join()).toContain(
      "nothing promises",
    );
    expect(alertOf(edit(watched(), "rule", "tags", {}))).toBeUndefined();
  });
});
