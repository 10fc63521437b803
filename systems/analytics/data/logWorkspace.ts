import { LogWorkspace } from "../../../components/azure/logWorkspace";
import { watchedTables } from "../alerts/logTables";
import { LOGS_ID, retentions } from "../objectives";
import type { Estate } from "../site";

/** Logs of everything, in both regions; Sentinel stands on them. */
export function logWorkspace({ config, names, primary, secondary, parent }: Estate): LogWorkspace {
  const { hot, keep, tables, bytes } = config.logs;
  return new LogWorkspace(
    "analytics-logs",
    {
      promise: { id: LOGS_ID, objectives: config.objectives.logs, retention: retentions.logs, bytes },
      at: primary.azure,
      workspace: names.logs,
      elsewhere: secondary.region,
      hot,
      // Whatever alerts and Sentinel look at can be looked at again as long as anything.
      tables: [...new Set([...tables, ...watchedTables])],
      keep,
      tags: { system: "analytics" },
    },
    { parent, dependsOn: [primary.made] },
  );
}
