import fc from "fast-check";
import { expect, test } from "vitest";
import { explain, terminal } from "../../evidence";
import { partsOf, shortPath } from "../../evidence/members";
import { displayWidth } from "../../evidence/text";
import type { Assessment } from "../../recovery/assess/assessment";
import { meta } from "./judgement";
import { judged, library } from "./plans";

const plainly = { colour: false, width: 120 };

test("the set, each member's way and every number behind them are told, and the numbers of the totals once", () => {
  expect(
    explain(judged(library(["database", "assets"])), "omniverse/database", "region", plainly),
  ).toMatchInlineSnapshot(`
    "omniverse/database · region · missed
      promise: RPO 24h, RTO 8h
      owner:   test
      reason:  test
      path:    restore of the database in eu-west-1
      with:    omniverse/assets by restore of the assets in eu-west-1

    RPO: what can be lost
      49h 31m  newest moment that all of omniverse/library hold  ConfigMap library  guaranteed
      ───────
      49h 31m  RPO misses target 24h by 25h 31m
      25h 31m  with every run succeeding

    RTO: until service is verified
           5h  restore the assets  restore the assets · spec.restore the assets  guaranteed
      ───────
           5h  RTO keeps target 8h, 3h to spare

    Window: how far back a clean restore point must reach
      needed 54h 31m, available 45d: enough

    How it breaks
      Sat 21 Nov 01:00 UTC  omniverse/database: the moment that will be brought back
      Sat 21 Nov 02:00      omniverse/assets: the moment that will be brought back
      Mon 23 Nov 02:31      a run of omniverse/assets since then has failed
      Mon 23 Nov 02:31      just before anything newer fits, the region is lost
      → lost 49h 31m, 25h 31m with every run succeeding; RPO is 24h
      binding: newest moment that all of omniverse/library hold 49h 31m (ConfigMap library); at most 24h would do

    After it
      nobody says how long until the next such loss would be survived

    Rests on
      further numbers, not added up:
      48h  longest gap with one failed run  CronJob nucleus-database-backup · spec.schedule                       guaranteed
       1m  start slack                      CronJob nucleus-database-backup · spec.startingDeadlineSeconds        guaranteed
      20m  run                              CronJob nucleus-database-backup                                       guaranteed
                                            · spec.jobTemplate.spec.activeDeadlineSeconds
      10m  transfer                         transfer · spec.transfer                                              guaranteed
       1h  restore the database             restore the database · spec.restore the database                      guaranteed
      48h  longest gap with one failed run  CronJob nucleus-assets-backup · spec.schedule                         guaranteed
       1m  start slack                      CronJob nucleus-assets-backup · spec.startingDeadlineSeconds          guaranteed
      20m  run                              CronJob nucleus-assets-backup                                         guaranteed
                                            · spec.jobTemplate.spec.activeDeadlineSeconds

    Guarded by
      no alert

    Rehearsed
      no drill of this path is on record
    "
  `);
});

test("a loss of the set that is within its promise shows the dates it follows from", () => {
  const text = explain(judged(library(["database", "assets"], "4d")), "omniverse/database", "region", plainly);
  expect(text).toContain("RPO keeps target 4d");
  expect(text.slice(text.indexOf("Its worst moment"), text.indexOf("After it"))).toMatchInlineSnapshot(`
    "Its worst moment
      Sat 21 Nov 01:00 UTC  omniverse/database: the moment that will be brought back
      Sat 21 Nov 02:00      omniverse/assets: the moment that will be brought back
      Mon 23 Nov 02:31      a run of omniverse/assets since then has failed
      Mon 23 Nov 02:31      just before anything newer is usable: region
      → lost 49h 31m

    "
  `);
});

test.each([
  [["database", "assets"], "restore of the database in eu-west-1, with assets"],
  [["database", "assets", "users", "search"], "restore of the database in eu-west-1, with assets, users and search"],
  [["database", "assets", "users", "search", "thumbnails"], "restore of the database in eu-west-1, with 4 more assets"],
])("in a table %j is one path", (names, path) => {
  const { assessments, plan } = judged(library(names));
  expect(assessments.map((one) => shortPath(one, plan.groups))).toEqual([path]);
});

test("a member that nothing strikes is told as it is, and takes no room in a table", () => {
  const given = library(["database", "assets"], "4d");
  const [database, assets] = given.assets;
  if (database?.objectives.region === undefined || assets === undefined) throw new Error("no database");
  given.assets = [{ ...database, objectives: { process: database.objectives.region } }, assets];
  // The way that leaves the assets as they are is nearest, unless they are newer than the database refers to.
  const { assessments, plan } = judged(given);
  const ways = assessments.flatMap(({ chosen, others }) => [...(chosen ? [chosen] : []), ...others]);
  const left = ways.find(({ label }) => label.endsWith("omniverse/assets as it is"));
  const [one] = assessments;
  if (one === undefined || left === undefined) throw new Error(`no way leaves the assets: ${JSON.stringify(ways)}`);
  expect(shortPath({ ...one, chosen: left }, plan.groups)).toBe("restore of the database in eu-west-1");
  expect(partsOf({ ...one, chosen: left }, plan.groups).others).toEqual(["omniverse/assets as it is"]);
});

test("a label is taken apart without losing a letter, whatever its paths are called", () => {
  const word = fc.constantFrom("restore", ", with ", "a by b", "omniverse/assets", "x as it is", "日本");
  const label = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" "));
  const { assessments, plan } = judged(library(["database", "assets", "users"]));
  const [one] = assessments as [Assessment & { chosen: object }];
  fc.assert(
    fc.property(label, (text) => {
      const { own, others } = partsOf({ ...one, chosen: { ...one.chosen, label: text } } as Assessment, plan.groups);
      return [own, ...others].join(", with ") === text;
    }),
  );
});

const long = ["database", "assets", "thumbnails-of-every-asset-that-was-ever-made", "search-index"];

test.each([80, 100, 120, 160])("the label of a group breaks no table at %i columns", (width) => {
  const text = terminal(judged(library(long)), meta, { colour: false, width });
  expect(text.split("\n").filter((line) => displayWidth(line) > width)).toEqual([]);
  expect(text.replace(/ {2,}(?=missed)|missed|\s+/g, " ").replace(/\s+/g, " ")).toContain("with 3 more assets");
  const start = text.indexOf("omniverse\n");
  expect(text.slice(start, text.indexOf("In brackets")).trimEnd().split("\n").length).toBeLessThanOrEqual(4);
});

test("a worst moment that does not give the total is not shown as its reason", () => {
  const judgement = judged(library(["database", "assets"], "4d"));
  const witness = judgement.assessments[0]?.chosen?.witness;
  if (witness === undefined) throw new Error("no witness");
  witness.at += 1;
  expect(explain(judgement, "omniverse/database", "region", plainly)).not.toContain("Its worst moment");
});

test("of many combinations the nearest are told, and the others counted", () => {
  const judgement = judged(library(["database", "assets"], "4d"));
  const [one] = judgement.assessments;
  if (one?.chosen === undefined) throw new Error("no way");
  const { chosen } = one;
  judgement.assessments = [
    { ...one, others: Array.from({ length: 20 }, (_, place) => ({ ...chosen, label: `way ${place}` })) },
  ];
  const text = explain(judgement, "omniverse/database", "region", plainly);
  expect(text.match(/^ {2}way \d+: RPO/gm)).toHaveLength(8);
  expect(text).toContain("  12 more: see the JSON evidence\n");
});
