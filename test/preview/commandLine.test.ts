import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { checkout, programOf, removePrograms } from "./programs";

afterAll(removePrograms);

interface Answer {
  code: number | null;
  stdout: string;
  stderr: string;
}

function holdfast(...args: string[]): Answer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(checkout, "preview/bin.js"), ...args], {
    cwd: checkout,
    encoding: "utf8",
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined },
  });
  return { code: status, stdout, stderr };
}

/** Exit code 2, this message and nothing else: no report, no stack trace, no colour. */
function expectRefused(answer: Answer, message: string | RegExp): void {
  if (typeof message === "string") expect(answer.stderr).toBe(`${message}\n`);
  else expect(answer.stderr).toMatch(message);
  expect(answer.stderr).not.toMatch(/^\s+at /m);
  expect(answer).toMatchObject({ code: 2, stdout: "" });
}

/** Two lines that declare something; no cloud SDK, which takes a second to import. */
const declared = 'import * as pulumi from "@pulumi/pulumi";\nnew pulumi.ComponentResource("shop:index:Shop", "b");\n';

function shop(main = declared, files: Record<string, string> = {}): string {
  return path.relative(checkout, programOf(main, files));
}

describe("bad input ends with exit code 2 and one message", () => {
  test("an unknown flag, with the nearest known one", () => {
    expectRefused(holdfast("preview", "--progam", "x"), "unknown option '--progam'\n(Did you mean --program?)");
  });

  test("an unknown command", () => {
    expectRefused(holdfast("prevew"), "unknown command 'prevew'\n(Did you mean preview?)");
  });

  test("a word too many", () => {
    expectRefused(holdfast("preview", "prod"), /^too many arguments for 'preview'. Expected 0 arguments but got 1/);
  });

  test("a format that does not exist", () => {
    expectRefused(
      holdfast("preview", "--format", "xml"),
      '--format must be terminal or json or markdown, got "xml"; e.g. --format terminal',
    );
  });

  test("an engine that does not exist", () => {
    expectRefused(
      holdfast("preview", "--engine", "terraform"),
      '--engine must be offline or pulumi, got "terraform"; e.g. --engine offline',
    );
  });

  test("a date that does not exist", () => {
    expectRefused(
      holdfast("preview", "--as-of", "2026-02-30"),
      '--as-of must be a day or an instant with its zone, got "2026-02-30"; ' +
        "e.g. --as-of 2026-11-21 or --as-of 2026-11-21T08:30:00Z",
    );
  });

  test("a folder that does not exist", () => {
    expectRefused(
      holdfast("preview", "--program", "no/such/folder"),
      "no/such/folder is not a folder; --program takes the folder of a Pulumi.yaml, e.g. --program .",
    );
  });

  test("a folder without a project", () => {
    expectRefused(
      holdfast("preview", "--program", "preview"),
      "preview has no Pulumi.yaml; --program takes the folder of one, e.g. --program .",
    );
  });

  test("a stack that does not exist beside stacks that do", () => {
    const program = shop(declared, { "Pulumi.prod.yaml": "config: {}\n", "Pulumi.dev.yaml": "config: {}\n" });
    expectRefused(
      holdfast("preview", "--program", program, "--stack", "staging"),
      `there is no stack "staging": ${program}/Pulumi.staging.yaml is missing; allowed: dev, prod, e.g. --stack dev`,
    );
  });

  test("a project without a program", () => {
    const program = shop(declared, { "Pulumi.yaml": "name: shop\nruntime: nodejs\nmain: src\n" });
    expectRefused(
      holdfast("preview", "--program", program),
      `${program}: main names ${program}/src, which does not exist`,
    );
  });

  test("YAML that is none, with its place", () => {
    const program = shop(declared, { "Pulumi.prod.yaml": 'config:\n  shop:name: "orders\n' });
    expectRefused(
      holdfast("preview", "--program", program),
      /^\S+\/Pulumi\.prod\.yaml:\d+:\d+ is not YAML: .*quote.*\n$/,
    );
  });

  test("configuration that is no map", () => {
    const program = shop(declared, { "Pulumi.prod.yaml": "config: [1]\n" });
    expectRefused(
      holdfast("preview", "--program", program),
      `${program}/Pulumi.prod.yaml: config must be a map of keys to values`,
    );
  });

  test("configuration that the program refuses, with all its problems", () => {
    const program = shop(`
      class ConfigError extends Error {
        override name = "ConfigError";
        constructor(readonly problems: string[]) { super("Pulumi.prod.yaml has 2 problems:\\n  " + problems.join("\\n  ")); }
      }
      throw new ConfigError(['rpo must be a duration such as "15m", got "15 minutes"', 'replica is not a setting']);`);
    expectRefused(
      holdfast("preview", "--program", program),
      'Pulumi.prod.yaml has 2 problems:\n  rpo must be a duration such as "15m", got "15 minutes"\n  replica is not a setting',
    );
  });

  test("a missing configuration value, in Pulumi's own words", () => {
    const program = shop('import * as pulumi from "@pulumi/pulumi";\nnew pulumi.Config().require("size");\n');
    expectRefused(
      holdfast("preview", "--program", program),
      /^\S+index\.ts:2: Missing required configuration variable 'shop:size'/,
    );
  });

  test("a program that throws, with its own line", () => {
    const program = shop('function deep(): never {\n  throw new RangeError("no room");\n}\ndeep();\n');
    expectRefused(
      holdfast("preview", "--program", program),
      `${program}/index.ts:2: RangeError: no room\nRun it again with --debug for the stack trace.`,
    );
  });

  test("a program that throws where nobody waits", () => {
    const program = shop(`${declared}Promise.resolve().then(() => {\n  throw new Error("too late");\n});\n`);
    expectRefused(holdfast("preview", "--program", program), /index\.ts:4: too late\nRun it again with --debug/);
  });

  test("a program that throws from a timer, which is no finding", () => {
    const program = shop(
      `${declared}setTimeout(() => {\n  throw new Error("from a timer");\n}, 1);\nexport = () => new Promise((done) => setTimeout(done, 500));\n`,
    );
    expectRefused(holdfast("preview", "--program", program), /index\.ts:4: from a timer\n/);
  });

  test("a program with a syntax error, with its place", () => {
    const program = shop("const a = ;\n");
    expectRefused(holdfast("preview", "--program", program), /^\S+index\.ts:1:10: Unexpected ";"\n/);
  });

  test("a program that imports what is not installed", () => {
    const program = shop('import "no-such-package";\n');
    expectRefused(holdfast("preview", "--program", program), /^\S+index\.ts:1: Cannot find module 'no-such-package'\n/);
  });

  test("a program that never finishes", () => {
    const program = shop(`${declared}export = () => new Promise(() => {});\n`);
    expectRefused(
      holdfast("preview", "--program", program),
      "the program never finished: it waits for a value that never arrives",
    );
  });

  test("a program that declares nothing", () => {
    const program = shop("export const nothing = 1;\n");
    expectRefused(
      holdfast("preview", "--program", program),
      "the stack is empty: index.ts of shop declares no resource",
    );
  });

  test("a program in which nothing is recognised", () => {
    expectRefused(
      holdfast("preview", "--program", shop()),
      /^nothing was recognised: none of the \d resources of stack prod/,
    );
  });

  test("a folder for the evidence that is a file", () => {
    expectRefused(
      holdfast("preview", "--program", shop(), "--out", "package.json/evidence"),
      "--out package.json/evidence cannot be written: package.json is a file; e.g. --out .holdfast/prod",
    );
  });

  test("a disruption that does not exist, before the program runs", () => {
    expectRefused(
      holdfast("explain", "omendb/data", "regin"),
      "the disruption must be one of process, node, zone, region, corruption, compromise, " +
        'got "regin"; e.g. holdfast explain omendb/data region',
    );
  });

  test("a schedule that nobody can read", () => {
    expectRefused(holdfast("schedule", "0 2 * *"), /must have five fields .* e\.g\. holdfast schedule "0 2 \* \* 0"/);
  });

  test("a time zone that does not exist", () => {
    expectRefused(
      holdfast("schedule", "0 2 * * *", "--time-zone", "Europe/Berln"),
      /timeZone must be .*"Europe\/Berln"/,
    );
  });
});

