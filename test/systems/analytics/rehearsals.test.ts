import { expect, test } from "vitest";
import { drillLifeDays } from "../../../recovery";
import { duration } from "../../../recovery/duration";
import { drillTime } from "../../../systems/analytics/recovery/rehearsals";
import { gapsOf } from "../../../systems/spans";

test("a drill is repeated before its record has run out, and so at least each quarter as the document says", () => {
  const [longest] = gapsOf({ schedule: drillTime.schedule, timeZone: "Etc/UTC" });
  const again = longest + duration(drillTime.startWithin) + duration(drillTime.deadline);
  expect(again).toBeLessThan(drillLifeDays * 86_400);
});

test("a drill has the document's 8 hours", () => {
  expect(duration(drillTime.deadline)).toBe(8 * 3_600);
});
