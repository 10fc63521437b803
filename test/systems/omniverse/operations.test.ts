import { describe, expect, it } from "vitest";
import { choreNames } from "../../../systems/omniverse/choreNames";
import { omniverseSchema } from "../../../systems/omniverse/config";
import { CPU_LEVELS, DISK_LEVELS } from "../../../systems/omniverse/levels";
import { orphanDays } from "../../../systems/omniverse/operations";
import { choresSchema, collisions } from "../../../systems/omniverse/operationsConfig";
import { choreTexts } from "../../../systems/omniverse/runbooks/dailyWork";

const chores = choresSchema.parse(undefined);
const { database } = omniverseSchema.shape.backups.parse({
  bucket: "company-copies",
  secret: "holdfast/prod/omniverse-restic",
});
const at = (schedule: string, deadline = "75m", timeZone = "Etc/UTC") => ({
  ...chores.maintenance,
  schedule,
  deadline,
  timeZone,
});

describe("the levels of a disk", () => {
  it("come one after the other, and the review of processors before their alert", () => {
    expect(DISK_LEVELS).toEqual({ review: 80, alert: 85, emergency: 90 });
    expect(CPU_LEVELS.review).toBeLessThan(CPU_LEVELS.alert);
  });
});

describe("the work on the database", () => {
  it("runs beside no dump in production", () => expect(collisions(chores.maintenance, database)).toEqual([]));

  it.each([
    ["with the dump, as the runbook has it", at("0 2 * * 0"), "2026-01-04 02:00"],
    ["into the next dump", at("0 5 * * 0"), "2026-01-04 05:00"],
    ["where only the summer of its zone brings it there", at("30 4 * * 0", "30m", "Europe/Berlin"), "2026-03-29 02:30"],
    ["for longer than dumps are apart", at("0 3 * * 0", "4h"), "2026-01-04 03:00"],
  ])("is refused %s", (_, maintenance, when) => {
    const found = collisions(maintenance, database);
    expect(found).toEqual([{ key: "operations.chores.maintenance", message: expect.stringContaining(when) as string }]);
  });

  it("is taken up to the minute in which a dump begins, and refused a minute later", () => {
    expect(collisions(at("55 4 * * 0", "60m"), database)).toEqual([]);
    expect(collisions(at("56 4 * * 0", "60m"), database)).toHaveLength(1);
  });
});

describe("an orphan", () => {
  it.each([
    ["91d", "35d", 92],
    ["20d", "35d", 36],
  ])("waits longer than dumps of %s and moments of %s: %i days", (dumps, moments, days) => {
    expect(orphanDays(dumps, moments)).toBe(days);
  });
});

describe("the page of the daily work", () => {
  it("has a text for every job", () => expect(Object.keys(choreTexts).sort()).toEqual(Object.keys(choreNames).sort()));
});
