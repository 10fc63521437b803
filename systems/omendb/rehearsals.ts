import { DrillJob } from "../../components/drill/drillJob";
import { wholeDaysOf } from "../spans";
import { scriptSpan, scriptWork } from "./jobWork";
import { ACCOUNTS } from "./names";
import { DATA } from "./objectives";
import { jobNames } from "./runbooks/jobNames";
import type { OmendbSite } from "./site";
import { serverVolumes } from "./volumes";

/** The guide's monthly verification: every link of the newest chain and of a random older one. */
export function verification(at: OmendbSite, region: string): DrillJob {
  const { config } = at;
  return new DrillJob(
    `${at.prefix}-verify`,
    {
      placement: at.placement,
      job: jobNames.verification,
      role: "verification",
      protects: DATA,
      work: scriptWork(
        at,
        { region },
        {
          script: ["verify.sh"],
          account: ACCOUNTS.verify,
          env: { KEPT_DAYS: String(wholeDaysOf(config.retention.atLeast)) },
          size: { cores: 2, gib: 4 },
        },
      ),
      ...config.verification,
    },
    { parent: at.parent },
  );
}

/** The guide's monthly recovery test, where a lost region is recovered: the newest point, restored, started and counted. */
export function drill(at: OmendbSite, region: string): DrillJob {
  const { config } = at;
  const gib = Math.ceil(config.resources.memoryMib / 1024);
  return new DrillJob(
    `${at.prefix}-drill`,
    {
      placement: at.placement,
      job: jobNames.drill,
      role: "drill",
      protects: DATA,
      work: scriptWork(
        at,
        { region },
        {
          script: ["drill.sh"],
          account: ACCOUNTS.verify,
          volumes: serverVolumes,
          env: {
            START_DEADLINE: scriptSpan(config.lease.startWithin),
            OMENDB_CONFIG: "/etc/omendb/omendb.toml",
            DRILL_PORT: String(config.toml.http.port),
            DRILL_METRICS_PORT: String(config.toml.monitoring.prometheus_port),
          },
          // As large as the database it stands for, or its time would say nothing.
          size: { cores: config.resources.cores, gib },
        },
      ),
      ...config.drill,
    },
    { parent: at.parent },
  );
}
