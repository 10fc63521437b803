import { ACCOUNTS, CHANGE_MAP, INCIDENT_MAP } from "./names";

/** What people do to Omniverse that brings no asset back: a list of jobs, started one after the other. */
export interface Procedure {
  /** Script in jobs/ that knows the steps. */
  script: string;
  account: (typeof ACCOUNTS)[keyof typeof ACCOUNTS];
  /** The one site that has it. @default both: the one that serves runs it */
  only?: "primary" | "secondary";
  /** ConfigMap that whoever starts it writes what only a person knows into. */
  inputs: string;
  /** Deadline of each step's Job, unless the configuration says another; each waits for the one before. */
  steps: Readonly<Record<string, string>>;
}

/** The runbook's procedures by name. */
export const procedures = {
  /** The runbook's server recovery, which prints that it is completed whatever its last check said. */
  "server-recovery": {
    script: "server.sh",
    account: ACCOUNTS.remedy,
    inputs: INCIDENT_MAP,
    steps: { status: "5m", restart: "10m", database: "5m", disk: "30m", health: "10m" },
  },
  /** The first half of the runbook's database recovery; its second is the path database-in-place. */
  "database-repair": {
    script: "repair.sh",
    account: ACCOUNTS.remedy,
    inputs: INCIDENT_MAP,
    steps: { reach: "30m", integrity: "90m", stop: "5m", repair: "90m", verify: "90m", start: "25m" },
  },
  /** The runbook's checklist: six gates, nine steps, five points of afterwards; and a dump that loses nothing. */
  deployment: {
    script: "deploy.sh",
    account: ACCOUNTS.change,
    inputs: CHANGE_MAP,
    steps: {
      prepare: "60m",
      rehearse: "2h",
      gates: "5m",
      "maintenance-on": "15m",
      stop: "5m",
      dump: "60m",
      deploy: "5m",
      migrate: "60m",
      configure: "5m",
      start: "25m",
      smoke: "15m",
      watch: "45m",
      "maintenance-off": "15m",
      finish: "10m",
    },
  },
  /** The runbook's rollback, which may print ROLLBACK FAILED and end as if it had not. */
  rollback: {
    script: "rollback.sh",
    account: ACCOUNTS.change,
    inputs: CHANGE_MAP,
    steps: {
      "maintenance-on": "15m",
      stop: "5m",
      version: "5m",
      database: "2h",
      start: "25m",
      verify: "15m",
      "maintenance-off": "15m",
    },
  },
  /**
   * Before a fail-back takes over: the second site lets nobody in, copies accounts and tags a last time, stops, and says so in
   * the database that is followed.
   */
  "stand-down": {
    script: "standdown.sh",
    account: ACCOUNTS.recovery,
    only: "secondary",
    inputs: INCIDENT_MAP,
    steps: { close: "10m", accounts: "25m", verify: "15m", stop: "10m" },
  },
  /** After a restore in place or a fail-back: what serves is another instance, which nothing in the other region follows yet. */
  "follow-again": {
    script: "followAgain.sh",
    account: ACCOUNTS.recovery,
    only: "secondary",
    inputs: INCIDENT_MAP,
    steps: { aside: "30m", follow: "4h", backups: "4h" },
  },
  /** The way back to the first site, which is rebuilt as the follower of the second. Planned: nothing is lost by waiting. */
  "fail-back": {
    script: "failback.sh",
    account: ACCOUNTS.recovery,
    only: "primary",
    inputs: INCIDENT_MAP,
    steps: {
      look: "60m",
      follow: "4h",
      files: "12h",
      last: "60m",
      promote: "45m",
      verify: "30m",
      resume: "25m",
      dns: "10m",
      onward: "15m",
    },
  },
} as const satisfies Record<string, Procedure>;

/** Name of a procedure. */
export type ProcedureName = keyof typeof procedures;

/** Name of the CronJob of a step. */
export function procedureJob(procedure: ProcedureName, step: string): string {
  return `omniverse-${procedure}-${step}`;
}
