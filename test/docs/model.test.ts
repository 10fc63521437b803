import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { equationsIn } from "./model/arithmetic";
import * as asked from "./model/asked";
import * as claims from "./model/claims";
import * as copies from "./model/copies";
import * as damage from "./model/damage";
import * as failover from "./model/failover";
import * as loss from "./model/loss";
import * as schedules from "./model/schedules";
import * as time from "./model/time";
import * as together from "./model/together";
import * as verdicts from "./model/verdicts";

const root = join(__dirname, "../..");
const page = readFileSync(join(root, "docs/model.md"), "utf8");

/** A part of the page under its heading: code blocks and tables, and all other text. */
interface Part {
  heading: string;
  blocks: string[][];
  prose: string;
}

/** A formula, which names no figures; an example; or a table. */
const fenced = /^```text\n[\s\S]*?^```\n|^```\n([\s\S]*?)^```\n|^((?:\|.*\n)+)/gm;

const parts = page
  .split(/^#{2,3} /m)
  .slice(1)
  .map((text): Part => {
    const [heading = ""] = text.split("\n", 1);
    const body = text.slice(heading.length);
    const blocks = [...body.matchAll(fenced)].flatMap(([, example, table]) => {
      const lines = (example ?? table)?.trimEnd().split("\n");
      return lines ? [lines] : [];
    });
    const prose = body.replaceAll(fenced, (all, example, table) => ((example ?? table) === undefined ? all : ""));
    return { heading, blocks, prose };
  });
const sections = [asked, schedules, loss, copies, together, damage, time, failover, verdicts, claims].flatMap(
  ({ chapter }) => chapter,
);

/** The figures of a text, with the unit that follows at once: `24h`, `10,000`, `99.99`. */
const figuresIn = (text: string): string[] => text.match(/(?<![\w-])\d+(?:[.,]\d+)*[a-z]?/g) ?? [];

describe("docs/model.md", () => {
  it("tells its examples in the order of the tests", () => {
    const known = sections.map(({ heading }) => heading);
    const told = parts.filter(({ heading, blocks }) => blocks.length > 0 || known.includes(heading));
    expect(told.map(({ heading }) => heading)).toEqual(known);
  });

  it.each(sections)("says what the model reckons: $heading", ({ heading, blocks }) => {
    expect(parts.find((one) => one.heading === heading)?.blocks).toEqual(blocks());
  });

  it.each(parts)("names no figure that no test reckons: $heading", ({ heading, prose }) => {
    const section = sections.find((one) => one.heading === heading);
    const reckoned = figuresIn([...(section?.blocks() ?? []).flat(), ...(section?.figures ?? [])].join(" "));
    expect(figuresIn(prose.replaceAll(/\]\([^)]*\)/g, "")).filter((figure) => !reckoned.includes(figure))).toEqual([]);
  });

  it("adds up", () => {
    const equations = parts.flatMap(({ blocks }) => blocks.flat().flatMap(equationsIn));
    expect(equations.filter(({ left, right }) => left !== right)).toEqual([]);
    expect(equations.length).toBeGreaterThan(50);
  });

  it("has lines of at most 120 columns, but for tables", () => {
    expect(page.split("\n").filter((line) => line.length > 120 && !line.startsWith("|"))).toEqual([]);
  });

  it("links to what is there", () => {
    const anchors = parts.map(
      ({ heading }) =>
        `#${heading
          .toLowerCase()
          .replaceAll(/[^a-z -]/g, "")
          .replaceAll(" ", "-")}`,
    );
    const targets = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target);
    const missing = targets.filter((target) =>
      target.startsWith("#") ? !anchors.includes(target) : !existsSync(join(root, "docs", target.replace(/#.*/, ""))),
    );
    const files = [...page.matchAll(/`((?:recovery|test)\/[\w./]*)`/g)].map(([, file = ""]) => file);
    expect(Math.min(targets.length, 3 * files.length)).toBeGreaterThan(20);
    expect([...missing, ...files.filter((file) => !existsSync(join(root, file)))]).toEqual([]);
  });
});
