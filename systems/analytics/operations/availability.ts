import { Availability } from "../../../components/availability/availability";
import type { PlannedWorkArgs } from "../../../recovery/plan";
import type { AnalyticsConfig } from "../config";
import { drillTime } from "../recovery/rehearsals";
import type { Estate } from "../site";
import { choreNames } from "./choreNames";
import type { Chore } from "./operationsConfig";

/** What people call each piece of regular work, and what they notice of it. */
const noticed: Readonly<Partial<Record<Chore, string>>> = {
  restartBronze: "weekly restart of bronze, beside which another cluster works",
  restartSilver: "weekly restart of silver, beside which another cluster works",
  restartGold: "weekly restart of gold, beside which another cluster works",
  patchSecondary: "monthly security patches of the region that stands by",
  patchPrimary: "monthly security patches of the region that works, node by node",
  capacity: "monthly capacity review",
};

/** The document's 99.99 %, and all planned work that must fit beside it. */
export function availability({ config, parent }: Estate): Availability {
  return new Availability(
    "analytics-availability",
    {
      system: "analytics",
      atLeast: "99.99%",
      over: "30d",
      readOnlyCounts: true,
      owner: "platform operations team",
      reason:
        "the document's uptime; a month of it leaves 4 minutes and 19 seconds, and a platform for events in real time that takes none is not there",
      work: plannedWork(config),
    },
    { parent },
  );
}

/** Planned work as the document's table has it; none of it takes anything away. */
export function plannedWork({ operations }: Pick<AnalyticsConfig, "operations">): PlannedWorkArgs[] {
  const chores = (Object.keys(noticed) as Chore[]).map((chore): PlannedWorkArgs => {
    const { schedule, timeZone, deadline } = operations.chores[chore];
    return { name: `${choreNames[chore]}: ${noticed[chore]}`, schedule, timeZone, lasts: deadline, effect: "none" };
  });
  return [
    ...chores,
    {
      // The document's is read-only for 4 hours, 55 times what 99.99 % leaves of a month: this one is made beside.
      name: "quarterly platform upgrade, on clusters beside those that work",
      schedule: "0 8 5 1,4,7,10 *",
      lasts: "4h",
      effect: "none",
    },
    {
      name: "disaster recovery test of every second month, in the region that stands by",
      schedule: drillTime.schedule,
      lasts: drillTime.deadline,
      effect: "none",
    },
  ];
}
