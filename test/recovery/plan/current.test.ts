import { describe, expect, it } from "vitest";
import { assess } from "../../../recovery";
import { currentPlan, type PlanFile, readPlanFile, writePlan } from "../../../recovery/plan/file";
import { changed, type Written, written } from "./written";

const day = (text: string) => Date.parse(`${text}T00:00:00Z`) / 1_000;

const read = (file: Written): PlanFile => {
  const answer = readPlanFile(file, "orders.yaml");
  if (Array.isArray(answer)) throw new Error(JSON.stringify(answer));
  return answer;
};
const messages = (file: PlanFile, asOf: string) => currentPlan(file, day(asOf)).problems.map(({ message }) => message);
/** The same plan as preview writes it. */
const observed = (file: PlanFile): PlanFile =>
  read(JSON.parse(JSON.stringify(writePlan(file.plan, { resources: 1, problems: [] }))) as Written);

describe("a plan as it stands on a day", () => {
  it("is the plan itself while all of its register counts", () => {
    const file = read(written());
    expect(currentPlan(file, day("2026-11-21"))).toEqual({ plan: file.plan, problems: [] });
  });

  it("counts an entry on its last day, and no longer on the next", () => {
    const file = read(written());
    expect(messages(file, "2027-03-01")).toEqual([]);
    expect(messages(file, "2027-03-02")).toEqual([
      "site prod expired on 2027-03-01: renew it with a reason, or mend what it stands for",
      "assumption upload expired on 2027-03-01: renew it with a reason, or mend what it stands for",
      "assumption decide expired on 2027-03-01: renew it with a reason, or mend what it stands for",
      "assumption undrilled expired on 2027-03-01: renew it with a reason, or mend what it stands for",
      "waiver of rto-is-met for shop/orders expired on 2027-03-01: renew it with a reason, or mend what it stands for",
    ]);
    expect(currentPlan(file, day("2027-03-02")).plan.register).toMatchObject({
      sites: [],
      assumptions: [],
      waivers: [],
    });
  });

  it("does not know a number whose entry has expired, so that no promise rests on it", () => {
    const { plan } = currentPlan(read(written()), day("2027-03-02"));
    expect(plan.paths[0]?.decide[0]).toMatchObject({ value: { unknown: "assumption decide expired on 2027-03-01" } });
    expect(plan.paths[0]?.decide[0]).not.toHaveProperty("assumption");
    const [region] = assess(plan, day("2027-03-02"));
    expect(region?.verdict).toBe("cannot prove");
  });

  it("needs what an expired entry said would be there at its own place", () => {
    const need = { what: "images", at: { unknown: "a registry somewhere" }, assumption: "undrilled" };
    const file = read(changed("paths[0].needs", [need]));
    const needAt = (asOf: string) => currentPlan(file, day(asOf)).plan.paths[0]?.needs[0];
    expect(needAt("2026-11-21")).toMatchObject({ assumption: "undrilled" });
    expect(needAt("2027-03-02")).toMatchObject({ what: "images", at: { unknown: "a registry somewhere" } });
    expect(needAt("2027-03-02")).not.toHaveProperty("assumption");
  });

  it("does not take an entry that nobody looks at for more than a year", () => {
    const far = (expires: string) => messages(read(changed("register.assumptions[0].expires", expires)), "2026-11-21");
    expect(far("2027-11-22")).toEqual([]);
    expect(far("2027-11-23")).toEqual([
      "assumption upload expires on 2027-11-23, more than 366 days ahead: somebody must look at it once a year",
    ]);
  });

  it("leaves what a program says for too long to where the program was read", () => {
    const file = read(changed("register.assumptions[0].expires", "2030-01-01"));
    expect(messages(file, "2026-11-21")).toHaveLength(1);
    expect(messages(observed(file), "2026-11-21")).toEqual([]);
    expect(messages(observed(file), "2031-01-01")).toHaveLength(5);
  });

  it("does not count a drill that has not come yet", () => {
    const file = read(changed("register.drills[0].date", "2026-12-01"));
    expect(messages(file, "2026-11-21")).toEqual(["drill record 2026-11 is dated 2026-12-01, which has not come yet"]);
    expect(currentPlan(file, day("2026-11-21")).plan.register.drills).toEqual([]);
    expect(messages(file, "2026-12-01")).toEqual([]);
  });

  const grades = (file: PlanFile, asOf: string) =>
    currentPlan(file, day(asOf)).plan.paths[0]?.steps.map(({ bound }) => bound.grade);
  it.each([
    ["within 90 days of a drill", written(), "2027-01-30", "measured"],
    ["later", written(), "2027-01-31", "assumed"],
    ["by a drill that nobody verified", changed("register.drills[0].verified", false), "2026-11-21", "assumed"],
    ["by a drill as slow as the deadlines", changed("register.drills[0].took", "2h5m"), "2026-11-21", "measured"],
    ["by a drill that was slower", changed("register.drills[0].took", "2h5m1s"), "2026-11-21", "assumed"],
    [
      "by a drill of a tenth of the data",
      changed("register.drills[0].bytes", 1e8, changed("register.drills[0].took", "12m")),
      "2026-11-21",
      "measured",
    ],
    [
      "by a drill of less",
      changed("register.drills[0].bytes", 1e7, changed("register.drills[0].took", "1s")),
      "2026-11-21",
      "assumed",
    ],
  ])("takes a deadline for measured or not: %s", (_, file, asOf, expected) => {
    expect(grades(read(file), asOf)).toEqual([expected, expected, "assumed"]);
  });

  it("leaves grades to where the program was read", () => {
    expect(grades(observed(read(written())), "2027-02-20")).toEqual(["measured", "measured", "assumed"]);
  });
});
