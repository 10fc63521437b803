import { isUnknown } from "../../../../recovery/bound";
import { seconds } from "../../../../recovery/duration";
import { azureRegions, databricks } from "../../../../recovery/facts";
import type { Asset, Redundancy, Term } from "../../../../recovery/plan";
import type { Resource } from "../../../graph";
import { assumedTerm } from "../../assumptions";
import type { Given } from "../../given";
import { serviceWays } from "../../managed";
import { sourceOf, titleOf } from "../../names";
import type { Way } from "../../paths";
import type { Program } from "../../program";
import type { Surroundings } from "../../resources/identity";
import { type ArmKind, type ArmResource, readArm } from "../arm";
import { ownedBy } from "../owned";

/** Workspaces of Azure Databricks. */
export const workspaceKind: ArmKind = {
  type: "databricks:Workspace",
  arm: "Microsoft.Databricks/workspaces",
  named: "workspaceName",
};

/** Reads a workspace. */
export function readWorkspace(resource: Resource, { geography }: Surroundings): ArmResource {
  return readArm(resource, workspaceKind, geography);
}

/** The workspaces that an asset is in: its own, but those that stand by. */
export function writtenWorkspacesOf(asset: { id: string; promisedBy: string }, program: Program): ArmResource[] {
  return program.azure.workspaces.filter(
    ({ resource, facts }) =>
      ownedBy(resource, asset, program) && facts.at("tags").key("holdfast_role").text() !== "standby",
  );
}

/** What the control plane of Databricks keeps of a workspace, and how it leaves a lost zone. */
export function readControlPlane(
  asset: Asset,
  program: Program,
): { workspace: ArmResource; given: Given[]; ways: Way[] } | undefined {
  const [workspace, ...others] = writtenWorkspacesOf({ id: asset.id, promisedBy: asset.source.resource }, program);
  if (workspace === undefined) return undefined;
  for (const { resource } of others) {
    const message = `${titleOf(resource)} and ${titleOf(workspace.resource)} both hold ${asset.id}: give one the tag holdfast_role standby, or an asset of its own`;
    program.problems.add(sourceOf(resource), message, asset.id);
  }
  const { at } = workspace;
  const source = sourceOf(workspace.resource, "location");
  const redundancy: Redundancy = {
    kind: "redundancy",
    id: `${asset.id}/redundancy`,
    asset: asset.id,
    label: "the control plane of Databricks",
    survives: isUnknown(at) ? at : azureRegions[at.region]?.zones === true ? "zone" : "node",
    loss: [keptByControlPlane(asset.id, program)],
    source,
  };
  const served = { asset: asset.id, at, protection: redundancy.id, title: "Databricks", source };
  return {
    workspace,
    given: [{ protection: redundancy, resources: [workspace.resource] }],
    ways: serviceWays({ ...served, fact: databricks.controlPlaneFailover }, program),
  };
}

/** That nothing is lost with a zone rests on the same entry as the time of the failover. */
function keptByControlPlane(asset: string, { register }: Program): Term {
  const term = assumedTerm(
    register,
    { term: "managed-service", asset, path: "managed-service" },
    "kept in several zones",
  );
  return {
    ...term,
    value: isUnknown(term.value) ? term.value : seconds(0),
    facts: [databricks.controlPlaneFailover.id],
  };
}
