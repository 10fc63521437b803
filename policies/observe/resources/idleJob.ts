import { isUnknown } from "../../../recovery/bound";
import type { Value } from "../../graph";
import { titleOf } from "../names";
import type { Problems } from "../problems";
import type { KubernetesObject } from "./identity";

/** Settings of a Job with which none of its runs does anything, whatever its schedule. */
const idle: readonly { property: string; when(value: Value): boolean; fact: string }[] = [
  { property: "suspend", when: (value) => value === true, fact: "is true" },
  { property: "activeDeadlineSeconds", when: (value) => value === 0, fact: "is 0" },
  { property: "parallelism", when: (value) => value === 0, fact: "is 0" },
  { property: "completions", when: (value) => value === 0, fact: "is 0" },
  // https://kubernetes.io/docs/concepts/workloads/controllers/job/#delegation-of-managing-a-job-object-to-external-controller
  {
    property: "managedBy",
    when: (value) => value !== "kubernetes.io/job-controller",
    fact: "names another controller",
  },
];

/** Notes a CronJob whose Jobs are declared to do nothing, or may be: one finding, however many settings say so. */
export function noteIdle({ resource, facts }: KubernetesObject, asset: string | undefined, problems: Problems): void {
  const spec = facts.at("spec.jobTemplate.spec");
  for (const { property, when, fact } of idle) {
    if (spec.isSilent(property)) continue;
    const value = spec.value(property);
    const source = spec.source(property);
    if (isUnknown(value)) {
      // A deadline that cannot be read bounds nothing, which is for the rules on bounds to say.
      if (property === "activeDeadlineSeconds") continue;
      problems.unknown(source, value.unknown, asset);
      return;
    }
    if (when(value)) {
      const message = `${titleOf(resource)}: ${source.property ?? property} ${fact}, so no run ever does anything`;
      problems.add(source, message, asset);
      return;
    }
  }
}
