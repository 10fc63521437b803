import type { Asset } from "../../recovery/plan";
import { circleIn } from "../../recovery/plan/file/circle";
import type { Program } from "./program";

/** Assets that wait only for others of the program: what is not there, and a circle, is told and waited for by nobody. */
export function withDependencies(assets: readonly Asset[], program: Program): Asset[] {
  const resolved = assets.map((asset) => {
    const dependsOn = resolvedOf(asset, assets, program);
    return dependsOn.length === 0 ? asset : { ...asset, dependsOn };
  });
  const circle = circleIn(resolved.map(({ id, dependsOn = [] }) => [id, dependsOn]));
  const [first] = circle ?? [];
  const asset = assets.find(({ id }) => id === first);
  if (circle === undefined || asset === undefined) return resolved;
  const message = `${circle.join(" → ")} depend on each other in a circle: none of them comes back first`;
  program.problems.add({ ...asset.source, property: "asset.dependsOn" }, message, asset.id);
  return resolved.map(({ dependsOn, ...one }) =>
    dependsOn === undefined || circle.includes(one.id) ? one : { ...one, dependsOn },
  );
}

function resolvedOf({ id, source }: Asset, assets: readonly Asset[], { promises, problems }: Program): string[] {
  const promised = promises.find(({ resource }) => resource.urn === source.resource)?.asset;
  if (promised === undefined) return [];
  const at = promised.source("dependsOn");
  const named = problems.known(promised.texts("dependsOn"), at, id) ?? [];
  return [...new Set(named)].sort().filter((other) => {
    if (assets.some((one) => one.id === other)) return true;
    problems.add(at, `${id} depends on ${other}, for which nothing promises objectives`, id);
    return false;
  });
}
