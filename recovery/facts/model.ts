import { factsOf } from "./group";

const ours = { standing: "design", source: "Holdfast, docs/model.md", read: "2026-11-21" } as const;

/** What the model itself settles: conventions of ours, to be weighed and not to be looked up. */
export const model = factsOf("model", {
  drillLife: { says: "A drill record counts this long.", value: 90, unit: "days", ...ours },
  drillFactor: {
    says: "A measured time counts as this much of the longest of the recent drills.",
    value: 125,
    unit: "percent",
    ...ours,
  },
  extrapolation: {
    says: "What a drill measured is stretched to at most this many times the data it moved.",
    value: 10,
    unit: "count",
    ...ours,
  },
  missedRuns: {
    says: "A promise must hold through this many failed runs where its owner names no other number.",
    value: 1,
    unit: "count",
    ...ours,
  },
  calendarYears: {
    says: "Schedules are looked at over this many years: every day of the year then meets every clock change.",
    value: 10,
    unit: "count",
    ...ours,
  },
});
