import { factsOf } from "./group";

const vacuum = {
  source: "https://learn.microsoft.com/en-us/azure/databricks/sql/language-manual/delta-vacuum",
  read: "2026-11-21",
};
const history = { source: "https://learn.microsoft.com/en-us/azure/databricks/delta/history", read: "2025" };
const availability = { source: "https://docs.databricks.com (GCP, ha-dr)", read: "2025" };
const managed = {
  source: "https://docs.databricks.com (AWS, managed-disaster-recovery)",
  read: "2025",
};
const recovery = { source: "https://docs.azure.cn (databricks, disaster-recovery)", read: "2025" };

/** Databricks and Delta tables. */
export const databricks = factsOf("databricks", {
  controlPlaneFailover: {
    says: "The control plane usually works again within this of the loss of a zone.",
    value: 900,
    unit: "seconds",
    standing: "typical",
    ...availability,
  },
  managedLag: {
    says: "Managed disaster recovery replicates continuously, and nobody bounds how far it is behind.",
    standing: "none",
    ...managed,
  },
  managedExternal: {
    says: "Of external tables and volumes managed disaster recovery carries the metadata only.",
    standing: "design",
    ...managed,
  },
  deepClone: {
    says: "A deep clone is as old as its schedule and its run make it; how long a run takes is published nowhere.",
    standing: "none",
    ...recovery,
  },
  geoStorage: {
    says: "Microsoft advises deep clones instead of geo-redundant storage, which may copy half a Delta table.",
    standing: "none",
    source: "https://techcommunity.microsoft.com (blog 4481323)",
    read: "2025",
  },
  versionLoss: {
    says: "Going back to an earlier version of a Delta table loses this of what that version held.",
    value: 0,
    unit: "seconds",
    standing: "design",
    ...history,
  },
  vacuum: {
    says: "VACUUM removes the files of versions older than this: time travel ends there.",
    value: 7,
    unit: "days",
    standing: "design",
    ...vacuum,
  },
  vacuumBySchedule: {
    says: "VACUUM runs when a job runs it, or by itself where predictive optimization is on.",
    standing: "design",
    ...vacuum,
  },
  lateStart: {
    says: "A scheduled run may start minutes late, and Databricks names no limit.",
    standing: "none",
    source: "https://docs.databricks.com/jobs/scheduled",
    read: "2025",
  },
  timeout: {
    says: "A run is stopped after timeout_seconds, and never where that is 0 or not set.",
    standing: "design",
    source: "https://docs.databricks.com/api/workspace/jobs/create",
    read: "2025",
  },
  logRetention: {
    says: "The history of a Delta table is kept this long, longer than the data it tells of.",
    value: 30,
    unit: "days",
    standing: "design",
    ...history,
  },
});
