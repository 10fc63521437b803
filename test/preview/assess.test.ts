import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { Readable } from "node:stream";
// What a command needs it loads when it runs, as Node with tsx does.
import "tsx/cjs";
import Ajv from "ajv/dist/2020";
import { afterAll, describe, expect, test } from "vitest";
import { rules } from "../../policies/rules";
import { judgedBy } from "../../preview/assessCommand";
import { run } from "../../preview/main";
import { assess, type Plan } from "../../recovery";
import { asOf, asset, plan } from "../recovery/build";
import { changed, partOf, type Written, written } from "../recovery/plan/written";
import { checkout } from "./programs";

const home = path.join(checkout, ".holdfast", "tests");
mkdirSync(home, { recursive: true });
const folder = mkdtempSync(path.join(home, "assess-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

async function holdfast(...args: string[]): Promise<Answer> {
  const said = { stdout: "", stderr: "" };
  const out = (name: keyof typeof said) => ({
    write: (text: string) => {
      said[name] += text;
    },
  });
  const code = await run(args, {
    stdin: Readable.from([]),
    stdout: out("stdout"),
    stderr: out("stderr"),
    now: () => asOf,
  });
  return { code, ...said };
}

/** Judges a file of this name and text at the date of all tests. */
function judge(name: string, text: unknown, ...more: string[]): Promise<Answer> {
  const file = path.join(folder, name);
  writeFileSync(file, typeof text === "string" ? text : JSON.stringify(text));
  return holdfast("assess", "--plan", file, ...more);
}

const schema = JSON.parse(readFileSync(path.join(checkout, "docs/schemas/evidence.schema.json"), "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: false }).compile(schema);

const example = (name: string) => path.join("examples/plans", name);
const notes = (text: string) => text.split("\n").filter((line) => line.includes("not assessed"));

describe("the examples", () => {
  test("of a database keeps its promises, and says what it did not judge", async () => {
    const { code, stdout, stderr } = await holdfast("assess", "--plan", example("orders-postgres.yaml"));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Holdfast · examples\/plans\/orders-postgres\.yaml · as of 2026-11-21 · offline/);
    expect(stdout).toMatch(/\n {2}1 system · 1 asset · 4 protections +\d+\.\d s\n/);
    expect(stdout).toContain("0 findings");
    expect(stdout).toMatch(/region +under 5m +2m +1h +51m +promotion in Ireland +assumed/);
    expect(notes(stdout)).toEqual(["  not assessed, since the plan states no alerts: each-objective-has-an-alert"]);
    expect(stdout).not.toMatch(/Evidence:|explain|undefined|NaN/);
  });

  test("of an object store keeps its promises, and was judged whole", async () => {
    const { code, stdout } = await holdfast("assess", "--plan", example("media-objects.yaml"));
    expect(code).toBe(0);
    expect(stdout).toContain("0 findings");
    expect(notes(stdout)).toEqual([]);
  });

  test("as such plans are found breaks them, with a fix that was checked", async () => {
    const { code, stdout } = await holdfast("assess", "--plan", example("crm-as-found.yaml"));
    expect(code).toBe(1);
    expect(stdout).toContain("crm/customers · process · RPO is 24h, the plan can lose 71h 50m");
    expect(stdout).toMatch(/Sat 27 Mar 2027 01:00 +crm-dump fails/);
    expect(stdout).toMatch(/fix: +schedule of crm-dump: "/);
    for (const rule of ["a-copy-cannot-be-deleted", "each-objective-has-an-alert", "recovery-is-rehearsed"]) {
      expect(stdout).toContain(rule);
    }
  });
});

describe("the date", () => {
  test("decides what of the register still counts", async () => {
    const { code, stdout } = await holdfast(
      "assess",
      "--plan",
      example("orders-postgres.yaml"),
      "--as-of",
      "2027-03-02",
    );
    expect(code).toBe(1);
    expect(stdout).toContain("as of 2027-03-02");
    expect(stdout).toContain("assumption decide expired on 2027-03-01");
    expect(stdout).toMatch(/region .* cannot prove/);
  });
});

describe("a section that a plan leaves out", () => {
  test.each([
    ["alerts", "each-objective-has-an-alert"],
    [
      "rehearsals",
      "verification-comes-before-expiry; in part: recovery-is-rehearsed, schedules-run, each-objective-has-an-alert",
    ],
    ["stores", "volumes-hold-their-data; in part: data-stores-have-objectives"],
  ])("is not assessed: %s", async (section, line) => {
    const { stdout } = await judge("left-out.json", changed(section, undefined));
    expect(notes(stdout)).toEqual([`  not assessed, since the plan states no ${section}: ${line}`]);
    expect(stdout).not.toContain(`${line.split(/[,;]/)[0]} · mandatory`);
  });

  test("of rehearsals leaves the records of drills, which are held to", async () => {
    const drills = (took: string, date: string) => {
      const record = { id: "d", asset: "shop/orders", path: "restore", date, took, bytes: 1e9, verified: true };
      return {
        ...changed("rehearsals", undefined),
        register: { ...(partOf("register") as Written), drills: [record] },
      };
    };
    const good = await judge("drilled.json", drills("10m", "2026-11-01"));
    expect(good.stdout).not.toContain("recovery-is-rehearsed · mandatory");
    const slow = await judge("slow.json", drills("90h", "2026-11-01"));
    expect(slow.stdout).toContain("drill record d took 3d 18h, and the deadlines of restore allow");
    const stale = await judge("stale.json", drills("10m", "2026-08-01"));
    expect(stale.stdout).toContain("drill record d is 112 days old, more than 90");
    expect([slow.code, stale.code]).toEqual([1, 1]);
  });

  test("is assessed where an empty list says that there are none", async () => {
    const { stdout } = await judge("none.json", changed("rehearsals", []));
    expect(notes(stdout)).toEqual([]);
    expect(stdout).toContain("restore points, but no scheduled drill");
  });

  test("is told in the evidence, which has no such part where all is stated", async () => {
    const { stdout, stderr } = await judge("beside.json", changed("alerts", undefined), "--json");
    const evidence = JSON.parse(stdout);
    expect(stderr).toBe("");
    expect(evidence.notAssessed).toEqual([{ section: "alerts", notRun: ["each-objective-has-an-alert"], inPart: [] }]);
    validate(evidence);
    expect(validate.errors).toBeNull();
    const whole = await judge("whole.json", changed("alerts", []), "--json");
    expect(JSON.parse(whole.stdout)).not.toHaveProperty("notAssessed");
  });

  test("is told of every rule that reads it", () => {
    const whole = plan({ assets: [asset({ region: ["30h", "2h"] }, { retention: { atLeast: 86_400 as never } })] });
    for (const section of ["alerts", "rehearsals", "stores"] as const) {
      const reading = rules.filter(({ check }) => {
        let read = false;
        const watched: Plan = {
          ...whole,
          get [section]() {
            read = true;
            return [];
          },
        };
        check({ plan: watched, assessments: assess(whole, asOf), problems: [], asOf });
        return read;
      });
      const { notRun, inPart } = judgedBy[section];
      expect([...notRun, ...inPart].sort()).toEqual(reading.map(({ name }) => name).sort());
    }
  });
});

describe("evidence", () => {
  test("of a file has the shape that its schema describes, and names the file", async () => {
    const { code, stdout } = await holdfast("assess", "--json", "--plan", example("crm-as-found.yaml"));
    expect(code).toBe(1);
    const evidence = JSON.parse(stdout);
    validate(evidence);
    expect(validate.errors).toBeNull();
    expect(evidence).toMatchObject({ stack: "examples/plans/crm-as-found.yaml", asOf: "2026-11-21T00:00:00Z" });
    expect(evidence.findings[0].source.resource).toMatch(/^examples\/plans\/crm-as-found\.yaml#\//);
  });

  test("is the same for YAML and JSON, whatever the file is called", async () => {
    const yaml = readFileSync(path.join(checkout, example("media-objects.yaml")), "utf8");
    const { parse } = await import("yaml");
    const one = await judge("one", yaml, "--json");
    const other = await judge("two", `\uFEFF  ${JSON.stringify(parse(yaml), undefined, "\t")}`, "--json");
    expect(other.stdout).toBe(one.stdout.replaceAll("/one", "/two"));
  });
});

describe("the plan that preview writes is judged as preview judged it", () => {
  test.each([
    ["this project's own, without a finding", ".", "prod", "2026-11-21", 0],
    ["the same after its register ended: much of it does not resolve", ".", "prod", "2027-03-05", 1],
    ["one with findings of many rules", "examples/as-written/omendb", "disk", "2026-11-21", 1],
  ])("%s", async (_, program, stack, asOf, code) => {
    const out = path.join(folder, stack);
    const date = ["--as-of", asOf];
    const asked = ["--program", program, "--stack", stack, "--format", "json", "--out", out];
    const previewed = await holdfast("preview", ...asked, ...date);
    const assessed = await holdfast("assess", "--json", "--plan", path.join(out, "plan.json"), ...date);
    expect([previewed.code, assessed.code, assessed.stderr]).toEqual([code, code, ""]);
    const [before, after] = [previewed, assessed].map(({ stdout }) => {
      const { stack: _, program: __, commit: ___, ...judged } = JSON.parse(stdout);
      return judged;
    });
    expect(after).toEqual(before);
    expect(after.assessments.length).toBeGreaterThan(0);
    expect(after.summary.resources).toBeGreaterThan(10);
    const unresolved = after.findings.filter((finding: { rule: string }) => finding.rule === "links-resolve");
    expect(unresolved.length > 0).toBe(asOf === "2027-03-05");
  });
});

describe("bad input ends with exit code 2 and its problems", () => {
  test("of a plan, each on a line, what is wrong beside where it is", async () => {
    const file = changed("assets[0].objectives.region.rpo", "15 minutes", changed("protections[0].serie", []));
    const { code, stdout, stderr } = await judge("bad.json", file);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    const name = path.relative(checkout, path.join(folder, "bad.json"));
    expect(stderr).toBe(
      [
        `${name} has 2 problems:`,
        '  assets[0].objectives.region.rpo   must be a duration such as "15m" or "under 15m", or whole seconds, got "15 minutes"',
        '  protections[0].serie              is not a setting; did you mean "series"?',
        "",
      ].join("\n"),
    );
  });

  test("of a plan with one", async () => {
    const { stderr } = await judge("one-bad.json", changed("version", 2, written()));
    expect(stderr).toMatch(/ has 1 problem:\n {2}version {3}must be a whole number from 1 to 1/);
  });

  test("without a plan", async () => {
    expect(await holdfast("assess")).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("--plan"),
    });
  });
});