/** One database that promises an hour and has no backup. */
const unprotected = `
import * as kubernetes from "@pulumi/kubernetes";
const hour = { rpo: "1h", rto: "1h", owner: "shop", reason: "orders" };
const objectives = { process: hour, node: hour, zone: hour, region: hour, corruption: hour, compromise: hour };
new kubernetes.apps.v1.Deployment("db", {
  metadata: {
    name: "db",
    annotations: {
      "holdfast.dev/asset": "shop/orders",
      "holdfast.dev/objectives": JSON.stringify(objectives),
      "holdfast.dev/retention": JSON.stringify({ atLeast: "30d" }),
    },
  },
  spec: { selector: {}, template: { spec: { containers: [{ name: "db", env: [{ name: "P", value: "canary-7431" }] }] } } },
});
`;

describe("a program that breaks its promises", () => {
  const program = shop(unprotected);
  const out = path.join(program, "evidence");
  const judge = (format: string) =>
    holdfast("preview", "--program", program, "--out", out, "--as-of", "2026-11-21", "--format", format);
  const evidence = (name: string) => readFileSync(path.join(checkout, out, name), "utf8");

  test("ends with exit code 1, and the evidence is what was printed", () => {
    const answer = judge("json");
    expect(answer).toMatchObject({ code: 1, stderr: "" });
    expect(answer.stdout).toBe(evidence("evidence.json"));
    expect(JSON.parse(answer.stdout)).toMatchObject({ stack: "prod", engine: "offline", asOf: "2026-11-21T00:00:00Z" });
    expect(readdirSync(path.join(checkout, out)).sort()).toEqual([
      "evidence.json",
      "evidence.md",
      "evidence.sarif",
      "plan.json",
    ]);
  });

  test("gives the same evidence again, byte for byte, and leaves other files alone", () => {
    writeFileSync(path.join(checkout, out, "notes.txt"), "mine");
    const before = evidence("evidence.json") + evidence("evidence.md");
    const answer = judge("markdown");
    expect(answer.stdout).toBe(evidence("evidence.md"));
    expect(evidence("evidence.json") + evidence("evidence.md")).toBe(before);
    expect(evidence("notes.txt")).toBe("mine");
  });

  test("is shown without colours where no terminal is, and without values that are no facts", () => {
    const { stdout } = judge("terminal");
    expect(stdout).toContain("shop/orders");
    expect(stdout).not.toContain("\u001b");
    expect(stdout + evidence("evidence.json") + evidence("evidence.md")).not.toContain("canary-7431");
  });

  test("is explained asset by asset", () => {
    const answer = holdfast("explain", "shop/orders", "region", "--program", program, "--as-of", "2026-11-21");
    expect(answer).toMatchObject({ code: 0, stderr: "" });
    expect(answer.stdout).toContain("shop/orders");
    expectRefused(
      holdfast("explain", "shop/order", "--program", program),
      /^shop\/order is not an asset; did you mean shop\/orders\?/,
    );
    expectRefused(holdfast("explain", "bank/orders", "--program", program), /^bank\/orders is not an asset/);
  });
});

