import type { Step } from "../../recovery/plan";
import { annotation, annotationProperty, link, listOf } from "./annotations";
import { sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import type { CronJob } from "./resources/cronJob";
import { noteOrder } from "./stepOrder";

const effects = ["restores", "stops-writes", "verifies"];

/** The steps of a recovery in the order of their names; what they wait for is a step of the same path, never itself. */
export function stepsOf(path: string, jobs: readonly CronJob[], program: Program): Step[] {
  const steps = distinct(jobs, program)
    .map(({ job, name }) => stepOf(job, name, program))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, after, source } of steps) {
    for (const missing of after.filter((one) => !steps.some((step) => step.name === one))) {
      const message = `step ${name} waits for step ${missing}, which its path does not have`;
      program.problems.unknown({ ...source, property: annotationProperty("after") }, message, jobs[0]?.protects);
    }
  }
  if (isCircular(steps)) return withoutOrder(steps, jobs, program);
  if (steps.every((step) => missingIn(steps, step) === undefined)) {
    noteOrder(path, steps, jobs[0]?.protects, program.problems);
  }
  return steps.map((step) => withKnownOrder(step, steps));
}

function missingIn(steps: readonly Step[], { after }: Step): string | undefined {
  return after.find((name) => !steps.some((other) => other.name === name));
}

/** A step that waits for nobody knows what has no bound that anyone can add up. */
function withKnownOrder(step: Step, steps: readonly Step[]): Step {
  const missing = missingIn(steps, step);
  if (missing === undefined) return step;
  return {
    ...step,
    bound: { ...step.bound, value: { unknown: `step ${step.name} waits for step ${missing}, which does not exist` } },
  };
}

function withoutOrder(steps: readonly Step[], jobs: readonly CronJob[], { problems }: Program): Step[] {
  const names = steps.map(({ name }) => name).join(", ");
  const [first] = steps;
  if (first) {
    const source = { ...first.source, property: annotationProperty("after") };
    problems.unknown(source, `steps ${names} wait for each other in a circle`, jobs[0]?.protects);
  }
  const value = { unknown: `the steps ${names} wait for each other in a circle` };
  return steps.map((step) => ({ ...step, after: [], bound: { ...step.bound, value } }));
}

function stepOf(job: CronJob, name: string, { problems }: Program): Step {
  const effect = listOf(link(job.resource, "effect", problems));
  if (effect.some((one) => !effects.includes(one))) {
    const message = `${titleOf(job.resource)}: holdfast.dev/effect must be among ${effects.join(", ")}`;
    problems.add(sourceOf(job.resource, annotationProperty("effect")), message, job.protects);
  }
  const source = sourceOf(job.resource);
  return {
    name,
    bound: { name, value: job.run.value, grade: "assumed", source: { ...source, property: job.run.property } },
    after: listOf(link(job.resource, "after", problems)),
    ...(effect.includes("stops-writes") ? { stopsWrites: true } : {}),
    ...(effect.includes("restores") ? { restores: true } : {}),
    ...(effect.includes("verifies") ? { verifies: true } : {}),
    ...((annotation(job.resource, "redirects") ?? "") === "" ? {} : { redirects: true }),
    source,
  };
}

function distinct(jobs: readonly CronJob[], { problems }: Program): { job: CronJob; name: string }[] {
  const found = new Map<string, CronJob>();
  for (const job of jobs) {
    const source = sourceOf(job.resource, annotationProperty("step"));
    const named = link(job.resource, "step", problems);
    if (named === undefined) {
      problems.add(
        source,
        `${titleOf(job.resource)} is a step of a recovery and must name its holdfast.dev/step`,
        job.protects,
      );
    }
    const name = named ?? job.name;
    const earlier = found.get(name);
    if (earlier) {
      const message = `${titleOf(job.resource)} and ${titleOf(earlier.resource)} are both step ${name} of one path`;
      problems.unknown(source, message, job.protects);
      found.set(`${name} of ${job.name}`, job);
    } else {
      found.set(name, job);
    }
  }
  return [...found].map(([name, job]) => ({ name, job }));
}

/** Takes away what waits for nothing that is left, until nothing changes; what stays waits in a circle. */
function isCircular(steps: readonly Step[]): boolean {
  let left = [...steps];
  for (let size = -1; size !== left.length; ) {
    size = left.length;
    left = left.filter(({ after }) => after.some((name) => left.some((other) => other.name === name)));
  }
  return left.length > 0;
}
