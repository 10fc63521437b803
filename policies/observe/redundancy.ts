import { type Bound, isUnknown, type Maybe } from "../../recovery/bound";
import { seconds } from "../../recovery/duration";
import type { Asset, Domain, Redundancy, Source, Term } from "../../recovery/plan";
import { annotation, annotationProperty, link, listOf, unresolved } from "./annotations";
import { primaryOf } from "./assets";
import { assumedTerm, assumptionFor } from "./assumptions";
import { sourceOf, titleOf } from "./names";
import { foldersOf, type OmendbSettings, omendbSettings } from "./omendb";
import { servingContainers } from "./probes";
import type { Program } from "./program";
import { says } from "./resources/environment";
import { areNeighbours } from "./resources/identity";
import type { Lease } from "./resources/lease";
import { type Volume, volumeAt, writableBelow, writableVolumes } from "./resources/pod";
import type { Workload } from "./resources/workload";
import { noteRivals } from "./rivals";
import { spreadOver } from "./spread";
import { leastSurvived, ownOfPod, type Storage, storageOf } from "./storage";

/** How an asset is served: by which workload, on what storage, fenced by which Lease. */
export interface Serving {
  asset: string;
  workload: Workload;
  lease?: Lease;
  /** What holds the data and its log; exactly that where a reader knows the engine. */
  volumes: Volume[];
  engineKnown: boolean;
  storages: Storage[];
  redundancy: Redundancy & { survives: Maybe<Domain> };
}

/** What the workload of an asset keeps by itself; nothing when no workload serves it. */
export function readServing({ id: asset }: Asset, program: Program): Serving | undefined {
  const workload = primaryOf(asset, program);
  if (workload === undefined) return undefined;
  if (workload.pod.unknown) program.problems.unknown(sourceOf(workload.resource), workload.pod.unknown.unknown, asset);
  const lease = leaseOf(asset, workload, program);
  const settings = omendbSettings(workload, program);
  const volumes = dataVolumes(workload, settings);
  noteHolds(asset, workload, volumes, program);
  noteRivals(asset, workload, volumes, program);
  const storages = volumes.map((volume) => ownOfPod(volume, workload) ?? storageOf(volume, workload, program));
  const source = sourceOf(workload.resource);
  return {
    asset,
    workload,
    ...(lease === undefined ? {} : { lease }),
    volumes,
    engineKnown: settings !== undefined && !isUnknown(settings) && !isUnknown(foldersOf(settings)),
    storages,
    redundancy: {
      kind: "redundancy",
      id: `${asset}/redundancy`,
      asset,
      label: "its own storage",
      survives: workload.pod.unknown ?? leastSurvived(storages),
      loss: [
        ...fenceTerms(asset, workload, lease, storages, program),
        ...lossTerms(asset, workload, settings, storages, program),
      ],
      source,
    },
  };
}

/** A Lease that no container names is not the one that its pods hold. */
function leaseOf(asset: string, workload: Workload, { leases, problems }: Program): Lease | undefined {
  if (workload.lease === undefined) return undefined;
  const lease = leases.find((one) => one.name === workload.lease && areNeighbours(one, workload));
  const source = sourceOf(workload.resource, annotationProperty("lease"));
  const title = titleOf(workload.resource);
  if (lease === undefined) {
    problems.unknown(source, unresolved(workload.resource, "lease", "Lease of its namespace in this program"), asset);
    return undefined;
  }
  const named = servingContainers(workload).map(({ facts }) => says(facts, lease.name));
  if (!named.includes(true) && !workload.pod.unknown) {
    const message = `${title} says that its serving pod holds Lease ${lease.name}, but no environment value or argument of its container names that Lease`;
    problems.unknown(source, [message, named.find(isUnknown)?.unknown].filter(Boolean).join(": "), asset);
  }
  return lease;
}

/** The volumes that hold the data and its log; all that the pods may write to where no reader knows the engine. */
export function dataVolumes(workload: Workload, settings: Maybe<OmendbSettings> | undefined): Volume[] {
  const folders = settings && !isUnknown(settings) ? foldersOf(settings) : undefined;
  if (settings && !isUnknown(settings) && folders && !isUnknown(folders)) {
    const found = Object.values(folders).flatMap((folder) => [
      volumeAt(folder, settings.pod),
      ...writableBelow(folder, settings.pod),
    ]);
    return [...new Set(found.filter((volume) => volume !== undefined))];
  }
  const writable = writableVolumes(workload.pod).filter(({ kind }) => kind !== "configMap" && kind !== "other");
  const named = settings === undefined ? listOf(textOf(annotation(workload.resource, "holds"))) : [];
  const holding = writable.filter(({ kind, refersTo }) => kind === "claim" && named.includes(refersTo ?? ""));
  // A name that no volume bears is noted where the asset is read; until it is mended everything counts.
  if (named.length > 0 && named.every((claim) => holding.some(({ refersTo }) => refersTo === claim))) return holding;
  const kept = writable.filter(({ kind }) => kind !== "emptyDir");
  return kept.length > 0 ? kept : writable;
}

function textOf(read: ReturnType<typeof annotation>): string | undefined {
  return isUnknown(read) ? undefined : read;
}

/** What is said to hold an asset must be a volume that its pods write to, and counts only where no reader knows the engine. */
function noteHolds(asset: string, workload: Workload, volumes: readonly Volume[], program: Program): void {
  const text = link(workload.resource, "holds", program.problems);
  const source = sourceOf(workload.resource, annotationProperty("holds"));
  for (const claim of listOf(text)) {
    if (volumes.some(({ refersTo }) => refersTo === claim)) continue;
    const message = `holdfast.dev/holds of ${titleOf(workload.resource)} names ${claim}, which is no claim that its pods may write to`;
    program.problems.add(source, message, asset);
  }
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
  asset: string,
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
    // When such an engine acknowledges is somebody's word, and never more than assumed.
    const wanted = { term: "write-loss", asset };
    if (assumptionFor(program.register, wanted)) {
      return [assumedTerm(program.register, wanted, "acknowledged writes not yet on disk")];
    }
    return [
      term(
        {
          unknown: `no reader knows when ${title} acknowledges a write: it mounts no omendb.toml, and Register has no assumption write-loss for ${asset}`,
        },
        own,
      ),
    ];
  }
  if (isUnknown(settings)) return [term(settings, own)];
  const folders = foldersOf(settings);
  if (isUnknown(folders)) return [term(folders, settings.source)];
  if (contradicts(settings, folders.data)) {
    const message = `OMENDB_DATA_DIR of ${title} is not database.data_dir of its omendb.toml`;
    program.problems.unknown(own, message, workload.asset);
    return [term({ unknown: message }, settings.source)];
  }
  const source = { ...settings.source, property: `${settings.source.property ?? ""} wal` };
  if (volumeAt(folders.data, settings.pod) === undefined) {
    return [
      term(
        { unbounded: `the data directory of ${title} is on no volume: it lives and dies with its pod` },
        settings.source,
      ),
    ];
  }
  return [term(logLoss(settings, volumeAt(folders.log, settings.pod) !== undefined), source)];
}

function contradicts({ dataDirSet }: OmendbSettings, dataDir: string): boolean {
  return typeof dataDirSet === "string" && dataDirSet.replace(/\/+$/, "") !== dataDir.replace(/\/+$/, "");
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
