import { type Bound, isUnknown, type Maybe } from "../../recovery/bound";
import { seconds } from "../../recovery/duration";
import type { Asset, Redundancy, Source, Term } from "../../recovery/plan";
import { annotationProperty } from "./annotations";
import { primaryOf } from "./assets";
import { sourceOf, titleOf } from "./names";
import { foldersOf, type OmendbSettings, omendbSettings } from "./omendb";
import type { Program } from "./program";
import { areNeighbours } from "./resources/identity";
import type { Lease } from "./resources/lease";
import { type Volume, volumeAt, writableVolumes } from "./resources/pod";
import type { Workload } from "./resources/workload";
import { spreadOver } from "./spread";
import { leastSurvived, type Storage, storageOf } from "./storage";

/** How an asset is served: by which workload, on what storage, fenced by which Lease. */
export interface Serving {
  asset: string;
  workload: Workload;
  lease?: Lease;
  storages: Storage[];
  redundancy: Redundancy;
}

/** What the workload of an asset keeps by itself; nothing when no workload serves it. */
export function readServing({ id: asset }: Asset, program: Program): Serving | undefined {
  const workload = primaryOf(asset, program);
  if (workload === undefined) return undefined;
  noteRivals(asset, workload, program);
  if (workload.pod.unknown) program.problems.unknown(sourceOf(workload.resource), workload.pod.unknown.unknown, asset);
  const lease = leaseOf(asset, workload, program);
  const settings = omendbSettings(workload, program);
  const volumes = dataVolumes(workload, settings);
  const storages = volumes.map((volume) => storageOf(volume, workload, program));
  const source = sourceOf(workload.resource);
  return {
    asset,
    workload,
    ...(lease === undefined ? {} : { lease }),
    storages,
    redundancy: {
      kind: "redundancy",
      id: `${asset}/redundancy`,
      asset,
      label: "its own storage",
      survives: workload.pod.unknown ?? leastSurvived(storages),
      loss: [
        ...fenceTerms(asset, workload, lease, storages, program),
        ...lossTerms(workload, settings, storages, program),
      ],
      source,
    },
  };
}

function noteRivals(asset: string, primary: Workload, { workloads, problems }: Program): void {
  for (const rival of workloads) {
    if (rival.asset !== asset || rival === primary || rival.replicas === 0) continue;
    problems.add(
      sourceOf(rival.resource, "spec.replicas"),
      `${titleOf(rival.resource)} and ${titleOf(primary.resource)} both serve ${asset}: a standby must have 0 replicas`,
      asset,
    );
  }
}

function leaseOf(asset: string, workload: Workload, { leases, problems }: Program): Lease | undefined {
  if (workload.lease === undefined) return undefined;
  const lease = leases.find((one) => one.name === workload.lease && areNeighbours(one, workload));
  if (lease) return lease;
  const source = sourceOf(workload.resource, annotationProperty("lease"));
  problems.add(
    source,
    `${titleOf(workload.resource)} names Lease ${workload.lease}, which this program does not declare in its namespace`,
    asset,
  );
  return undefined;
}

/** The volumes that hold the data and its log; all that the pods may write to where no reader knows the engine. */
function dataVolumes(workload: Workload, settings: Maybe<OmendbSettings> | undefined): Volume[] {
  const folders = settings && !isUnknown(settings) ? foldersOf(settings) : undefined;
  if (folders && !isUnknown(folders)) {
    const found = Object.values(folders).map((folder) => volumeAt(folder, workload.pod));
    return [...new Set(found.filter((volume) => volume !== undefined))];
  }
  const writable = writableVolumes(workload.pod).filter(({ kind }) => kind !== "configMap" && kind !== "other");
  const kept = writable.filter(({ kind }) => kind !== "emptyDir");
  return kept.length > 0 ? kept : writable;
}

/** Two pods that write to one volume ruin it, unless a Lease lets only its holder write. */
function fenceTerms(
  asset: string,
  workload: Workload,
  lease: Lease | undefined,
  storages: readonly Storage[],
  program: Program,
): Term[] {
  if (lease || workload.replicas === 1 || storages.every(({ ownPerPod }) => ownPerPod)) return [];
  const writers = storages.find(({ shared, ownPerPod }) => !ownPerPod && shared === true);
  const together = !spreadOver("node", workload, program).forced;
  if (writers === undefined && !together) return [];
  const source = writers?.source ?? sourceOf(workload.resource, "spec.replicas");
  const message = `nothing stops two pods of ${titleOf(workload.resource)} from writing to one volume: it names no Lease`;
  program.problems.unknown(source, message, asset);
  return [{ name: "one writer at a time", value: { unknown: message }, grade: "guaranteed", source }];
}

function lossTerms(
  workload: Workload,
  settings: Maybe<OmendbSettings> | undefined,
  storages: readonly Storage[],
  program: Program,
): Term[] {
  const title = titleOf(workload.resource);
  const term = (value: Bound, source: Source): Term => ({
    name: "acknowledged writes not yet on disk",
    value,
    grade: "guaranteed",
    source,
  });
  const own = sourceOf(workload.resource);
  if (workload.pod.unknown) return [term(workload.pod.unknown, own)];
  const fleeting = storages.find(({ persistent }) => !persistent);
  if (fleeting) return [term({ unbounded: `what ${title} writes lives and dies with its pod` }, fleeting.source)];
  if (settings === undefined) {
    return [term({ unknown: `no reader knows when ${title} acknowledges a write: it mounts no omendb.toml` }, own)];
  }
  if (isUnknown(settings)) return [term(settings, own)];
  const folders = foldersOf(settings);
  if (isUnknown(folders)) return [term(folders, settings.source)];
  if (contradicts(workload, folders.data)) {
    const message = `OMENDB_DATA_DIR of ${title} is not database.data_dir of its omendb.toml`;
    program.problems.unknown(own, message, workload.asset);
    return [term({ unknown: message }, settings.source)];
  }
  const source = { ...settings.source, property: `${settings.source.property ?? ""} wal` };
  if (volumeAt(folders.data, workload.pod) === undefined) {
    return [
      term(
        { unbounded: `the data directory of ${title} is on no volume: it lives and dies with its pod` },
        settings.source,
      ),
    ];
  }
  return [term(logLoss(settings, volumeAt(folders.log, workload.pod) !== undefined), source)];
}

function contradicts({ pod }: Workload, dataDir: string): boolean {
  const set = pod.containers.flatMap(({ environment }) => environment).filter(({ name }) => name === "OMENDB_DATA_DIR");
  return set.some(({ value }) => value.replace(/\/+$/, "") !== dataDir.replace(/\/+$/, ""));
}

function logLoss({ logEnabled, syncOnWrite, syncIntervalMs }: OmendbSettings, logIsKept: boolean): Bound {
  const missing = (key: string): Bound => ({ unknown: `omendb.toml does not say ${key}` });
  if (isUnknown(logEnabled)) return logEnabled;
  if (logEnabled === undefined) return missing("wal.enabled");
  if (!logEnabled) return { unbounded: "the write-ahead log is off (wal.enabled is false)" };
  if (!logIsKept) return { unbounded: "the log is not on a persistent volume" };
  if (isUnknown(syncOnWrite)) return syncOnWrite;
  if (syncOnWrite === undefined) return missing("wal.sync_on_write");
  if (syncOnWrite) return seconds(0);
  if (isUnknown(syncIntervalMs)) return syncIntervalMs;
  return syncIntervalMs === undefined ? missing("storage.sync_interval_ms") : seconds(Math.ceil(syncIntervalMs / 1000));
}
