import { describe, expect, it } from "vitest";
import { habits, habitsOf, next, runs, type Scheduler, schedulers, worstGaps } from "../../../recovery/schedule";
import { answer, at } from "./cases";

const day = 86_400;

describe("the habits of every scheduler", () => {
  const all = [
    ...schedulers.map((scheduler) => [scheduler, habits[scheduler]] as const),
    ["azure", habitsOf({ scheduler: "azure", expression: "R/2026-01-01T02:00Z/P1D" })] as const,
  ];
  for (const [scheduler, { subject, example, ...statements }] of all) {
    it(`of ${subject} say one thing each, with its source`, () => {
      for (const [name, { says, source }] of Object.entries(statements)) {
        expect(says, name).toMatch(/^.{2,170}[^.]$/);
        expect(source, name).toMatch(/^https:|\/.+\.(md|yml|java|go)|, \w+\.c|cron\(8\)|^measured|^@pulumi/);
      }
    });

    it(`of ${subject} have an example that runs once a week`, () => {
      const schedule = { scheduler, expression: example, timeZone: "Etc/UTC" };
      expect(answer(worstGaps(schedule, at("2026-01-01"))).maxGapSeconds[0]).toBe(7 * day);
      expect(new Date(Number(next(schedule, at("2026-01-10"))) * 1000).toISOString()).toBe("2026-01-11T02:00:00.000Z");
    });
  }
});

describe("the default start slack", () => {
  const slack: [scheduler: Scheduler, seconds: number | "unbounded"][] = [
    ["kubernetes", "unbounded"],
    ["aws", 8 * 3600],
    ["quartz", "unbounded"],
    ["azure", "unbounded"],
    ["debian", 60],
    ["dlm", 3600],
  ];
  for (const [scheduler, seconds] of slack) {
    it(`of ${scheduler} is ${seconds}`, () => {
      const { bound } = habits[scheduler].startSlack;
      expect(typeof bound === "number" ? bound : "unbounded").toBe(seconds);
    });
  }

  it("of an AWS Backup job goes with seven days to complete", () => expect(habits.aws.longestRun.bound).toBe(7 * day));
});

describe("what the habits say of the changed hours is what the calendars do", () => {
  const daily: Record<Exclude<Scheduler, "dlm">, string> = {
    kubernetes: "30 2 * * *",
    aws: "cron(30 2 * * ? *)",
    quartz: "0 30 2 * * ?",
    azure: '{"frequency":"Day","schedule":{"hours":[2],"minutes":[30]}}',
    debian: "30 2 * * *",
  };
  const said: [scheduler: keyof typeof daily, spring: RegExp, inSpring: number, autumn: RegExp, inAutumn: number][] = [
    ["kubernetes", /does not start/, 0, /starts twice/, 2],
    ["aws", /does not start/, 0, /starts once/, 1],
    ["quartz", /does not start/, 0, /starts once/, 1],
    ["azure", /starts an hour later/, 1, /starts once/, 1],
    ["debian", /runs right after/, 1, /runs once/, 1],
  ];
  for (const [scheduler, spring, inSpring, autumn, inAutumn] of said) {
    it(`${scheduler}: ${inSpring} in the skipped hour, ${inAutumn} in the repeated one`, () => {
      const schedule = { scheduler, expression: daily[scheduler], timeZone: "Europe/Berlin" };
      const count = (from: string, to: string) => answer(runs(schedule, at(from), at(to))).length;
      expect(habits[scheduler].skippedHour.says).toMatch(spring);
      expect(count("2026-03-28T23:00Z", "2026-03-29T22:00Z")).toBe(inSpring);
      expect(habits[scheduler].repeatedHour.says).toMatch(autumn);
      expect(count("2026-10-24T22:00Z", "2026-10-25T23:00Z")).toBe(inAutumn);
    });
  }
});

describe("an Azure schedule", () => {
  it("is Azure Backup's when it is a repeating interval, and else Logic Apps' or Data Factory's", () => {
    const of = (expression: string) => habitsOf({ scheduler: "azure", expression }).subject;
    expect(of("R/2026-01-01T02:00Z/P1D")).toBe("Azure Backup");
    expect(of('["R/2026-01-01T02:00Z/P1D"]')).toBe("Azure Backup");
    expect(of(' {"frequency":"Day"}')).toBe("an Azure recurrence");
  });
});
