import { isUnknown } from "../../../recovery/bound";
import { rds } from "../../../recovery/facts";
import type { Asset, MaintenanceRuns, Replica } from "../../../recovery/plan";
import { assumedTerm } from "../assumptions";
import type { Given } from "../given";
import { sourceOf, titleOf } from "../names";
import type { Way } from "../paths";
import type { Program } from "../program";
import type { Serving } from "../redundancy";
import type { RdsInstance } from "../resources/rdsInstance";
import { backupsElsewhere, backupsInRegion, numbered } from "./backups";
import { type Database, readDatabase } from "./database";
import { failoverWays, redundancyOf } from "./failover";
import { noteLooseEnds } from "./looseEnds";
import { noteParameters } from "./parameters";
import { retentionOf } from "./retention";
import { maintenanceWindows, noteWindows } from "./windows";

/** What Amazon RDS keeps of an asset, and how it brings that back by itself. */
export function readRds(
  asset: Asset,
  serving: Serving | undefined,
  program: Program,
): { given: Given[]; ways: Way[]; windows: MaintenanceRuns[] } | undefined {
  const database = readDatabase(asset, program);
  if (database === undefined) return undefined;
  const { primary, copies, replicas } = database;
  if (serving !== undefined) {
    const message = `${asset.id} is served by ${titleOf(serving.workload.resource)} of this program, and kept by ${titleOf(primary.resource)}`;
    program.problems.add(sourceOf(primary.resource), message, asset.id);
    return undefined;
  }
  noteLooseEnds(database, program);
  noteParameters(database, program);
  noteWindows(database, program);
  const redundancy = redundancyOf(database, program);
  const given: Given[] = [
    { protection: redundancy, resources: [primary.resource] },
    { protection: backupsInRegion(database, program), resources: [primary.resource] },
    ...copies.map((copy, place) => ({
      protection: backupsElsewhere(copy, place, database, program),
      resources: [primary.resource, copy.resource],
    })),
    ...replicas.map((replica, place) => ({
      protection: replicaOf(replica, place, database, program),
      resources: [replica.resource],
    })),
  ];
  return { given, ways: failoverWays(database, redundancy, program), windows: maintenanceWindows(database) };
}

/** A replica may lag without limit: somebody has to answer for how far. */
function replicaOf(
  { resource, facts, at }: RdsInstance,
  place: number,
  { asset }: Database,
  { register, problems }: Program,
): Replica {
  const kept = retentionOf(facts, "backupRetentionPeriod", rds.backupRetention);
  if (isUnknown(kept.value)) problems.unknown(kept.source, kept.value.unknown, asset);
  else if (kept.value === 0) {
    const message = `${titleOf(resource)} is a replica without backups of its own (backupRetentionPeriod is 0 or not set): once it is promoted, nothing keeps them`;
    problems.add(kept.source, message, asset);
  }
  const lag = assumedTerm(register, { term: "replica-lag", asset }, "replica lags behind");
  const key = facts.source("kmsKeyId");
  return {
    kind: "replica",
    id: `${asset}/${numbered("replica", place)}`,
    asset,
    label: "read replica",
    at,
    lag: { ...lag, facts: [rds.replicaLag.id] },
    carries: "data",
    ...(facts.isSilent("kmsKeyId") ? {} : { needs: [{ what: "its key", at, deletable: true, source: key }] }),
    source: sourceOf(resource),
  };
}
