import fc from "fast-check";
import { restorePoints, seriesOn } from "./pool";
import { kubernetes, type Taking } from "./subject";
import type { Copied } from "./subjectCopies";

const hour = 3_600;
const always = 20 * 366 * 86_400;

/** Every day alike, so that what is not carried on within some days never is. */
const alike = fc.constantFrom(
  ...["0 2 * * *", "30 2 * * *", "0 3 * * *", "0 4 * * *", "0 2,14 * * *", "0 */6 * * *", "10 */4 * * *"].map(
    (expression) => kubernetes(expression),
  ),
);

/** Runs of up to half an hour, up to a quarter of an hour late. */
const brief = seriesOn("full", alike).map(
  (one): Taking => ({ ...one, overlap: "forbid", slack: one.slack % 900, run: one.run % 1_801 }),
);

/** How long a copy beside the asset keeps points: some hours, whole or to the second, or a few days. */
const spans = fc.oneof(
  fc.integer({ min: 1, max: 30 }).map((hours) => hours * hour),
  fc.integer({ min: 1, max: 30 * hour }),
  fc.integer({ min: 1, max: 5 }).map((days) => days * 24 * hour),
);

/** Subjects whose points are deleted where they are taken, maybe before the job has come that carries them on. */
export const expiring: fc.Arbitrary<Copied> = fc
  .record({
    subject: restorePoints(fc.constant([])),
    taking: brief,
    relay: brief,
    kept: fc.array(spans, { minLength: 1, maxLength: 2 }),
  })
  .map(({ subject, taking, relay, kept }) => ({
    ...subject,
    kept: always,
    detect: 0,
    decide: 0,
    stop: 0,
    restore: 0,
    transfer: subject.transfer % 1_800,
    takings: [taking],
    copies: [
      ...kept.map((one) => ({ at: "near" as const, kept: one, lock: "none" as const, locked: 0 })),
      { at: "far", kept: always, lock: "none", locked: 0, relay },
    ],
    disruption: "region",
  }));
