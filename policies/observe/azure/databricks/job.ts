import { type Bound, isUnknown, type Maybe } from "../../../../recovery/bound";
import { seconds } from "../../../../recovery/duration";
import { databricks } from "../../../../recovery/facts";
import type { Series } from "../../../../recovery/plan";
import { type Schedule, zoneOf } from "../../../../recovery/schedule";
import type { Resource } from "../../../graph";
import { assumedTerm } from "../../assumptions";
import { sourceOf, titleOf } from "../../names";
import type { Program } from "../../program";
import { type Facts, facts, orDefault, type Read } from "../../read";

/** A job of Databricks, which its workspace starts by Quartz. */
export interface DatabricksJob {
  resource: Resource;
  facts: Facts;
}

/** Type of a job of Databricks. */
export const jobType = "databricks:index/job:Job";

/** Reads a job of Databricks. */
export function readJob(resource: Resource): DatabricksJob {
  return { resource, facts: facts(resource) };
}

/** What a job says of itself by a tag: `holdfast_protects`, `holdfast_copies_to`. */
export function jobTag(job: Facts, key: string): Read<string> {
  return job.at("tags").key(`holdfast_${key}`).text();
}

/** The schedule of a job, as one that takes restore points of an asset. */
export function seriesOf({ resource, facts: own }: DatabricksJob, asset: string, { register }: Program): Series {
  const name = own.text("name");
  const late = assumedTerm(register, { term: "late-start", asset }, "late start");
  return {
    name: typeof name === "string" ? name : resource.name,
    role: jobTag(own, "role") === "incremental" ? "incremental" : "full",
    schedule: scheduleOf(own),
    suspended: suspendedOf(own),
    overlap: overlapOf(own),
    startSlack: { ...late, facts: [databricks.lateStart.id] },
    run: {
      name: "run",
      value: runOf(own),
      grade: "guaranteed",
      source: own.source("timeoutSeconds"),
      facts: [databricks.timeout.id],
    },
    source: sourceOf(resource),
  };
}

function scheduleOf(own: Facts): Maybe<Schedule> {
  const title = titleOf(own.resource);
  const [expression, zone] = [own.text("schedule.quartzCronExpression"), own.text("schedule.timezoneId")];
  if (isUnknown(expression)) return expression;
  if (isUnknown(zone)) return zone;
  if (expression === undefined) return { unknown: `${title} has no schedule of its own: nobody knows when it runs` };
  if (!own.isSilent("schedule.sqlCondition")) return { unknown: `${title} runs only if its sqlCondition holds` };
  if (zone === undefined) return { unknown: `${title} names no timezoneId, which Databricks needs` };
  const read = zoneOf(zone);
  if ("problem" in read) return { unknown: `timezoneId of ${title}: ${read.problem}` };
  return { scheduler: "quartz", expression, timeZone: zone };
}

/** A schedule that is paused starts nothing; nor does a job that may run no time at once. */
function suspendedOf(own: Facts): Maybe<boolean> {
  const status = orDefault(own.text("schedule.pauseStatus"), "UNPAUSED");
  const most = orDefault(own.whole("maxConcurrentRuns"), 1);
  if (isUnknown(status)) return status;
  if (isUnknown(most)) return most;
  if (status !== "PAUSED" && status !== "UNPAUSED")
    return { unknown: `schedule.pauseStatus of ${titleOf(own.resource)} must be PAUSED or UNPAUSED, got ${status}` };
  return status === "PAUSED" || most === 0;
}

/** Of one run at a time the next is skipped, or waits where the job queues. */
function overlapOf(own: Facts): Series["overlap"] {
  const most = orDefault(own.whole("maxConcurrentRuns"), 1);
  if (isUnknown(most)) return most;
  return most > 1 ? "allow" : "forbid";
}

function runOf(own: Facts): Bound {
  const timeout = own.whole("timeoutSeconds");
  if (isUnknown(timeout)) return timeout;
  return timeout === undefined || timeout === 0
    ? { unbounded: "no timeoutSeconds: a run is never stopped" }
    : seconds(timeout);
}

/** A job says what it is for by its tags, and what it names must be there. */
export function noteJobs(assets: readonly { id: string }[], { azure, problems }: Program): void {
  for (const { resource, facts: own } of azure.databricksJobs) {
    const [role, protects] = [jobTag(own, "role"), jobTag(own, "protects")];
    if (role === undefined && protects === undefined) continue;
    const title = titleOf(resource);
    const source = own.source("tags");
    const unread = [role, protects].find(isUnknown);
    if (isUnknown(unread)) problems.unknown(source, unread.unknown);
    else if (typeof role !== "string" || !roles.includes(role))
      problems.add(source, `${title}: tag holdfast_role must be one of ${roles.join(", ")}`, String(protects));
    else if (typeof protects !== "string")
      problems.add(source, `${title} has the role ${role} and must name its asset in the tag holdfast_protects`);
    else if (!assets.some(({ id }) => id === protects))
      problems.add(source, `${title} protects ${protects}, for which nothing promises objectives`, protects);
  }
}

const roles = ["full", "incremental", "vacuum", "maintenance"];
