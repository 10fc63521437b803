import type { Bound } from "../../../recovery/bound";
import { compare, isUnknown, type Maybe } from "../../../recovery/bound";
import { seconds } from "../../../recovery/duration";
import type { Schedule } from "../../../recovery/schedule";
import { parseCron, zoneOf } from "../../../recovery/schedule";
import { link } from "../annotations";
import { sourceOf, titleOf } from "../names";
import { type Facts, orDefault, type Read } from "../read";
import { type KubernetesObject, kubernetesObject, type Reader, type Surroundings } from "./identity";
import { noteIdle } from "./idleJob";
import { type Pod, readPod } from "./pod";

const roles = ["full", "incremental", "verification", "drill", "recovery", "maintenance"] as const;

/** What a CronJob is for. */
export type Role = (typeof roles)[number];

/** A CronJob with a role in recovery. */
export interface CronJob extends KubernetesObject {
  role?: Role;
  protects?: string;
  schedule: Maybe<Schedule>;
  suspended: Maybe<boolean>;
  overlap: Maybe<"allow" | "forbid" | "replace">;
  startSlack: Bound;
  /** Property that bounds a run, and the bound, all retries included. */
  run: { value: Bound; property: string };
  pod: Pod;
}

/** CronJobs. */
export const cronJobs: Reader<CronJob> = {
  types: ["kubernetes:batch/v1:CronJob"],
  read(resource, surroundings) {
    const object = kubernetesObject(resource, surroundings);
    const role = roleOf(object, surroundings);
    const protects = link(resource, "protects", surroundings.problems);
    if (role !== undefined) noteIdle(object, protects, surroundings.problems);
    return {
      ...object,
      ...(role === undefined ? {} : { role }),
      ...(protects === undefined ? {} : { protects }),
      // A recovery runs when somebody starts it: its schedule is never analysed, nor its zone.
      schedule:
        role === undefined || role === "recovery" ? { unknown: "not analysed" } : scheduleOf(object, surroundings),
      suspended: orDefault(object.facts.flag("spec.suspend"), false),
      overlap: overlapOf(object.facts.text("spec.concurrencyPolicy"), titleOf(resource)),
      startSlack: startSlackOf(object.facts.whole("spec.startingDeadlineSeconds")),
      run: runOf(object.facts.at("spec.jobTemplate.spec")),
      pod: readPod(object.facts.at("spec.jobTemplate.spec.template.spec")),
    };
  },
};

function roleOf({ resource }: KubernetesObject, { problems }: Surroundings): Role | undefined {
  const text = link(resource, "role", problems);
  if (text === undefined) return undefined;
  const role = roles.find((one) => one === text);
  if (role === undefined) {
    problems.add(sourceOf(resource), `${titleOf(resource)}: holdfast.dev/role must be one of ${roles.join(", ")}`);
  }
  return role;
}

function scheduleOf({ resource, facts }: KubernetesObject, { geography, problems }: Surroundings): Maybe<Schedule> {
  const expression = facts.text("spec.schedule");
  if (isUnknown(expression)) return expression;
  if (expression === undefined) return { unknown: `${titleOf(resource)} has no spec.schedule` };
  const timeZone = timeZoneOf(facts.text("spec.timeZone"), geography.siteOf(resource));
  if (isUnknown(timeZone)) return timeZone;
  for (const [property, read] of [
    ["spec.schedule", parseCron(expression)],
    ["spec.timeZone", zoneOf(timeZone)],
  ] as const) {
    if (!("problem" in read)) continue;
    problems.unknown(sourceOf(resource, property), `${titleOf(resource)}: ${property}: ${read.problem}`);
    return { unknown: read.problem };
  }
  return { scheduler: "kubernetes", expression, timeZone };
}

function timeZoneOf(own: Read<string>, site: ReturnType<Surroundings["geography"]["siteOf"]>): Maybe<string> {
  if (own !== undefined) return own;
  return isUnknown(site)
    ? { unknown: `it names no timeZone, and its site is not known: ${site.unknown}` }
    : site.controllerTimeZone;
}

function overlapOf(policy: Read<string>, title: string): CronJob["overlap"] {
  if (isUnknown(policy)) return policy;
  switch (policy) {
    case undefined:
    case "Allow":
      return "allow";
    case "Forbid":
      return "forbid";
    case "Replace":
      return "replace";
    default:
      return { unknown: `spec.concurrencyPolicy of ${title} is not Allow, Forbid or Replace` };
  }
}

function startSlackOf(deadline: Read<number>): Bound {
  if (deadline === undefined) return { unbounded: "no startingDeadlineSeconds: a run may start at any later time" };
  if (isUnknown(deadline)) return deadline;
  // The controller acts every 10 s: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
  if (deadline < 10) return { unbounded: "startingDeadlineSeconds is below 10: a run may never start" };
  return seconds(deadline);
}

/** The deadline of a Job counts all its retries; the deadline of a pod counts one. */
function runOf(job: Facts): CronJob["run"] {
  const whole = deadlineOf(job.whole("activeDeadlineSeconds"), 0);
  const pod = job.at("template.spec.activeDeadlineSeconds");
  const retries = orDefault(job.whole("backoffLimit"), 6);
  const each =
    isUnknown(retries) && pod.whole() !== undefined
      ? retries
      : deadlineOf(pod.whole(), isUnknown(retries) ? 0 : retries);
  return compare(each, whole) < 0
    ? { value: each, property: pod.property }
    : { value: whole, property: job.at("activeDeadlineSeconds").property };
}

function deadlineOf(deadline: Read<number>, retries: number): Bound {
  if (deadline === undefined) return { unbounded: "no activeDeadlineSeconds: a run may take for ever" };
  if (isUnknown(deadline)) return deadline;
  return seconds(deadline * (retries + 1) + backOff(retries));
}

/** Waits between the pods of a Job: 10 s, doubled each time, 6 minutes at most. */
function backOff(retries: number): number {
  const doubling = [10, 20, 40, 80, 160, 320];
  const first = doubling.slice(0, retries).reduce((a, b) => a + b, 0);
  return first + Math.max(0, retries - doubling.length) * 360;
}
