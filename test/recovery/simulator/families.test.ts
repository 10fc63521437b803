import { afterAll, describe, expect, it } from "vitest";
import { edgeFamilies } from "../../support/simulator/edgeFamilies";
import { lossFamilies } from "../../support/simulator/lossFamilies";
import { tableOf } from "../../support/simulator/tally";
import { timeFamilies } from "../../support/simulator/timeFamilies";

/** The same plans each time, so that the table can be read beside an older one. */
const seed = Number(process.env.SIMULATOR_SEED ?? 20_261_121);

const families = [...lossFamilies, ...edgeFamilies, ...timeFamilies];

afterAll(() => {
  process.stdout.write(`\n${tableOf(families.map(({ tally }) => tally))}\n\n`);
});

describe("generated plans, played against an adversary", () => {
  it.each(families.filter(({ exact }) => exact))(
    "cost exactly what the model claims: $name, $plans plans",
    ({ plans, tally, play }) => {
      play(seed);
      expect([tally.plans > 0.9 * plans, tally.exact]).toEqual([true, 1]);
    },
  );

  it.each(families.filter(({ exact }) => !exact))(
    "never cost more than the model claims: $name, $plans plans",
    ({ plans, tally, play }) => {
      play(seed);
      expect(tally.plans).toBeGreaterThan(0.9 * plans);
    },
  );

  it("are more than 20,000", () => {
    expect(families.reduce((sum, { plans }) => sum + plans, 0)).toBeGreaterThan(20_000);
  });
});
