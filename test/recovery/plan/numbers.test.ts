import { describe, expect, it } from "vitest";
import { changed, planOf, problemsOf } from "./written";

describe("a number", () => {
  const run = "protections[0].series[0].run";
  it.each([
    ["a duration", "1h", 3_600],
    ["whole seconds", 90, 90],
    ["a map with a value", { value: "1h" }, 3_600],
    ["a map with seconds", { value: 60, grade: "contractual", name: "SLA" }, 60],
    ["without limit", { unbounded: "no deadline" }, { unbounded: "no deadline" }],
    ["unknown", { unknown: "nobody knows" }, { unknown: "nobody knows" }],
    ["unknown as a value", { value: { unknown: "nobody knows" } }, { unknown: "nobody knows" }],
  ])("may be %s", (_, value, expected) => {
    expect(planOf(changed(run, value)).protections[0]).toMatchObject({ series: [{ run: { value: expected } }] });
  });

  const span = 'must be a duration such as "15m" or "1h30m", or whole seconds';
  const map = 'must be a duration such as "15m", or a map with value, unbounded or unknown';
  it.each([
    ["words", "1 hour", [`${run} ${span}, got "1 hour"`]],
    ["an empty text", "", [`${run} ${span}, got ""`]],
    ["negative", -1, [`${run} ${span}, got -1`]],
    ["a fraction", 1.5, [`${run} ${span}, got 1.5`]],
    ["no number", Number.NaN, [`${run} ${span}, got NaN`]],
    ["endless", Number.POSITIVE_INFINITY, [`${run} ${span}, got Infinity`]],
    ["huge", 1e308, [`${run} ${span}, got 1e+308`]],
    ["beyond any promise", 1e13, [`${run} ${span}, at most 31,000 years, got 10000000000000`]],
    ["beyond any promise in words", "9999999w", [`${run} ${span}, at most 31,000 years, got "9999999w"`]],
    ["nothing", undefined, [`${run} ${map}, got nothing`]],
    ["null", null, [`${run} ${map}, got null`]],
    ["a list", [], [`${run} ${map}, got a list`]],
    ["true", true, [`${run} ${map}, got true`]],
    ["an empty map", {}, [`${run} must say a value, unbounded or unknown; e.g. { value: 15m }`]],
    [
      "two things at once",
      { value: "1h", unbounded: "no" },
      [`${run} must say one of value, unbounded and unknown, got several`],
    ],
    [
      "a reason that says nothing",
      { unknown: "" },
      [
        `${run}.unknown must be a text such as "nobody has measured it", not empty and without blanks around it, got ""`,
      ],
    ],
    [
      "assumed by nobody",
      { value: "1h", grade: "assumed" },
      [`${run}.grade must name the entry of the register that answers for it; e.g. assumption: acknowledge`],
    ],
    [
      "guaranteed by an assumption",
      { value: "1m", grade: "guaranteed", assumption: "upload" },
      [`${run}.grade must be assumed where assumption "upload" stands for it, got guaranteed`],
    ],
    [
      "not what its assumption says",
      { value: "1h", assumption: "upload" },
      [`${run}.value must be what assumption "upload" says, 60 seconds, got 3600; leave it out`],
    ],
    [
      "what an assumption without a value says",
      { assumption: "undrilled" },
      [`${run} must say a value, unbounded or unknown: assumption "undrilled" states no value; e.g. { value: 15m }`],
    ],
    [
      "assumed by an entry that does not exist",
      { assumption: "uplaod" },
      [`${run}.assumption must be an assumption or a site of the register, got "uplaod"; did you mean "upload"?`],
    ],
    [
      "of a grade that does not exist",
      { value: "1h", grade: "garanteed" },
      [
        `${run}.grade must be one of guaranteed, measured, contractual, assumed, got "garanteed"; did you mean "guaranteed"?`,
      ],
    ],
    [
      "reckoned from a fact that does not exist",
      { value: "1h", facts: ["postgres.archive-timeot"] },
      [
        `${run}.facts[0] must be a fact of recovery/facts, got "postgres.archive-timeot"; did you mean "postgres.archive-timeout"?`,
      ],
    ],
  ])("that is %s is refused", (_, value, expected) => {
    expect(problemsOf(changed(run, value))).toEqual(expected);
  });

  it("of a recovery step says itself how it is known, since a deadline proves only when it failed", () => {
    expect(problemsOf(changed("paths[0].steps[0].bound", "5m"))).toEqual([
      'paths[0].steps[0].bound must say how it is known, got "5m"; e.g. { value: 5m, assumption: <id> }, or { value: 5m, grade: measured } after a verified drill',
    ]);
    expect(problemsOf(changed("paths[0].decide", "15m"))).toHaveLength(1);
    expect(problemsOf(changed("paths[0].steps[0].bound", { unknown: "nobody tried" }))).toEqual([]);
  });

  it("that was measured has a drill on record", () => {
    expect(problemsOf(changed("register.drills", []))).toEqual([
      'paths[0].steps[0].bound.grade must not be measured: register.drills has no record of path "restore" of shop/orders',
      'paths[0].steps[1].bound.grade must not be measured: register.drills has no record of path "restore" of shop/orders',
    ]);
    // Where nobody says whose path it is, that is what is told.
    const nobodys = problemsOf(changed("paths[0].asset", undefined));
    expect(nobodys.filter((one) => one.includes("measured") || one.includes("undefined"))).toEqual([]);
  });

  it.each([
    [
      "assets",
      "register.assumptions[1].assets",
      ["shop/index"],
      'must cover shop/orders, but "decide" is for shop/index',
    ],
    ["disruptions", "register.assumptions[1].disruptions", ["zone"], 'must cover region, but "decide" is for zone'],
    [
      "path",
      "register.assumptions[1].path",
      "index-again",
      'must cover path "restore", but "decide" is for "index-again"',
    ],
  ])("rests on an entry of the register for its %s only", (_, setting, value, expected) => {
    expect(problemsOf(changed(setting, value))).toEqual([`paths[0].decide.assumption ${expected}`]);
  });
});

describe("a limit", () => {
  const rpo = "assets[0].objectives.region.rpo";
  it.each([
    ["at most", "15m", { seconds: 900, strict: false }],
    ["below", "under 15m", { seconds: 900, strict: true }],
    ["whole seconds", 0, { seconds: 0, strict: false }],
    ["both parts", { seconds: 900, strict: true }, { seconds: 900, strict: true }],
  ])("may be %s", (_, value, expected) => {
    expect(planOf(changed(rpo, value)).assets[0]?.objectives.region?.rpo).toEqual(expected);
  });

  const rule = 'must be a duration such as "15m" or "under 15m", or whole seconds';
  it.each([
    ["below nothing", "under 0s", 'must leave room below it, got "under 0s"; e.g. "under 15m"'],
    [
      "below nothing in parts",
      { seconds: 0, strict: true },
      'must leave room below it, got "under 0s"; e.g. "under 15m"',
    ],
    ["words", "15 minutes", `${rule}, got "15 minutes"`],
    ["negative", -900, `${rule}, got -900`],
    ["nothing", undefined, `${rule}, got nothing`],
  ])("that is %s is refused", (_, value, expected) => {
    expect(problemsOf(changed(rpo, value))).toEqual([`${rpo} ${expected}`]);
  });
});
