import type * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../../../components/kubernetes/placement";
import { MaintenanceJob } from "../../../components/maintenance/maintenanceJob";
import { type Duration, duration, formatSeconds, seconds } from "../../../recovery/duration";
import { INCIDENT_HOURS } from "../../incident";
import { type LakeRates, LONGEST_OUTAGE, lakeRates, roundsTake } from "../copies/rates";
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

/** What was written in so long goes back in one statement, and is noted: what comes next begins there, whatever becomes of it. */
export const AT_ONCE: Duration = "1d";

/** Databricks ends a statement of a warehouse after so long: https://docs.databricks.com/sql/language-manual/parameters/statement_timeout */
const STATEMENT: Duration = "2d";

/** All rounds of `lake` rest on one `ready`: people start each, which may take as long again as the rounds themselves. */
const ROUNDS: Duration = "14d";

/** Name of the CronJob of one. */
export const failBackJob = (step: keyof typeof failBackSteps) => `analytics-fail-back-${step}`;

/** Name of the CronJob that reads events again after the lake has come back to an earlier moment. */
export const REPLAY_JOB = "analytics-replay";

/** Name of the CronJob that does so in the region that serves after the loss of the other: from its oldest clone on. */
export const REPLAY_ELSEWHERE_JOB = "analytics-replay-in-secondary";

/** How long either may take. */
export const REPLAY_DEADLINE = "4h";

const byHand = { schedule: "0 0 1 1 *", startWithin: "1m", suspend: true } as const;

/**
 * Holds the rates of the register against the time that each part of a fail-back has.
 * @throws RangeError where what is written in the longest outage does not go back within it.
 */
export function failBackFits(rates: LakeRates): void {
  const rounds = roundsTake(rates, LAST_ROUND);
  const once = seconds(Math.ceil((duration(AT_ONCE) * rates.written) / rates.copied));
  const all = seconds(rounds.reduce((sum, one) => sum + one, 0));
  const parts = [
    ["its step lake", rounds[0] ?? all, `what is written in ${LONGEST_OUTAGE}`, failBackSteps.lake],
    ["a statement of it", once, `what is written in ${AT_ONCE}`, STATEMENT],
    ["its rounds", seconds(2 * all), "twice what all of them bring", ROUNDS],
  ] as const;
  for (const [part, takes, what, has] of parts)
    if (takes > duration(has))
      throw new RangeError(
        `fail-back: ${part} must have the ${formatSeconds(takes)} that ${what} takes at the rates of the register, got ${has}: give it longer, or copy faster`,
      );
}

/** What people start after a recovery: the way back to the first region, and the events after a moment that was chosen. */
export function failBack(estate: Estate, placement: Placement, parent: pulumi.Resource): MaintenanceJob[] {
  const rates = lakeRates(estate.assumptions);
  failBackFits(rates);
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
        AT_ONCE: String(duration(AT_ONCE)),
        STATEMENT_SECONDS: String(duration(STATEMENT)),
        ...(step === "lake" ? { VALID_FOR: ROUNDS } : {}),
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
