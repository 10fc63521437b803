import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import { describe, expect, test } from "vitest";
import { type Against, json, markdown, terminal } from "../../evidence";
import { comparedParts } from "../../evidence/comparison";
import { displayWidth } from "../../evidence/text";
import { judgePlan } from "../../policies/judge";
import { disruptions, duration, type Plan } from "../../recovery";
import { compareJudgements } from "../../recovery/compare";
import { promiseNouns, protectionNouns } from "../../recovery/compare/comparison";
import { readPlanFile } from "../../recovery/plan/file";
import { alert, asOf, asset, copy, path, plan, points, series, step, term } from "../recovery/build";
import { meta } from "./judgement";

const cron = (expression: string) => ({ scheduler: "kubernetes" as const, expression, timeZone: "Etc/UTC" });
const kept = (rpo: string, expression: string, more: Partial<Plan> = {}): Plan =>
  plan({
    assets: [asset({ region: [rpo, "2h"] })],
    protections: [points({ series: [series({ schedule: cron(expression) })] })],
    ...more,
  });
const waiver = {
  rule: "recovery-is-rehearsed",
  asset: "s/data",
  owner: "shop",
  reason: "the *site* is being built",
  ticket: "OPS-1",
  expires: "2027-03-01",
};
const waived = { register: { sites: [], assumptions: [], waivers: [waiver], drills: [] } };

const judged = (one: Plan) => judgePlan({ plan: one, problems: [], asOf }, 3);
const before = kept("50h", "0 2 * * *", { alerts: [alert()] });
const after = kept("70h", "0 1 */2 * *", waived);

function against(was: Plan, is: Plan, more: Partial<Against> = {}): Against {
  const comparison = compareJudgements(judged(was), judged(is), asOf);
  return { label: "main (4fc09e4)", commit: "4fc09e4", isNew: false, rulesCompared: true, comparison, ...more };
}

const metaOf = (was: Plan, is: Plan, more: Partial<Against> = {}) => ({ ...meta, against: against(was, is, more) });

function printed(was: Plan, is: Plan, more: Partial<Against> = {}): string {
  const text = terminal(judged(is), metaOf(was, is, more), { colour: false, width: 120 });
  const [, told = ""] =
    /worst case\.? .*?through one failed run\.\n\n(.*?)\n\n(?:✗|!|–| {2}\d+ findings)/s.exec(text) ?? [];
  return told;
}

const first = (was: Plan, is: Plan, more: Partial<Against> = {}) =>
  markdown(judged(is), metaOf(was, is, more)).split("\n")[0];

describe("the first line says what to know first", () => {
  test.each<[string, Plan, Plan, string]>([
    [
      "a promise that got worse",
      kept("80h", "0 2 * * *"),
      kept("80h", "0 2 * * 1-6"),
      "**This change makes s/data · region worse: RPO 48h 40m → 3d 40m, target 3d 8h**",
    ],
    [
      "a promise that is broken now",
      kept("50h", "0 2 * * *"),
      kept("50h", "0 2 * * 0"),
      "worse: RPO 48h 40m → 14d 40m, target 50h; proven → missed",
    ],
    [
      "a promise that was relaxed",
      kept("50h", "0 2 * * *"),
      kept("60h", "0 2 * * *"),
      "**This change promises less or trusts more: RPO relaxed · s/data · region: 50h → 60h**",
    ],
    [
      "a waiver",
      before,
      { ...before, ...waived },
      "trusts more: waiver added · recovery-is-rehearsed of s/data: any disruption, until 2027-03-01, shop: the \\*site\\* is being built (OPS-1)**",
    ],
    [
      "an alert that is gone",
      before,
      kept("50h", "0 2 * * *"),
      "**This change weakens what keeps the promises: alert removed · Stale · s/data: was freshness, critical**",
    ],
    [
      "a promise that got better",
      kept("80h", "0 2 * * 0"),
      kept("80h", "0 2 * * *"),
      "**This change makes s/data · region better: RPO 14d 40m → 48h 40m, target 3d 8h; missed → proven**",
    ],
    [
      "another hour that breaks nothing",
      kept("80h", "0 2 * * *"),
      kept("80h", "0 3 * * *"),
      "**This change makes no promise worse**",
    ],
    ["nothing", before, before, "**Nothing about recovery changed**"],
  ])("%s", (_, was, is, said) => {
    expect(first(was, is)).toContain(said);
  });

  test("everything, where the base has no such stack", () => {
    expect(first(plan({ assets: [] }), before, { isNew: true })).toBe(
      "**Everything here is new: main (4fc09e4) has nothing of it**",
    );
    expect(markdown(judged(before), metaOf(plan({ assets: [] }), before, { isNew: true }))).not.toContain(
      "asset added",
    );
  });

  test("worse, promised less and the day itself together, counting what else there is", () => {
    const line = first(before, after) ?? "";
    expect(line).toMatch(
      /^\*\*This change makes s\/data · region worse: RPO .*; it promises less or trusts more: RPO relaxed · s\/data · region: 50h → 70h \(and 1 more such change\)/,
    );
  });
});

