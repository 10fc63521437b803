import { DatabricksJob } from "../../../components/azure/databricksJob";
import { jobCluster } from "../databricks/clusters";
import { CATALOG, CLONE_CATALOGS, NOTEBOOKS } from "../names";
import { LAKE_ID } from "../objectives";
import type { AnalyticsSite, Estate } from "../site";
import { lakeChores } from "./choreNames";

/** Work on the files of the lake; where a region stands by it is paused until that works. */
export function lakeMaintenance({ config, parent }: Estate, at: AnalyticsSite): DatabricksJob[] {
  const { optimize, vacuum } = config.operations;
  const shared = {
    provider: at.databricks,
    protects: LAKE_ID,
    paused: at.role !== "primary",
    // A run that spot nodes ended is one that comes again.
    cluster: jobCluster(config, "spot"),
  } as const;
  // The metastore of the primary alone knows the clones.
  const catalogs = at.role === "primary" ? [CATALOG, ...Object.values(CLONE_CATALOGS)] : [CATALOG];
  return [
    new DatabricksJob(
      `${at.prefix}-optimize`,
      {
        ...shared,
        job: lakeChores.optimize,
        purpose: { role: "maintenance" },
        ...optimize,
        notebook: `${NOTEBOOKS}/maintenance-optimize`,
        parameters: { catalog: CATALOG },
      },
      { parent },
    ),
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
