import { readFileSync } from "node:fs";
import * as path from "node:path";
import { expect, it } from "vitest";
import { factsPage } from "../../../preview/docs/factsPage";
import { generators } from "../../../preview/generators";
import { type Fact, factGroups, facts } from "../../../recovery/facts";

const page = factsPage();
const lines = page.split("\n");
const rowOf = ({ id }: Fact): string[] =>
  lines
    .filter((line) => line.includes(`\`${id}\``))
    .flatMap((line) => line.split(" | "))
    .map((cell) => cell.trim());

it("is the file in the repository", () => {
  expect(readFileSync(path.join(__dirname, "../../../docs/facts.md"), "utf8")).toBe(page);
  expect(generators.filter(({ file }) => file === "docs/facts.md").map(({ text }) => text(""))).toEqual([page]);
});

it("has one row for each fact, with its standing and both of its days", () => {
  for (const fact of facts) {
    const [, , standing, , read, review] = rowOf(fact);
    expect([fact.id, standing, read, review]).toEqual([fact.id, fact.standing, fact.read, `${fact.reviewBy} |`]);
  }
});

it("shows every number as it is reckoned with, and nothing where there is none", () => {
  for (const fact of facts) {
    const [, number = "?"] = rowOf(fact);
    const digits = /^[\d,]+/.exec(number)?.[0].replaceAll(",", "");
    expect([fact.id, digits]).toEqual([fact.id, fact.value === undefined ? undefined : String(fact.value)]);
  }
});

it.each<[string, string]>([
  ["kubernetes.node-grace", "50 s"],
  ["kubernetes.toleration", "300 s (5m)"],
  ["kubernetes.zone-eviction-stop", "55 %"],
  ["kubernetes.small-cluster", "50"],
  ["aws-backup.completion-window", "604,800 s (7d)"],
  ["aws-backup.vault-lock-grace", "3 d"],
  ["s3.time-control-share", "999,000 per million (99.9 %)"],
  ["event-hubs.capture-size-least", "10,485,760 B"],
  ["azure-storage.priority-throughput", "125,000,000 B/s"],
  ["kubernetes.spread-anyway", ""],
])("%s reads %s", (id, number) => {
  const fact = facts.find((one) => one.id === id);
  expect(fact && rowOf(fact)[1]).toBe(number);
});

it("refers each fact to its source in the list below its table", () => {
  for (const { title, facts: own } of factGroups) {
    const chapter = page.slice(page.indexOf(`\n## ${title}\n`)).split("\n## ")[1] ?? "";
    for (const fact of Object.values(own)) {
      const listed = chapter.split("\n").find((line) => line.startsWith(`${rowOf(fact)[3]}. `));
      expect([fact.id, listed?.replaceAll("\\", "").replace("@<!-- -->", "@")]).toEqual([
        fact.id,
        `${rowOf(fact)[3]}. ${fact.source}`,
      ]);
    }
  }
});

it("leads to each of its chapters", () => {
  const anchors = lines.filter((line) => line.startsWith("## ")).map((line) => line.slice(3).toLowerCase());
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = ""]) => anchor.replaceAll("-", " "));
  expect(links).toEqual(anchors);
});

it("fits 120 columns outside its tables and lists", () => {
  expect(lines.filter((line) => line.length > 120 && !/^(\||\d+\. )/.test(line))).toEqual([]);
});