describe("the terminal", () => {
  test("tells each thing under its title, worst first", () => {
    expect(printed(before, after)).toMatchInlineSnapshot(`
      "  Against main (4fc09e4): This change makes s/data · region worse: RPO 48h 40m → 4d 40m, target 70h; proven → missed;
          it promises less or trusts more: RPO relaxed · s/data · region: 50h → 70h (and 1 more such change)

        Worse
        ✗ s/data · region: RPO 48h 40m → 4d 40m, target 70h; proven → missed

        What is promised, and what is taken on trust
        ✗ RPO relaxed · s/data · region: 50h → 70h
        ✗ waiver added · recovery-is-rehearsed of s/data: any disruption, until 2027-03-01, shop: the *site* is being built
          (OPS-1)

        What keeps the promises: weaker
        ✗ schedule made rarer · backup · s/data: 0 2 * * * Etc/UTC → 0 1 */2 * * Etc/UTC
        ✗ alert removed · Stale · s/data: was freshness, critical

        The day of the change
        ≠ backup from 0 2 * * * Etc/UTC to 0 1 */2 * * Etc/UTC: 71h without a run, longer than any other day's 48h (changed at
          Mon 23 Nov 01:59:59 UTC at worst, its last run is that of Sun 22 Nov 02:00 UTC and its next that of Wed 25 Nov 01:00
          UTC); up to 71h 40m of work can be lost then, every run succeeding

        Findings
        ✗ new · s/data · region: RPO is 70h, the plan can lose 4d 40m (48h 40m with every run succeeding) (rpo-is-met)"
    `);
  });

  test("tells one change to several things once, and names them and their assets", () => {
    const six = ["a", "b", "c", "d", "e", "f"].map((name) => `s/${name}`);
    const copied = (days: string) =>
      plan({
        assets: six.map((id) => asset({ region: ["60h", "2h"] }, { id })),
        protections: six.map((id) =>
          points({
            asset: id,
            id: `${id}/points`,
            copies: [copy({ lock: { mode: "compliance", keptFor: term("locked", days) } })],
          }),
        ),
        paths: six.map((id) => path({ asset: id, id: `${id}/restore`, protection: `${id}/points` })),
      });
    const told = (was: Plan, is: Plan, what: string) =>
      comparedParts(against(was, is), asOf).flatMap(({ lines }) =>
        lines.filter(({ text }) => text.startsWith(what)).map(({ text }) => text),
      );
    expect(told(copied("45d"), copied("40d"), "lock")).toEqual([
      `lock shortened · bucket · ${six.join(", ")}: 45d → 40d`,
    ]);
    const slow = copied("45d");
    for (const one of slow.paths) one.steps = [step("restore", "90m", { restores: true })];
    expect(told(copied("45d"), slow, "deadline")).toEqual([
      `deadline raised · ${six.map((id) => `restore of ${id}/restore`).join(", ")} · ${disruptions.join(", ")}: 1h → 1h 30m`,
    ]);
    expect(
      terminal(judged(copied("40d")), metaOf(copied("45d"), copied("40d")), { colour: false, width: 160 }),
    ).toContain("  ✗ lock shortened · bucket · s/a, s/b, s/c, s/d, s/e, s/f: 45d → 40d\n");
  });

  test("keeps within its width, and without colour has none", () => {
    for (const width of [80, 100, 140]) {
      const text = terminal(judged(after), metaOf(before, after), { colour: false, width });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them is the point
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
      expect(text.split("\n").filter((line) => displayWidth(line) > width)).toEqual([]);
    }
  });

  test("says that rules were not compared where the base names none", () => {
    expect(printed(before, after, { rulesCompared: false })).toContain("the rules: the base does not name its own");
    expect(printed(before, after)).not.toContain("the rules:");
  });
});

describe("Markdown", () => {
  test("never folds what got worse, what was promised, or the day of the change", () => {
    const text = markdown(judged(after), metaOf(before, after));
    const open = text.slice(0, text.indexOf("<details>"));
    for (const said of ["RPO relaxed", "waiver added", "schedule made rarer", "alert removed", "without a run"])
      expect(open).toContain(said);
    expect(text).toContain("against main (4fc09e4)");
  });

  test("shows what others wrote literally", () => {
    expect(markdown(judged(after), metaOf(before, after))).toContain("the \\*site\\* is being built");
  });
});

describe("JSON", () => {
  const schema = JSON.parse(readFileSync(join(__dirname, "../../docs/schemas/evidence.schema.json"), "utf8"));
  const planSchema = JSON.parse(readFileSync(join(__dirname, "../../docs/schemas/plan.schema.json"), "utf8"));
  const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: false }).compile(schema);

  test.each<[string, Plan, Plan]>([
    ["much changed", before, after],
    ["it changed back", after, before],
    ["all ways back are gone", before, { ...before, paths: [] }],
    ["nothing changed", before, before],
  ])("has the shape that its schema describes where %s", (_, was, is) => {
    const evidence = JSON.parse(json(judged(is), metaOf(was, is)));
    validate(evidence);
    expect(validate.errors).toBeNull();
    expect(evidence.comparison.against).toEqual({
      label: "main (4fc09e4)",
      commit: "4fc09e4",
      isNew: false,
      rulesCompared: true,
    });
  });

  test("is described with every kind of thing that may change", () => {
    const { enum: nouns } = schema.$defs.change.properties.noun;
    expect(nouns).toEqual([...promiseNouns, ...protectionNouns]);
  });

  test("holds its plan and its rules, so that a later judgement can be compared with it", () => {
    const { plan: written, rules, comparison } = JSON.parse(json(judged(after), meta));
    expect(comparison).toBeUndefined();
    expect(rules).toContainEqual({ name: "rpo-is-met", level: "mandatory" });
    expect(new Ajv({ strict: false }).compile(planSchema)(written)).toBe(true);
    const read = readPlanFile(written, "evidence.json");
    if (Array.isArray(read)) throw new Error(JSON.stringify(read));
    expect(read.plan.assets[0]?.objectives.region?.rpo.seconds).toBe(duration("70h"));
    const again = { ...judged(read.plan), rules };
    expect(compareJudgements(again, judged(after), asOf)).toEqual({
      outcomes: [],
      promises: [],
      protections: [],
      turns: [],
      findings: { added: [], gone: [] },
    });
  });
});
