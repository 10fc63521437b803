import { MaintenanceJob } from "../../components/maintenance/maintenanceJob";
import type { OmendbConfig } from "./config";
import { type ScriptArgs, scriptWork } from "./jobWork";
import { ACCOUNTS } from "./names";
import { jobNames } from "./runbooks/jobNames";
import type { OmendbSite } from "./site";
import { dataVolumes } from "./volumes";

type Chore = keyof OmendbConfig["maintenance"];

/** What of the guide's daily, weekly and monthly lists a machine can do. */
export function maintenance(at: OmendbSite, region: string): MaintenanceJob[] {
  const scripts = choreScripts(at.config);
  return Object.entries(at.config.maintenance).map(
    ([chore, timing]) =>
      new MaintenanceJob(
        `${at.prefix}-${chore}`,
        {
          placement: at.placement,
          job: jobNames[chore as Chore],
          work: scriptWork(at, { region }, { account: ACCOUNTS.maintenance, ...scripts[chore as Chore] }),
          ...timing,
        },
        { parent: at.parent },
      ),
  );
}

/** The guide's remedies for memory and slow queries, asleep until an alert's runbook asks for them. */
export function remedies(at: OmendbSite, region: string): MaintenanceJob[] {
  const names = { rebuild: jobNames.rebuildIndex, retrain: jobNames.retrainIndex };
  return Object.entries(names).map(
    ([remedy, job]) =>
      new MaintenanceJob(
        `${at.prefix}-index-${remedy}`,
        {
          placement: at.placement,
          job,
          work: scriptWork(at, { region }, { account: ACCOUNTS.maintenance, script: ["index.sh", remedy] }),
          schedule: "0 0 1 1 *",
          startWithin: "1m",
          deadline: "30m",
          suspend: true,
        },
        { parent: at.parent },
      ),
  );
}

/** Percent of a volume in use at which the weekly review fails. */
const FULL_PERCENT = 80;

/** Backups that the guide's formula has room for. */
const BACKUPS_KEPT = 3;

/** Queries that the monthly benchmark asks, and their 95th percentile above which it fails. */
const BENCHMARK = { queries: 500, limitMs: 1_000 } as const;

function choreScripts(config: OmendbConfig): Record<Chore, Pick<ScriptArgs, "script" | "env" | "volumes">> {
  return {
    health: { script: ["health.sh"] },
    errors: { script: ["logs.sh"], env: { SINCE: "24h" } },
    index: { script: ["index.sh", "stats"] },
    capacity: {
      script: ["capacity.sh"],
      volumes: dataVolumes(true),
      env: {
        EXPECTED_RECORDS: String(config.toml.database.expected_size),
        LIMIT_PERCENT: String(FULL_PERCENT),
        BACKUPS_KEPT: String(BACKUPS_KEPT),
      },
    },
    audit: { script: ["logs.sh"], env: { SINCE: "7d" } },
    benchmark: {
      script: ["benchmark.sh"],
      env: {
        QUERY_PATH: config.benchmarkPath,
        QUERIES: String(BENCHMARK.queries),
        LIMIT_MS: String(BENCHMARK.limitMs),
      },
    },
  };
}
