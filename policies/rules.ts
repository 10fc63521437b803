import type { Rule } from "../recovery";
import { aCopyCannotBeDeleted } from "./rules/a-copy-cannot-be-deleted";
import { aCopyIsOutsideTheRegion } from "./rules/a-copy-is-outside-the-region";
import { dataStoresHaveObjectives } from "./rules/data-stores-have-objectives";
import { eachObjectiveHasAnAlert } from "./rules/each-objective-has-an-alert";
import { linksResolve } from "./rules/links-resolve";
import { plannedWorkFitsAvailability } from "./rules/planned-work-fits-availability";
import { recoveryIsRehearsed } from "./rules/recovery-is-rehearsed";
import { restorePointsAreKept } from "./rules/restore-points-are-kept";
import { restoresFitTheirDeadline } from "./rules/restores-fit-their-deadline";
import { rpoIsMet } from "./rules/rpo-is-met";
import { rtoIsMet } from "./rules/rto-is-met";
import { runsAreBounded } from "./rules/runs-are-bounded";
import { runsDoNotOverlap } from "./rules/runs-do-not-overlap";
import { schedulesRun } from "./rules/schedules-run";
import { verificationComesBeforeExpiry } from "./rules/verification-comes-before-expiry";
import { volumesHoldTheirData } from "./rules/volumes-hold-their-data";

/** Every rule of the pack, in the order reports show their findings. */
export const rules: readonly Rule[] = [
  rpoIsMet,
  rtoIsMet,
  dataStoresHaveObjectives,
  restorePointsAreKept,
  verificationComesBeforeExpiry,
  aCopyIsOutsideTheRegion,
  aCopyCannotBeDeleted,
  schedulesRun,
  runsAreBounded,
  runsDoNotOverlap,
  restoresFitTheirDeadline,
  eachObjectiveHasAnAlert,
  recoveryIsRehearsed,
  volumesHoldTheirData,
  plannedWorkFitsAvailability,
  linksResolve,
];
