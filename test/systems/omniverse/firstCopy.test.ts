import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { omniverseSystem } from "../../../systems/omniverse/config";
import { jobsPath } from "../../support/doubles";

/** What the settings say against each other, of a stack with these assets and this copy job. */
function problems(bytes: number, copies: Record<string, unknown>) {
  const backups = { bucket: "copies", secret: "holdfast/prod/omniverse-restic", ...copies };
  return omniverseSystem.contradictions?.({ assets: { bucket: "assets", replica: "replica", bytes }, backups });
}

// 12,000 s are 3h20m, and 20m it may wait for a dump.
const assetRate = 50_000_000;
const deadline = (value: string) => ({ assetRate, assets: { deadline: value } });

it.each<[string, number, Record<string, unknown>]>([
  ["production's", 500e9, {}],
  ["one that just fits", 600e9, deadline("3h40m")],
  ["a small one at the slowest rate", 1e9, { assetRate: 1_000_000 }],
])("a deadline that the first copy of a month keeps is taken: %s", (_, bytes, copies) => {
  expect(problems(bytes, copies)).toEqual([]);
});

it.each<[string, number, Record<string, unknown>, string]>([
  ["that just does not fit", 600e9 + 1, deadline("3h40m"), "at least 3h 41m"],
  ["of the others, which send what is new", 500e9, { assets: { deadline: "2h" } }, "at least 3h 7m"],
  ["for fewer files than there are", 2e12, {}, "at least 11h 27m"],
])("a deadline %s is refused, because the first copy of a month sends everything", (_, bytes, copies, says) => {
  const [problem, ...others] = problems(bytes, copies) ?? [];
  expect(problem).toMatchObject({ key: "backups.assets.deadline", message: expect.stringContaining(says) as string });
  expect(others).toEqual([]);
});

it("the wait for a dump is as long as the job's", () => {
  expect(readFileSync(join(jobsPath("omniverse"), "pair.sh"), "utf8")).toMatch(/DUMP_WITHIN:=1200\}/);
});
