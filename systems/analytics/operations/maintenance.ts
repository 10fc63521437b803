import { DatabricksJob } from "../../../components/azure/databricksJob";
import { jobCluster } from "../databricks/clusters";
import { CATALOG, CLONE_CATALOGS, NOTEBOOKS } from "../names";
import { LAKE_ID } from "../objectives";
import type { AnalyticsSite, Estate } from "../site";
import { lakeChores } from "./choreNames";

/** Work on the files of the lake; where a region stands by it is paused until that works. */
export function lakeMaintenance({ config, parent }: Estate, at: AnalyticsSite): DatabricksJob[] {
  const { optimize, optimizeDaily, vacuum } = config.operations;
  const shared = {
    provider: at.databricks,
    protects: LAKE_ID,
    paused: at.role !== "primary",
    // A run that spot nodes ended is one that comes again.
    cluster: jobCluster(config, "spot"),
  } as const;
  // The metastore of the primary alone knows the clones.
  const catalogs = at.role === "primary" ? [CATALOG, ...Object.values(CLONE_CATALOGS)] : [CATALOG];
  const optimizing = (
    chore: "optimize" | "optimizeDaily",
    {
      days,
      statistics,
      ...timing
    }: { schedule: string; deadline: string; days: Record<string, string>; statistics: string },
  ) =>
    new DatabricksJob(
      `${at.prefix}-${lakeChores[chore].replace("analytics-", "")}`,
      {
        ...shared,
        job: lakeChores[chore],
        purpose: { role: "maintenance" },
        ...timing,
        notebook: `${NOTEBOOKS}/maintenance-optimize`,
        parameters: { catalog: CATALOG, ...days, statistics },
      },
      { parent },
    );
  return [
    optimizing("optimize", { ...optimize, days: { oldest: "1", newest: "0" }, statistics: "false" }),
    // The days before, for what came late.
    optimizing("optimizeDaily", { ...optimizeDaily, days: { oldest: "7", newest: "2" }, statistics: "true" }),
    new DatabricksJob(
      `${at.prefix}-vacuum`,
      {
        ...shared,
        job: lakeChores.vacuum,
        // Not the document's 168 hours: damage that is found on the eighth day is undone by a version of the seventh.
        purpose: { role: "vacuum", retain: config.lake.keep },
        ...vacuum,
        notebook: `${NOTEBOOKS}/maintenance-vacuum`,
        parameters: { catalogs: catalogs.join(" ") },
      },
      { parent },
    ),
  ];
}
