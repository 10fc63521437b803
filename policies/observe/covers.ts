import { isUnknown } from "../../recovery/bound";
import type { Asset } from "../../recovery/plan";
import { sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import { environmentNames, type Pod } from "./resources/pod";

/** What an asset covers is in its restore points, and sealed to its keys, only where every job that takes them is told so. */
export function noteCovers(assets: readonly Asset[], { cronJobs, problems }: Program): void {
  for (const { id, covers = [], openedBy = [] } of assets) {
    const taking = cronJobs.filter(
      ({ role, protects }) => protects === id && (role === "full" || role === "incremental"),
    );
    for (const { resource, pod } of taking) {
      const told = wordsOf(pod);
      const source = sourceOf(resource, pod.facts.property);
      const where = `of ${titleOf(resource)} names, or not before deployment: nothing shows that its restore points`;
      const missing = covers.filter((name) => !told.has(name));
      if (missing.length > 0) {
        const message = `${id} covers ${missing.join(", ")}, which neither the environment nor the command ${where} hold it`;
        problems.unknown(source, message, id);
      }
      const unknown = openedBy.filter((name) => !environmentNames(pod, name));
      if (unknown.length > 0) {
        const message = `${id} is opened by ${unknown.join(", ")}, which no environment value ${where} are sealed to it`;
        problems.unknown(source, message, id);
      }
    }
  }
}

/** Words of what a pod's containers are told; never shown to anyone. */
function wordsOf({ containers }: Pod): Set<string> {
  const texts = containers.flatMap(({ environment, facts }) => [
    ...environment.map(({ value }) => value),
    ...["command", "args"].flatMap((list) => {
      const read = facts.texts(list);
      return read === undefined || isUnknown(read) ? [] : read;
    }),
  ]);
  return new Set(texts.flatMap((text) => text.split(/[\s,]+/)));
}
