import type * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../../../components/kubernetes/placement";
import { MaintenanceJob } from "../../../components/maintenance/maintenanceJob";
import { duration, formatSeconds } from "../../../recovery/duration";
import { INCIDENT_HOURS } from "../../incident";
import { firstRoundTakes, LONGEST_OUTAGE, lakeRates } from "../copies/rates";
import { workspaceUrl } from "../endpoints";
import { scriptWork } from "../jobWork";
import { databricksJobs, INCIDENT_MAP } from "../names";
import type { Estate } from "../site";
import { assetEnv, RECOVERY_ACCOUNT, subnets } from "./recoveryEnv";

/** Nobody writes for as long as the last round of `lake` took, and as long again as `rest`: it may take this at most. */
export const LAST_ROUND = "30m";

/** Steps by which the lost region serves again, one after the other, and how long each may take; `lake` is done in rounds. */
export const failBackSteps = {
  ready: "15m",
  lake: "5d",
  stop: "15m",
  rest: "1h",
  kafka: "30m",
  resume: "15m",
} as const;

/** Name of the CronJob of one. */
export const failBackJob = (step: keyof typeof failBackSteps) => `analytics-fail-back-${step}`;

/** Name of the CronJob that reads events again after the lake has come back to an earlier moment. */
export const REPLAY_JOB = "analytics-replay";

/** Name of the CronJob that does so in the region that serves after the loss of the other: from its oldest clone on. */
export const REPLAY_ELSEWHERE_JOB = "analytics-replay-in-secondary";

/** How long either may take. */
export const REPLAY_DEADLINE = "4h";

const byHand = { schedule: "0 0 1 1 *", startWithin: "1m", suspend: true } as const;

/** What people start after a recovery: the way back to the first region, and the events after a moment that was chosen. */
export function failBack(estate: Estate, placement: Placement, parent: pulumi.Resource): MaintenanceJob[] {
  const rates = lakeRates(estate.assumptions);
  const round = firstRoundTakes(rates);
  if (round > duration(failBackSteps.lake))
    throw new RangeError(
      `fail-back: its step lake must have the ${formatSeconds(round)} that what is written in ${LONGEST_OUTAGE} takes at the rates of the register, got ${failBackSteps.lake}: give it longer, or copy faster`,
    );
  const env = { ...assetEnv(estate, "secondary").kafka, ...assetEnv(estate, "secondary").lake };
  const incident = { INCIDENT_HOURS: String(INCIDENT_HOURS), OWN_REGION: estate.secondary.region };
  const job = (name: string, script: [string, ...string[]], deadline: string, more: Record<string, string>) =>
    new MaintenanceJob(
      name,
      {
        placement,
        job: name,
        work: scriptWork(estate, estate.secondary, {
          script,
          account: RECOVERY_ACCOUNT,
          asset: "lake",
          inputs: INCIDENT_MAP,
          env: { ...env, ...incident, STEP_SECONDS: String(duration(deadline)), ...more },
        }),
        ...byHand,
        deadline,
      },
      { parent },
    );
  const order = Object.keys(failBackSteps).join(" ");
  return [
    ...Object.entries(failBackSteps).map(([step, deadline]) =>
      job(failBackJob(step as keyof typeof failBackSteps), ["failback.sh", step], deadline, {
        RECOVERY: "fail-back",
        ORDER: order,
        WAY: "place",
        COPY_RATE: String(rates.copied),
        LAST_ROUND: String(duration(LAST_ROUND)),
        FIRST_CLONES: `${databricksJobs.firstCloneToCopy} ${databricksJobs.firstCloneToLocked}`,
        PRIMARY_REGION: estate.primary.region,
        PRIMARY_SUBNETS: subnets(estate.config.network.primary),
      }),
    ),
    // In the workspace that serves, where the lake came back in place.
    job(REPLAY_JOB, ["replay.sh"], REPLAY_DEADLINE, {
      RECOVERY: "lake-in-place",
      WAREHOUSE: estate.names.replays,
      SAYS_FROM: "find",
      DATABRICKS_URL: workspaceUrl(estate, "primary"),
    }),
    job(REPLAY_ELSEWHERE_JOB, ["replay.sh"], REPLAY_DEADLINE, {
      RECOVERY: "lake-in-secondary",
      WAREHOUSE: estate.names.replays,
      SAYS_FROM: "restore",
    }),
  ];
}
