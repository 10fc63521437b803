import fc from "fast-check";
import { expect, test } from "vitest";
import { clean, displayWidth, hang, pad, wrap } from "../../evidence/text";

test("no wrapped line is wider than asked, and no word is lost", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), fc.integer({ min: 10, max: 60 }), (text, width) => {
      const lines = wrap(text, width);
      const letters = (from: string) => clean(from).replace(/[\s\u00a0]/g, "");
      return lines.every((line) => displayWidth(line) <= width) && letters(lines.join("")) === letters(text);
    }),
  );
});

test("a duration, a schedule and a date stay on one line", () => {
  expect(wrap("the plan can lose 359h 40m", 24)).toEqual(["the plan can lose", "359h 40m"]);
  expect(wrap("the schedule is 0 */8 * * *", 20)).toEqual(["the schedule is", "0 */8 * * *"]);
  expect(wrap("newest point Sat  3 Oct 02:00", 22)).toEqual(["newest point", "Sat  3 Oct 02:00"]);
});

test("spaces inside a text are kept, since they set a schedule apart", () => {
  expect(wrap("schedule  0 1 * * 0  of CronJob x", 60)).toEqual(["schedule  0 1 * * 0  of CronJob x"]);
});

test("a resource name cannot move the cursor, turn the text around or start a new line", () => {
  expect(clean("a\u001b[2Jb\nc\u202ed")).toBe("a [2Jb c d");
});

test("texts are padded by the columns they take, not by their characters", () => {
  expect(displayWidth(pad("日本", 6))).toBe(6);
  expect(pad("48m", 6, "right")).toBe("   48m");
});

test("further lines of a paragraph start below its first word", () => {
  expect(hang("  fix: ", "keep the copy in another region", 28)).toEqual([
    "  fix: keep the copy in",
    "       another region",
  ]);
});
