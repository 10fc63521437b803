import { isUnknown, type Maybe } from "../../../recovery/bound";
import { seconds } from "../../../recovery/duration";
import { azureMonitor, azureRegions } from "../../../recovery/facts";
import type { Asset, Redundancy, Replica, Versions } from "../../../recovery/plan";
import type { Resource } from "../../graph";
import { assumedTerm } from "../assumptions";
import type { Given } from "../given";
import { serviceWays } from "../managed";
import { sourceOf, titleOf } from "../names";
import type { Way } from "../paths";
import type { Program } from "../program";
import { type Facts, facts } from "../read";
import type { Surroundings } from "../resources/identity";
import { type ArmKind, type ArmResource, isArm, knows, pointsTo, readArm } from "./arm";
import { ownedBy } from "./owned";
import { inRegion } from "./place";
import { type Kept, keptTerm, shortest } from "./storage/kept";

const secondsPerDay = 86_400;

/** Workspaces of Log Analytics. */
export const logWorkspaceKind: ArmKind = {
  type: "operationalinsights:Workspace",
  arm: "Microsoft.OperationalInsights/workspaces",
  named: "workspaceName",
};

const tableKind: ArmKind = { type: "operationalinsights:Table", named: "tableName" };

/** Reads a workspace. */
export function readLogWorkspace(resource: Resource, { geography }: Surroundings): ArmResource {
  return readArm(resource, logWorkspaceKind, geography);
}

/** The facts of a table of Log Analytics; nothing where a resource is none. */
export function readLogTable(resource: Resource): Facts | undefined {
  return isArm(resource, tableKind) ? facts(resource) : undefined;
}

/** The workspaces that hold an asset. */
export function logWorkspacesOf(asset: { id: string; promisedBy: string }, program: Program): ArmResource[] {
  return program.azure.logWorkspaces.filter(({ resource }) => ownedBy(resource, asset, program));
}

/** What Log Analytics keeps of an asset, and where else. */
export function readLogAnalytics(
  asset: Asset,
  program: Program,
): { workspace: ArmResource; given: Given[]; ways: Way[] } | undefined {
  const [workspace, ...others] = logWorkspacesOf({ id: asset.id, promisedBy: asset.source.resource }, program);
  if (workspace === undefined) return undefined;
  for (const { resource } of others) {
    const message = `${titleOf(resource)} and ${titleOf(workspace.resource)} both hold ${asset.id}: give each an asset of its own`;
    program.problems.add(sourceOf(resource), message, asset.id);
  }
  const { at } = workspace;
  const source = sourceOf(workspace.resource, "location");
  const entry = assumedTerm(program.register, { term: "managed-service", asset: asset.id }, "kept in several zones");
  const redundancy: Redundancy = {
    kind: "redundancy",
    id: `${asset.id}/redundancy`,
    asset: asset.id,
    label: "the zones of Log Analytics",
    survives: isUnknown(at) ? at : azureRegions[at.region]?.zones === true ? "zone" : "node",
    loss: [{ ...entry, value: isUnknown(entry.value) ? entry.value : seconds(0) }],
    source,
  };
  const replica = replicaOf(asset.id, workspace, program);
  const served = { asset: asset.id, at, protection: redundancy.id, title: "Log Analytics", source };
  return {
    workspace,
    given: [redundancy, retainedOf(asset.id, workspace, program), ...(replica === undefined ? [] : [replica])].map(
      (protection) => ({ protection, resources: [workspace.resource] }),
    ),
    ways: serviceWays({ ...served, fact: azureMonitor.switchover }, program),
  };
}

/** Lines are written once; they undo nothing, and are there until they expire. */
function retainedOf(asset: string, workspace: ArmResource, { azure }: Program): Versions {
  const tables = azure.logTables.filter((one) => pointsTo(one, "workspaceName", workspace));
  const kept = shortest([ofWorkspace(workspace), ...tables.map((one) => ofTable(one, workspace))]);
  return {
    kind: "versions",
    id: `${asset}/retained-logs`,
    asset,
    label: "lines that are kept",
    at: workspace.at,
    undoes: [],
    keptFor: keptTerm("lines kept", kept),
    lock: { mode: "none", keptFor: keptTerm("locked", { value: seconds(0), source: kept.source }) },
    source: sourceOf(workspace.resource),
  };
}

/** Tables that say nothing are kept as long as their workspace says. */
function ofWorkspace({ settings, resource }: ArmResource): Kept {
  const [least, most] = [azureMonitor.workspaceRetentionLeast, azureMonitor.workspaceRetentionMost];
  return daysWithin(settings, "retentionInDays", least.value ?? 0, most.value ?? 0, titleOf(resource));
}

function ofTable(table: Facts, workspace: ArmResource): Kept {
  const property = table.isSilent("totalRetentionInDays") ? "retentionInDays" : "totalRetentionInDays";
  const [least, most] = [azureMonitor.tableRetentionLeast, azureMonitor.tableRetentionMost];
  if (table.isSilent(property) || table.value(property) === -1) return ofWorkspace(workspace);
  return daysWithin(table, property, least.value ?? 0, most.value ?? 0, titleOf(table.resource));
}

function daysWithin(own: Facts, property: string, least: number, most: number, title: string): Kept {
  const days: Maybe<number> = own.whole(property) ?? azureMonitor.workspaceRetention.value ?? 0;
  const source = own.source(property);
  if (isUnknown(days)) return { value: days, source };
  if (days >= least && days <= most) return { value: seconds(days * secondsPerDay), source };
  return {
    value: { unknown: `${property} of ${title} must be ${least} to ${most} days, got ${days}: Azure refuses it` },
    source,
  };
}

/** The workspace in another region, if it is told to replicate by an API that knows how. */
function replicaOf(asset: string, workspace: ArmResource, { register, problems }: Program): Replica | undefined {
  const { settings, at } = workspace;
  const title = titleOf(workspace.resource);
  const enabled = settings.flag("replication.enabled");
  const source = settings.source("replication.enabled");
  if (enabled === undefined || enabled === false) return undefined;
  const known = knows(workspace, "2025-02-01");
  const location = settings.text("replication.location");
  const unread = [enabled, known, location].find(isUnknown);
  const gap = isUnknown(unread)
    ? unread.unknown
    : known !== true
      ? `the API that ${title} is declared by knows no replication: declare it by azure-native.resources.Resource with apiVersion 2025-02-01`
      : typeof location !== "string"
        ? `${title} replicates and names no replication.location`
        : undefined;
  if (gap !== undefined) problems.unknown(source, gap, asset);
  const lag = assumedTerm(register, { term: "replica-lag", asset }, "the other region is behind");
  const there = isUnknown(at) || typeof location !== "string" ? undefined : inRegion(at.account, location);
  return {
    kind: "replica",
    id: `${asset}/geo-replica`,
    asset,
    label: "the workspace in another region",
    at: there ?? { unknown: `where ${title} replicates to is not known` },
    lag:
      gap === undefined ? { ...lag, facts: [azureMonitor.replicationStarts.id] } : { ...lag, value: { unknown: gap } },
    carries: "data",
    source,
  };
}
