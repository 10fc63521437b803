import type { ReadProblem } from "../../recovery/finding";
import type { Asset, MaintenanceRuns, Plan, Protection, Rehearsal } from "../../recovery/plan";
import type { ResourceGraph } from "../graph";
import { readAlerts } from "./alerts";
import { annotationProperty } from "./annotations";
import { readAssets } from "./assets";
import { readAvailability } from "./availability";
import { noteAzure, readAzure } from "./azure";
import { readAzureAlerts } from "./azure/monitor";
import { noteRefusals } from "./bucketAccess";
import { readMetricAlarms } from "./cloudWatch";
import { noteUntold } from "./cloudWatch/wanted";
import { noteCovers } from "./covers";
import { noteEntrances } from "./edge/entrance";
import { noteFailover } from "./edge/failover";
import type { Given } from "./given";
import { readGroups } from "./groups";
import { readManaged } from "./managed";
import { sourceOf, titleOf } from "./names";
import { mergeWays, type Way } from "./paths";
import { type Program, readProgram } from "./program";
import { readRds } from "./rds";
import { readServing } from "./redundancy";
import { noteMissing } from "./references";
import { noteDangling } from "./registerLinks";
import { readRehearsals } from "./rehearsals";
import { rescheduleWays } from "./reschedule";
import { readRestorePoints, type TakenPoints } from "./restorePoints";
import { restoreWays } from "./restoreWays";
import { readS3 } from "./s3";
import { readSafeguards } from "./safeguards";
import { noteFarSecrets } from "./secretRegions";
import { readStores } from "./stores";
import { takeoverWays } from "./takeover";
import { type Holding, noteWorks } from "./works";

/** What a graph declares about recovery, and what of it could not be read. */
export interface Observation {
  plan: Plan;
  problems: ReadProblem[];
  /** How many resources said something about recovery; none is never a pass. */
  recognised: number;
}

/** Reads the plan out of the resources that a provider will get; the order of resources does not matter. */
export function observe(graph: ResourceGraph, asOf: number): Observation {
  const program = readProgram(graph, asOf);
  const assets = readAssets(program);
  const alerts = readAlerts(assets, program);
  const protections: Protection[] = [];
  const rehearsals: Rehearsal[] = [];
  const ways: Way[] = [];
  const allTaken: TakenPoints[] = [];
  const allGiven: Given[] = [];
  const holdings: Holding[] = [];
  const windows: MaintenanceRuns[] = [];
  for (const asset of assets) {
    const serving = readServing(asset, program);
    const taken = readRestorePoints(asset, serving, program);
    if (serving) {
      protections.push(serving.redundancy);
      ways.push(...takeoverWays(serving, program), ...rescheduleWays(serving, program));
    }
    const managed = readManaged(asset, serving, program);
    if (managed) {
      protections.push(managed.redundancy);
      ways.push(...managed.ways);
    }
    const rds = readRds(asset, serving, program);
    const keptBy = serving
      ? titleOf(serving.workload.resource)
      : (rds?.given[0]?.protection.source.name ?? managed?.redundancy.label);
    const s3 = readS3(asset, keptBy, program);
    const heldBy = keptBy ?? s3?.given[0]?.protection.source.name;
    const azure = readAzure(asset, heldBy, alerts, program);
    const given: Given[] = [...(rds?.given ?? []), ...(s3?.given ?? []), ...azure.given];
    allGiven.push(...given);
    holdings.push({ asset: asset.id, serving, given });
    windows.push(...(rds?.windows ?? []));
    protections.push(...given.map(({ protection }) => protection));
    ways.push(...(rds?.ways ?? []), ...(s3?.ways ?? []), ...azure.ways);
    for (const one of taken) noteRefusals(one, program);
    allTaken.push(...taken);
    protections.push(...taken.map(({ points }) => points));
    ways.push(...restoreWays(asset, { taken, given }, alerts, program));
    rehearsals.push(...readRehearsals(asset, serving, taken, program));
  }
  noteAzure(assets, program);
  noteCovers(assets, program);
  noteStrays(assets, program);
  noteMissing(program);
  noteFarSecrets(program);
  noteFailover(program);
  noteEntrances(program);
  noteDangling(assets, ways, program);
  const paths = mergeWays(ways);
  noteUntold(allGiven, paths, program);
  const stores = readStores(assets, allTaken, program);
  const plan: Plan = {
    assets,
    protections,
    paths,
    groups: readGroups(assets, program),
    alerts: [...alerts, ...readMetricAlarms(assets, allGiven, program), ...readAzureAlerts(assets, allGiven, program)],
    rehearsals,
    stores,
    ...readAvailability(assets, program),
    safeguards: [...readSafeguards(holdings, program), ...windows],
    register: program.register,
  };
  return { plan, problems: program.problems.all(), recognised: recognisedIn(plan, program) };
}

/** Jobs that protect what nobody promises. */
function noteStrays(assets: readonly Asset[], program: Program): void {
  const { cronJobs, problems } = program;
  const ids = assets.map(({ id }) => id);
  for (const job of cronJobs) {
    const { resource, role, protects } = job;
    if (role === "maintenance") noteWorks(job, ids, program);
    if (role === undefined || (role === "maintenance" && protects === undefined)) continue;
    const source = sourceOf(resource, annotationProperty("protects"));
    if (protects === undefined) {
      problems.add(
        source,
        `${titleOf(resource)} has the role ${role} and must name its asset in holdfast.dev/protects`,
      );
    } else if (!ids.includes(protects)) {
      problems.add(
        source,
        `${titleOf(resource)} protects ${protects}, for which nothing promises objectives`,
        protects,
      );
    }
  }
}

function recognisedIn({ assets, alerts }: Plan, { workloads, cronJobs, monitors, buckets, leases }: Program): number {
  const speaking = [
    ...workloads.filter(({ asset }) => asset !== undefined),
    ...cronJobs.filter(({ role }) => role !== undefined),
    ...monitors.filter(({ asset }) => asset !== undefined),
    ...buckets,
    ...leases,
  ];
  return new Set([
    ...assets.map(({ source }) => source.resource),
    ...alerts.map(({ source }) => source.resource),
    ...speaking.map(({ resource }) => resource.urn),
  ]).size;
}
