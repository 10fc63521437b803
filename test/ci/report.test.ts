import { describe, expect, test } from "vitest";
import { marker } from "../../tools/ci/comment";
import { longest, report } from "../../tools/ci/report";

const run = "https://github.example.com/example/shop/actions/runs/1";
const commit = "4fc09e4a6f1d6c21c9f2a95ab0e63a3a5f2b4c77";

function text(stacks: Record<string, string | undefined>, engine?: string, limit = longest): string {
  return report(
    {
      stacks: Object.entries(stacks).map(([stack, markdown]) => ({
        stack,
        evidence: markdown === undefined ? {} : { markdown },
      })),
      ...(engine === undefined ? {} : { engine: { stack: "staging", evidence: { markdown: engine } } }),
      run,
      commit,
    },
    limit,
  );
}

const prod = "**✗ This change makes omendb/region worse**\n\nmore";
const staging = "**✓ staging keeps all 6 recovery promises**\n\nmore";

test("the first line that is seen is production's verdict; other stacks are folded behind theirs", () => {
  expect(text({ prod, staging })).toMatchInlineSnapshot(`
    "<!-- holdfast -->
    **✗ This change makes omendb/region worse**

    more

    <details>
    <summary>✓ staging keeps all 6 recovery promises</summary>

    **✓ staging keeps all 6 recovery promises**

    more

    </details>

    ---

    [Run](https://github.example.com/example/shop/actions/runs/1) of 4fc09e4a6f1d, by the code of this pull request: read what it changes in \`policies/\`, \`registers/\` and \`.github/\` as well."
  `);
});

test.each([
  ["**✓ staging keeps all**\n\nmore **bold**", "✓ staging keeps all"],
  [
    "**Nothing about recovery changed**\n\n**✓ staging keeps all**\n\nmore",
    "Nothing about recovery changed · ✓ staging keeps all",
  ],
  ["**This change makes omendb/region worse**\n\nmore", "staging: This change makes omendb/region worse"],
  ["more", "staging: a report without a verdict"],
])("a folded stack is told by its verdict and its name: %s", (markdown, verdict) => {
  expect(text({ prod, staging: markdown })).toContain(`<summary>${verdict}</summary>`);
});

test("the same judgement inside the engine is one line", () => {
  expect(text({ prod, staging }, "**! staging keeps its promise, with 1 advisory finding**\n\nmore")).toContain(
    "\n\nIn the Pulumi engine: ! staging keeps its promise, with 1 advisory finding\n\n",
  );
});

test("a stack that wrote no evidence is no pass", () => {
  const said = text({ prod: undefined, staging });
  expect(said.startsWith(`${marker}\n**✗ prod: nothing was judged, [the run](${run}) says why**`)).toBe(true);
  expect(text({ prod, staging: "" })).toContain("<summary>✗ staging: nothing was judged");
});

test("nobody is named: mail goes to nobody whom a stranger chose", () => {
  expect(text({ prod: "**✓** @alice and @example/team, a@b.example" })).not.toMatch(/@\w/);
});

describe("what GitHub would refuse as too long", () => {
  const long = (lines: number) =>
    [
      "**✗ prod**",
      "",
      "<details>",
      "<summary>Promises</summary>",
      "",
      "```",
      ...Array<string>(lines).fill("| a | row |"),
    ].join("\n");

  test("loses the folded stacks first", () => {
    const said = text({ prod, staging: `${staging}${"x".repeat(500)}` }, undefined, 700);
    expect(said.length).toBeLessThanOrEqual(700);
    expect(said).toContain(prod);
    expect(said).toContain(`✓ staging keeps all 6 recovery promises ([run](${run}))`);
    expect(said).not.toContain("xxx");
  });

  test.each([1_000, 5_000, longest])("is cut at the end of a line below %d characters, and closed", (limit) => {
    const said = text({ prod: long(20_000), staging }, undefined, limit);
    expect(said.length).toBeLessThanOrEqual(limit);
    expect(said.length).toBeGreaterThan(limit * 0.8);
    expect(said).toContain("| a | row |\n```\n\n</details>\n\nShortened: [everything]");
    expect(said).toContain("✓ staging keeps all 6");
    expect(said).toContain(`[Run](${run}) of 4fc09e4a6f1d`);
  });
});