test("a program that keeps its promises ends with exit code 0: this project's own", () => {
  const out = path.join(shop(), "evidence");
  const answer = holdfast("preview", "--stack", "prod", "--as-of", "2026-11-21", "--out", out);
  expect(answer).toMatchObject({ code: 0, stderr: "" });
  expect(answer.stdout).toContain("0 findings");
  expect(readdirSync(path.join(checkout, out)).sort()).toEqual([
    "evidence.json",
    "evidence.md",
    "evidence.sarif",
    "plan.json",
  ]);
});

describe("on bad input", () => {
  test("--debug shows the stack trace", () => {
    const answer = holdfast("preview", "--debug", "--program", shop('throw new Error("no");\n'));
    expect(answer.stderr).toMatch(/^Error: no\n\s+at .*index\.ts:1:/);
    expect(answer.code).toBe(2);
  });

  test("no evidence is written, and earlier evidence stays as it is", () => {
    const program = shop('throw new Error("no");\n');
    const out = path.join(program, "evidence");
    expect(holdfast("preview", "--program", program, "--out", out).code).toBe(2);
    expect(existsSync(path.join(checkout, out))).toBe(false);
  });
});

describe("what a program prints", () => {
  test("goes to stderr: stdout is the report", () => {
    const program = shop(`console.log("from the program");\n${declared}`);
    const { stdout, stderr } = holdfast("preview", "--format", "json", "--program", program);
    expect(stderr).toContain("from the program");
    expect(stdout).not.toContain("from the program");
  });
});

describe("help", () => {
  test("is on stdout and no failure when asked for", () => {
    const answer = holdfast("preview", "--help");
    expect(answer).toMatchObject({ code: 0, stderr: "" });
    for (const flag of ["--stack", "--program", "--as-of", "--out", "--format", "--engine"]) {
      expect(answer.stdout).toContain(flag);
    }
  });
});

test("the test programs are removed again", () => {
  const program = programOf("");
  writeFileSync(path.join(program, "more.txt"), "");
  removePrograms();
  expect(readdirSync(path.dirname(program)).includes(path.basename(program))).toBe(false);
});
