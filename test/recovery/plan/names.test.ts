import { describe, expect, it } from "vitest";
import { changed, problemsOf } from "./written";

describe("a name that is not there", () => {
  it("may be the rest of a text that a comma cut off", () => {
    expect(problemsOf(changed("assets[0].with help", null))).toEqual([
      expect.stringMatching(
        /^assets\[0\]\["with help"\] is not a setting; .*; a text with a comma in it needs quotes$/,
      ),
    ]);
  });

  it.each([
    ["a setting", "protections[0].serie", [], 'protections[0].serie is not a setting; did you mean "series"?'],
    ["a section", "protection", [], 'protection is not a setting; did you mean "protections"?'],
    ["a setting far from all", "assets[0].zzzzzz", 1, /^assets\[0\]\.zzzzzz is not a setting; there is "id", "system"/],
    ["a prototype", 'assets[0]["__proto__x"]', 1, /^assets\[0\]\.__proto__x is not a setting; there is/],
    ["what all objects have", "assets[0].constructor", 1, /^assets\[0\]\.constructor is not a setting/],
    [
      "a disruption",
      "assets[0].objectives.regoin",
      {},
      'assets[0].objectives.regoin is not a disruption; did you mean "region"?',
    ],
    [
      "a fault domain",
      "protections[2].survives.together.rack",
      1,
      "protections[2].survives.together.rack is not a fault domain; there is process, node, zone, region",
    ],
    [
      "a kind",
      "protections[0].kind",
      "restore-point",
      /^protections\[0\]\.kind must be one of redundancy, .*did you mean "restore-points"\?$/,
    ],
    [
      "an asset",
      "protections[3].asset",
      "shop/indx",
      /^protections\[3\]\.asset must be an asset of this plan, got "shop\/indx"; did you mean "shop\/index"\?$/,
    ],
    [
      "a protection",
      "paths[0].protection",
      "dumps",
      /^paths\[0\]\.protection must be a protection of the same asset, got "dumps"; there is/,
    ],
    [
      "a protection of another asset",
      "paths[0].protection",
      "shop/index/rebuild",
      /^paths\[0\]\.protection must be a protection of the same asset/,
    ],
    [
      "a base",
      "protections[1].base",
      "shop/orders/quorum",
      /^protections\[1\]\.base must be restore points of the same asset, got "shop\/orders\/quorum"/,
    ],
    [
      "an asset to rebuild from",
      "protections[3].from",
      "shop/index",
      /^protections\[3\]\.from must be another asset of this plan, got "shop\/index"/,
    ],
    [
      "a member of a group",
      "groups[0].members[1].refersTo",
      ["shop/order"],
      'groups[0].members[1].refersTo[0] must be a member of its group, got "shop/order"; did you mean "shop/orders"?',
    ],
    [
      "a step",
      "paths[0].steps[2].after",
      ["restor"],
      'paths[0].steps[2].after[0] must be another step of its path, got "restor"; did you mean "restore"?',
    ],
    ["a place", "assets[0].at", "heer", 'assets[0].at must be a name under places, got "heer"; did you mean "here"?'],
    [
      "a system",
      "work[0].system",
      "shopp",
      'work[0].system must be a system of this plan, got "shopp"; did you mean "shop"?',
    ],
    [
      "an asset to wait for",
      "assets[1].dependsOn",
      ["shop/order"],
      'assets[1].dependsOn[0] must be an asset of this plan, got "shop/order"; did you mean "shop/orders"?',
    ],
    [
      "an asset to cover",
      "register.assumptions[0].assets",
      ["bank/*"],
      /^register\.assumptions\[0\]\.assets\[0\] must cover an asset of this plan, got "bank\/\*"/,
    ],
    [
      "a drilled path",
      "register.drills[0].path",
      "restor",
      /^register\.drills\[0\]\.path must be the name of a path of this plan, got "restor"; did you mean "restore"\?$/,
    ],
    [
      "a waived asset",
      "register.waivers[0].asset",
      "shop/order",
      /^register\.waivers\[0\]\.asset must be an asset of this plan/,
    ],
    [
      "a scheduler",
      "work[0].schedule.scheduler",
      "cron",
      /^work\[0\]\.schedule\.scheduler must be one of kubernetes, aws/,
    ],
    [
      "what an alert guards",
      "alerts[0].guards",
      "freshnes",
      /^alerts\[0\]\.guards must be one of freshness, .*did you mean "freshness"\?$/,
    ],
  ])("is %s", (_, path, value, expected) => {
    const found = problemsOf(changed(path, value)).find((one) =>
      one.startsWith(path.replace('["__proto__x"]', ".__proto__x")),
    );
    if (typeof expected === "string") expect(found).toBe(expected);
    else expect(found).toMatch(expected);
  });
});
