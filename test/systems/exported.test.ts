import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { exportedStacks } from "../../systems/config/exported";

const home = mkdtempSync(path.join(tmpdir(), "holdfast-exported-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const settings = (...stacks: string[]) =>
  `config:\n  holdfast:platform: { state: { stacks: ${JSON.stringify(stacks)} } }\n`;
const plain = "config:\n  holdfast:omendb: {}\n";

let made = 0;
function problemsOf(stack: string, files: Record<string, string>): string[] {
  const root = path.join(home, String(made++));
  mkdirSync(root);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
  return exportedStacks({ project: "holdfast", stack, root }).map(({ key, message }) => `${key} ${message}`);
}

const [prod, staging, data] = ["prod", "staging", "prod-data"].map((name) => `organization/holdfast/${name}`);
const unexported = (files: string, name: string, got: string) =>
  `holdfast:platform.state.stacks of ${files} must name organization/holdfast/${name}, or nothing exports the state of this stack; got ${got}`;
const gone = (name: string) =>
  `holdfast:platform.state.stacks must name stacks of this project that there are, got organization/holdfast/${name}, but there is no Pulumi.${name}.yaml`;

describe("the states of the stacks of a program", () => {
  test.each<[string, string, Record<string, string>, string[]]>([
    ["are exported by the platform of the same stack", "prod", { "Pulumi.prod.yaml": settings(`${prod}`) }, []],
    [
      "are exported by the platform of another stack",
      "prod-data",
      { "Pulumi.prod-data.yaml": plain, "Pulumi.prod.yaml": settings(`${prod}`, `${data}`) },
      [],
    ],
    ["are exported whatever organization has them", "prod", { "Pulumi.prod.yaml": settings("acme/holdfast/prod") }, []],
    ["are nobody's to export where no stack has a platform", "prod", { "Pulumi.prod.yaml": plain }, []],
    ["are nobody's to export where there is no stack", "prod", {}, []],
    [
      "are refused where the platform of the same stack leaves it out",
      "prod",
      { "Pulumi.prod.yaml": settings("organization/other/prod") },
      [unexported("Pulumi.prod.yaml", "prod", "organization/other/prod")],
    ],
    [
      "are refused where it names none",
      "prod",
      { "Pulumi.prod.yaml": "config:\n  holdfast:platform: {}\n" },
      [unexported("Pulumi.prod.yaml", "prod", "none")],
    ],
    [
      "are refused where nobody can read whom it names",
      "prod",
      { "Pulumi.prod.yaml": "config:\n  holdfast:platform: { secure: AAAA }\n" },
      [unexported("Pulumi.prod.yaml", "prod", "none")],
    ],
    [
      "are refused where no platform names it",
      "prod-data",
      {
        "Pulumi.prod-data.yml": plain,
        "Pulumi.prod.yaml": settings(`${prod}`),
        "Pulumi.staging.yaml": settings(`${staging}`),
      },
      [unexported("Pulumi.prod.yaml or Pulumi.staging.yaml", "prod-data", `${prod}, ${staging}`)],
    ],
    [
      "are refused where one of them is not there any more",
      "prod",
      { "Pulumi.prod.yaml": settings(`${prod}`, `${data}`, "organization/other/main") },
      [gone("prod-data")],
    ],
    [
      "are another stack's to name rightly",
      "staging",
      { "Pulumi.prod.yaml": settings(`${prod}`, `${data}`), "Pulumi.staging.yaml": settings(`${staging}`) },
      [],
    ],
    [
      "are told in spite of a stack whose settings cannot be read",
      "prod",
      { "Pulumi.prod.yaml": settings(`${prod}`), "Pulumi.broken.yaml": "config: [" },
      [],
    ],
  ])("%s", (_, stack, files, problems) => {
    expect(problemsOf(stack, files)).toEqual(problems);
  });
});
