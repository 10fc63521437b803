import * as pulumi from "@pulumi/pulumi";
import { Manifests } from "../../components/kubernetes/manifests";
import type { AssumptionArgs } from "../../recovery/plan";
import type { Reach } from "../reach";
import { StandbySite } from "../standbySite";
import type { AnalyticsConfig } from "./config";
import { cloneStatus, clones } from "./copies/copies";
import { exports } from "./copies/exports";
import { LakeCatalog, lakeTables } from "./data/catalog";
import { configuration } from "./data/configuration";
import { kafka } from "./data/kafka";
import { cleanRoomReads, lake, lockedAccount } from "./data/lake";
import { logWorkspace } from "./data/logWorkspace";
import { powerbi } from "./data/powerbi";
import { vault } from "./data/vault";
import { pipelineClusters } from "./databricks/clusters";
import { pipelines, sparkNotebooks, workspaces } from "./databricks/spark";
import { Monitoring } from "./monitoring/monitoring";
import { choreJobs } from "./operations/chores";
import { Operations } from "./operations/operations";
import { Recovery } from "./recovery/recovery";
import { rehearsalJobs } from "./recovery/rehearsals";
import { type AnalyticsSite, estate as estateOf } from "./site";

/** Arguments of `Analytics`. */
export interface AnalyticsArgs {
  config: AnalyticsConfig;
  /** Sites and the providers that reach them. */
  reach: Reach;
  /** Assumptions of the register; alerts count on the same answers as the recovery times. */
  assumptions: readonly AssumptionArgs[];
}

/**
 * Azure real-time analytics as its operations document describes it: events in Event Hubs, tables in a lake, Databricks
 * and Power BI on them; a second region stands ready, and an account under a lock holds copies of all.
 */
export class Analytics extends pulumi.ComponentResource {
  constructor(name: string, { config, reach, assumptions }: AnalyticsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:analytics:Analytics", name, {}, opts);
    const manifests = new Manifests();
    const standby = new StandbySite("analytics", manifests, { parent: this });
    const estate = estateOf(config, reach, assumptions, { primary: this, secondary: standby });
    const { primary, secondary } = estate;

    const logs = logWorkspace(estate);
    const keys = vault(estate);
    const tables = lake(estate);
    const locked = lockedAccount(estate);
    cleanRoomReads(estate, locked);
    const events = kafka(estate);
    const spark = workspaces(estate);
    const catalogAt = (site: AnalyticsSite) => {
      const catalog = new LakeCatalog(`${site.prefix}-catalog`, estate, site, {
        parent: site === primary ? this : standby,
        dependsOn: [spark, tables, locked],
      });
      if (site === primary) lakeTables(estate, catalog);
      sparkNotebooks(site, catalog, spark);
      const clusters = pipelineClusters(estate, site, catalog, spark);
      pipelines(estate, site, clusters, { catalog, after: spark });
      if (site === primary) new Operations("analytics-operations", { estate, clusters }, { parent: this });
      return catalog;
    };
    const catalogs = { primary: catalogAt(primary), secondary: catalogAt(secondary) };
    cloneStatus(estate, clones(estate));
    powerbi(estate);
    configuration(estate);
    exports(estate, locked);

    new Recovery("analytics-recovery", { estate, catalogs }, { parent: standby, dependsOn: [locked] });
    new Monitoring(
      "analytics-monitoring",
      {
        estate,
        logs,
        after: [keys, tables, locked, events, spark],
        warehouse: catalogs.primary.warehouse,
        jobs: {
          primary: { maintenance: choreJobs(estate, "primary") },
          secondary: { ...rehearsalJobs(), maintenance: choreJobs(estate, "secondary") },
        },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
