import { describe, expect, it } from "vitest";
import { isProblem, parseCron } from "../../../recovery/schedule";
import { answer } from "./cases";

const all = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, place) => from + place * step);

describe("a field of an expression", () => {
  const minutes: [text: string, values: number[]][] = [
    ["*", all(0, 59)],
    ["?", all(0, 59)],
    ["5", [5]],
    ["05", [5]],
    ["+5", [5]],
    ["1-4", [1, 2, 3, 4]],
    ["*/15", [0, 15, 30, 45]],
    ["*/7", all(0, 59, 7)],
    ["*/100", [0]],
    ["50/4", [50, 54, 58]],
    ["10-20/5", [10, 15, 20]],
    ["1,2,1", [1, 2]],
    ["1,,2,", [1, 2]],
    [",", []],
    ["*-5", all(0, 59)],
  ];
  for (const [text, values] of minutes) {
    it(`"${text}" allows ${values.length} minutes`, () => {
      expect([...answer(parseCron(`${text} * * * *`)).minute].sort((a, b) => a - b)).toEqual(values);
    });
  }

  it("takes the names of months and days in any case", () => {
    const cron = answer(parseCron("0 0 * JAN,mar-May sun,MON"));
    expect([...cron.month]).toEqual([1, 3, 4, 5]);
    expect([...cron.dayOfWeek]).toEqual([0, 1]);
  });
});

describe("the two day fields", () => {
  const cases: [expression: string, eitherDay: boolean][] = [
    ["0 0 1-7 * 1", true],
    ["0 0 1 * *", false],
    ["0 0 ? * 1", false],
    ["0 0 */1 * 1", false],
    ["0 0 */2 * 1", true],
    ["0 0 1,* * 1", false],
    ["0 0 1-31 * 1", true],
  ];
  for (const [expression, eitherDay] of cases) {
    it(`"${expression}" runs on ${eitherDay ? "either kind of day" : "days that match both"}`, () => {
      expect(answer(parseCron(expression)).eitherDay).toBe(eitherDay);
    });
  }
});

describe("a descriptor", () => {
  const cases: [name: string, fields: string][] = [
    ["@yearly", "0 0 1 1 *"],
    ["@annually", "0 0 1 1 *"],
    ["@monthly", "0 0 1 * *"],
    ["@weekly", "0 0 * * 0"],
    ["@daily", "0 0 * * *"],
    ["@midnight", "0 0 * * *"],
    ["@hourly", "0 * * * *"],
  ];
  for (const [name, fields] of cases) {
    it(`${name} is "${fields}"`, () => expect(parseCron(name)).toEqual(parseCron(fields)));
  }
});

describe("an expression that cannot be read", () => {
  const cases: [expression: string, says: string][] = [
    ["0 24 * * *", 'hour must be 0 to 23, a range or a step above 0, got "24"; "2" is 02:00, "8-18" office hours'],
    ["60 * * * *", 'minute must be 0 to 59, a range or a step above 0, got "60"; '],
    ["1,60 * * * *", 'got "60" in "1,60"'],
    ["*/0 * * * *", 'got "*/0"'],
    ["-1 * * * *", 'got "-1"'],
    ["1.5 * * * *", 'got "1.5"'],
    ["1-2-3 * * * *", 'got "1-2-3"'],
    ["1/2/3 * * * *", 'got "1/2/3"'],
    ["20-10 * * * *", 'got "20-10"'],
    ["0 0 0 * *", "day of month must be 1 to 31"],
    ["0 0 L * *", 'got "L"'],
    ["0 0 * 13 *", 'month must be 1 to 12 or JAN to DEC, a range or a step above 0, got "13"'],
    ["0 0 * * 7", 'day of week must be 0 to 6 or SUN to SAT, a range or a step above 0, got "7"; "0" is Sunday'],
    ["0 0 * * SAT-7", 'got "SAT-7"'],
    ["0 0 * * 1#2", 'got "1#2"'],
    ["0 2 * *", "must have five fields (minute, hour, day of month, month, day of week), got 4; "],
    ["0 0 2 * * *", "got 6; "],
    ["", "got 0; "],
    [" @daily", "got 1; "],
    ["@reboot", "must be one of @yearly, @annually"],
    ["@Daily", "must be one of"],
    ["@every 1h", "@every counts from the last run"],
    ["TZ=Europe/Berlin 0 2 * * *", "Kubernetes refuses TZ= and CRON_TZ="],
    ["CRON_TZ=UTC 0 2 * * *", "Kubernetes refuses TZ= and CRON_TZ="],
  ];
  for (const [expression, says] of cases) {
    it(`"${expression}" says: ${says}`, () => {
      const read = parseCron(expression);
      expect(isProblem(read) && read.problem).toContain(says);
      expect(isProblem(read) && read.problem).toContain(`schedule "${expression}": `);
    });
  }

  it("names every field that is wrong", () => {
    expect(parseCron("60 24 * * 8")).toEqual({ problem: expect.stringMatching(/minute.*hour.*day of week/) });
  });
});
