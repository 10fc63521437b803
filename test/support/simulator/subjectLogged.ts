import fc from "fast-check";
import type { Asset, Plan } from "../../../recovery";
import { source } from "../../recovery/build";
import { restorePoints, seldom, seriesOn } from "./pool";
import { calendarsOf, planOf, type Subject } from "./subject";
import { type Archived, archivedPlan, archivedWorld, withLog } from "./subjectArchive";
import type { World } from "./world";

/** A log that must fit restore points of another asset; spans in seconds. */
export interface Logged {
  points: Subject;
  log: Archived;
}

/** The plan of such a pair, the restore points first. */
export function loggedPlan({ points, log }: Logged): Plan {
  const other = "s/points";
  const [first, second] = [planOf(points, "region"), archivedPlan(log)];
  return {
    ...second,
    assets: [{ ...first.assets[0], id: other } as Asset, ...second.assets],
    protections: [...first.protections.map((one) => ({ ...one, id: "other", asset: other })), ...second.protections],
    paths: [...first.paths.map((one) => ({ ...one, id: "other", asset: other, protection: "other" })), ...second.paths],
    groups: [
      {
        id: "together",
        members: [
          { asset: other, refersTo: [] },
          { asset: "s/data", refersTo: [other] },
        ],
        source: source("together"),
      },
    ],
  };
}

/** Such a pair as the simulator sees it. */
export function loggedWorld({ points, log }: Logged): World {
  const { calendars, keepers } = archivedWorld(log);
  return {
    calendars: [...calendars, ...calendarsOf(points, 1)],
    keepers: [...keepers, { keeps: "points", chain: 1, kept: points.kept }],
    members: [
      { keepers: [2], refersTo: [] },
      { keepers: [1], refersTo: [0] },
    ],
  };
}

/** Pairs that keep everything, noticed and restored at once. */
export const logged: fc.Arbitrary<Logged> = fc
  .record({ points: restorePoints(seriesOn("full", seldom).map((one) => [one])), log: withLog })
  .map(({ points, log }) => ({
    points: { ...points, ...atOnce },
    log: { ...log, ...atOnce, logKept: always, disruption: "region" },
  }));

const always = 20 * 366 * 86_400;
const atOnce = { kept: always, detect: 0, decide: 0, stop: 0, restore: 0 };
