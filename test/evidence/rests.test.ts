import { expect, test } from "vitest";
import { explain, markdown } from "../../evidence";
import { furtherTerms } from "../../evidence/rests";
import type { Plan } from "../../recovery";
import { asset, path, plan, points, source, step, term } from "../recovery/build";
import { meta } from "./judgement";
import { judged, library } from "./plans";

/** An application that starts once its database is back. */
function shop(): Plan {
  return plan({
    assets: [asset({}, { id: "s/data" }), asset({ region: ["30h", "3h"] }, { id: "s/app", dependsOn: ["s/data"] })],
    protections: [points(), points({ id: "own", asset: "s/app" })],
    paths: [
      path({ detect: [term("noticed", "10m")], steps: [step("restore the data", "1h")] }),
      path({ id: "start", asset: "s/app", protection: "own", steps: [step("start", "5m")] }),
    ],
  });
}

function further(one: Plan): unknown[] {
  return judged(one)
    .assessments.flatMap(({ chosen }) => (chosen ? furtherTerms(chosen) : []))
    .map(({ name }) => name);
}

test("what a recovery waits for is told with its own numbers", () => {
  expect(further(shop())).toEqual(["noticed", "restore the data"]);
});

test("a recovery that waits for nothing rests on no further numbers", () => {
  expect(further(plan())).toEqual([]);
  expect(explain(judged(plan()), "s/data", "region", { colour: false, width: 120 })).not.toContain("further numbers");
  expect(markdown(judged(plan()), meta)).not.toContain("Further numbers");
});

test("a number of two members is told once, and none that is part of a total", () => {
  const { assessments } = judged(library(["database", "assets", "users"]));
  const terms = assessments.flatMap(({ chosen }) => (chosen ? furtherTerms(chosen) : []));
  const shown = terms.map(({ name, source: { name: where } }) => `${name} ${where}`);
  expect(new Set(shown).size).toBe(shown.length);
  expect(shown).toContain("restore the database restore the database");
  expect(shown).not.toContain("restore the assets restore the assets");
});

test("what is written until damage is noticed is part of the loss already", () => {
  const given = library(["database", "assets"]);
  const [database, assets] = given.assets;
  const promise = database?.objectives.region;
  if (database === undefined || assets === undefined || promise === undefined) throw new Error("no promise");
  // The database refers to the assets: where these go back, it has to as well, and takes longer.
  given.assets = [
    { ...database, objectives: {} },
    { ...assets, objectives: { corruption: promise } },
  ];
  given.paths = given.paths.map((one) => ({
    ...one,
    detect: [term(`${one.asset} is seen to be damaged`, "10m")],
    // It stops before anything else, so that the assets are what is written to longest.
    steps:
      one.asset === database.id
        ? [step("stop", "1m", { stopsWrites: true }), step("restore", "5h", { restores: true, after: ["stop"] })]
        : [step("restore", "1h", { restores: true })],
  }));
  const ways = judged(given).assessments.flatMap(({ chosen, others }) => [...(chosen ? [chosen] : []), ...others]);
  const slow = ways.find(({ label }) => label.includes("omniverse/database by"));
  if (slow === undefined) throw new Error("nothing brings back the database");
  const seen = "omniverse/assets is seen to be damaged";
  const named = (terms: { name: string }[]) => terms.some(({ name }) => name === seen);
  expect([slow.rpo[1].terms, slow.rto.terms, slow.rests ?? []].map(named)).toEqual([true, false, true]);
  expect(named(furtherTerms(slow))).toBe(false);
});

test("something that a member needs and somebody answers for is told by its entry, and takes no time", () => {
  const given = library(["database", "assets"]);
  given.paths = given.paths.map((one) => ({
    ...one,
    needs: [{ what: "images", at: { unknown: "a mirror" }, source: source("mirror"), assumption: "mirrored" }],
  }));
  expect(judged(given).assessments[0]?.chosen?.rests?.filter(({ name }) => name === "images")).not.toEqual([]);
  expect(further(given)).not.toContain("images");
  const text = explain(judged(given), "omniverse/database", "region", { colour: false, width: 120 });
  expect(text).toContain("\nRests on\n  mirrored · mirrored (not in the register)\n  further numbers, not added up:\n");
});

test("further numbers have a table of their own in Markdown", () => {
  const text = markdown(judged(shop()), meta);
  expect(text).toContain(
    "**Further numbers, not added up**\n\n|  | what | read from |\n| --- | --- | --- |\n| 10m | noticed<br>",
  );
});
