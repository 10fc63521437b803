import type { Asset, Group, Source } from "../../recovery/plan";
import { circleIn } from "../../recovery/plan/file/circle";
import { annotationProperty, link, listOf } from "./annotations";
import { sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import type { Workload } from "./resources/workload";

/** What the promise of one asset says of the group it belongs to. */
interface Belonging {
  group: string;
  asset: string;
  refersTo: string[];
  source: Source;
}

/** Groups that promises name, each with its members, in the order of their names. */
export function readGroups(assets: readonly Asset[], program: Program): Group[] {
  noteUnheard(assets, program);
  const members = assets.flatMap((asset) => belongingOf(asset, program) ?? []);
  const names = [...new Set(members.map(({ group }) => group))].sort();
  return names.flatMap((name) => groupOf(name, members, program) ?? []);
}

function groupOf(id: string, all: readonly Belonging[], { problems }: Program): Group | undefined {
  const members = all.filter(({ group }) => group === id);
  const [first, ...others] = members;
  if (first === undefined) return undefined;
  const { asset, source } = first;
  if (others.length === 0) {
    const message = `${asset} is alone in group ${id}: name the group in the promise of what it must fit together with`;
    problems.add(source, message, asset);
    return undefined;
  }
  const resolved = members.map((member) => ({ asset: member.asset, refersTo: resolvedOf(member, members, problems) }));
  const circle = circleIn(resolved.map((one) => [one.asset, one.refersTo]));
  if (circle !== undefined) {
    const message = `members of group ${id} refer to each other in a circle, ${circle.join(" → ")}: no moments fit together`;
    problems.add(source, message, asset);
  }
  if (members.every(({ refersTo }) => refersTo.length === 0)) {
    const message = `no member of group ${id} refers to another, so any moments of them fit: say which one does (refersTo)`;
    problems.add(source, message, asset);
  }
  return { id, members: resolved, source };
}

function resolvedOf(
  { group, asset, refersTo, source }: Belonging,
  members: readonly Belonging[],
  problems: Program["problems"],
): string[] {
  return [...new Set(refersTo)].sort().filter((other) => {
    if (other !== asset && members.some((one) => one.asset === other)) return true;
    const message =
      other === asset
        ? `${asset} refers to itself in group ${group}: name the other members it refers to`
        : `${asset} refers to ${other}, which no promise puts into group ${group}`;
    problems.add(source, message, asset);
    return false;
  });
}

/** The group that the promise of an asset names: that of a component in its output, that of a workload in annotations. */
function belongingOf(asset: Asset, program: Program): Belonging | undefined {
  const { resource } = asset.source;
  const promised = program.promises.find((one) => one.resource.urn === resource);
  if (promised === undefined) {
    const workload = program.workloads.find((one) => one.resource.urn === resource);
    return workload && annotated(workload, asset.id, program);
  }
  const said = promised.asset.at("group");
  if (said.isSilent()) return undefined;
  const source = said.source();
  const group = program.problems.known(said.text("name"), source, asset.id);
  const refersTo = program.problems.known(said.texts("refersTo"), source, asset.id) ?? [];
  if (group !== undefined && group !== "") return { group, asset: asset.id, refersTo, source };
  program.problems.unknown(source, `${asset.id} belongs to a group without a name, or one that is not known`, asset.id);
  return undefined;
}

function annotated({ resource }: Workload, asset: string, { problems }: Program): Belonging | undefined {
  const group = link(resource, "group", problems);
  const refersTo = listOf(link(resource, "refers-to", problems));
  if (group !== undefined) {
    return { group, asset, refersTo, source: sourceOf(resource, annotationProperty("group")) };
  }
  if (refersTo.length > 0) {
    const message = `holdfast.dev/refers-to of ${titleOf(resource)} counts only beside holdfast.dev/group`;
    problems.add(sourceOf(resource, annotationProperty("refers-to")), message, asset);
  }
  return undefined;
}

/** A workload that promises nothing says in vain what its asset must fit together with. */
function noteUnheard(assets: readonly Asset[], { workloads, problems }: Program): void {
  for (const { resource, asset } of workloads) {
    if (assets.some(({ source }) => source.resource === resource.urn)) continue;
    for (const key of ["group", "refers-to"]) {
      if (link(resource, key, problems) === undefined) continue;
      const message = `holdfast.dev/${key} of ${titleOf(resource)} counts only beside holdfast.dev/objectives: say it where the asset is promised`;
      problems.add(sourceOf(resource, annotationProperty(key)), message, asset);
    }
  }
}
