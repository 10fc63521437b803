import { beforeAll, describe, expect, it } from "vitest";
import type { Resource, ResourceGraph } from "../../../policies/graph";
import { jobScripts } from "../../../systems/jobScripts";
import { type ProcedureName, procedureJob, procedures } from "../../../systems/omniverse/procedures";
import { type PathName, type PathPlan, recoveryPaths, stepJob } from "../../../systems/omniverse/recoverySteps";
import { declaredGraph } from "../../support/declaredGraph";
import { containerOf, cronJobs, metadataOf, ofSystem } from "../declared";

const stacks = ["prod", "staging"] as const;
const graphs = {} as Record<(typeof stacks)[number], ResourceGraph>;
beforeAll(async () => {
  for (const stack of stacks) graphs[stack] = await declaredGraph(stack);
});

const scripts = Object.values(jobScripts("omniverse")).join("\n");
/** Left for starting the pod, and for saying what is missing: SAY_WITHIN of progress.sh. */
const SAY_WITHIN = 60;

const stepNames = new Set([
  ...(Object.keys(recoveryPaths) as PathName[]).flatMap((name) =>
    Object.keys((recoveryPaths[name] as PathPlan).steps).map((step) => stepJob(name, step)),
  ),
  ...(Object.keys(procedures) as ProcedureName[]).flatMap((name) =>
    Object.keys(procedures[name].steps).map((step) => procedureJob(name, step)),
  ),
]);
const stepsOf = (stack: (typeof stacks)[number]): Resource[] =>
  cronJobs(ofSystem(graphs[stack].resources, "omniverse")).filter((one) => stepNames.has(metadataOf(one).name ?? ""));
const deadlineOf = ({ props }: Resource): number =>
  (props.spec as unknown as { jobTemplate: { spec: { activeDeadlineSeconds: number } } }).jobTemplate.spec
    .activeDeadlineSeconds;

/** Seconds of a wait: as the job declares it, else as the scripts say that it is. */
function secondsOf(wait: string, env: ReadonlyMap<string, string>): number {
  const value = env.get(wait) ?? new RegExp(`\\$\\{${wait}:[=-](\\w+)\\}`).exec(scripts)?.[1] ?? "unknown";
  return spanOf(value);
}

/** `4m`, or seconds alone. */
function spanOf(value: string): number {
  const [, count = "", unit = "s"] = /^(\d+)([smh]?)$/.exec(value) ?? [];
  if (count === "") throw new Error(`no span: ${value}`);
  return Number(count) * ({ s: 1, m: 60, h: 3_600 }[unit] ?? 1);
}

/** What a step waits for at most before it says that it has waited in vain, by the end of the job's name. */
const waits: readonly (readonly [step: RegExp, waits: readonly string[]])[] = [
  [/-stop$/, ["STOP_TIMEOUT"]],
  [/-fence$/, ["FENCE_SECONDS"]],
  [/-fail-back-last$/, ["FENCE_SECONDS", "FOLLOW_SECONDS"]],
  [/-server-recovery-restart$/, ["RESTART_SECONDS", "READY_SECONDS"]],
  [/-(server-recovery-health|rollback-verify|deployment-smoke)$/, ["HEALTH_SECONDS"]],
  [/-deployment-watch$/, ["WATCH_SECONDS"]],
];

/** Longest that the services take to start one after the other, by what their own Deployments and the Lease allow. */
function startOf(stack: (typeof stacks)[number], site: string): number {
  const own = ofSystem(graphs[stack].resources, "omniverse").filter(({ provider }) => provider?.name === site);
  const [lease, ...others] = own.filter(({ type }) => type.endsWith(":Lease"));
  if (!lease || others.length > 0) throw new Error(`${site} must have one Lease`);
  const started = metadataOf(lease).annotations?.["holdfast.dev/start-deadline"];
  const { leaseDurationSeconds } = lease.props.spec as { leaseDurationSeconds: number };
  const taken = spanOf(String(started)) + leaseDurationSeconds;
  return own
    .filter(({ type, props }) => type.endsWith(":Deployment") && JSON.stringify(props).includes('"app":"nucleus"'))
    .map(({ props }) => {
      const { template } = props.spec as unknown as { template: { spec: { containers: [{ startupProbe: Probe }] } } };
      const { failureThreshold, periodSeconds } = template.spec.containers[0].startupProbe;
      return failureThreshold * periodSeconds;
    })
    .reduce((sum, one) => sum + one, taken);
}
interface Probe {
  failureThreshold: number;
  periodSeconds: number;
}

describe.each(stacks)("a step in %s", (stack) => {
  it("knows the deadline of its Job, before which every wait of it ends and says why", () => {
    const steps = stepsOf(stack);
    expect(steps.length).toBeGreaterThan(60);
    const wrong = steps.filter((one) => containerOf(one).env.get("STEP_SECONDS") !== String(deadlineOf(one)));
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it("has the time for everything that it waits for", () => {
    const short = stepsOf(stack).flatMap((one) => {
      const { name = "" } = metadataOf(one);
      const needed = waits
        .filter(([step]) => step.test(name))
        .flatMap(([, names]) => names)
        .reduce((sum, wait) => sum + secondsOf(wait, containerOf(one).env), SAY_WITHIN);
      return needed > deadlineOf(one) ? [`${name}: waits ${needed}s, has ${deadlineOf(one)}s`] : [];
    });
    expect(short).toEqual([]);
  });

  it("that starts Nucleus has the time in which all services start by their own bounds", () => {
    const starting = stepsOf(stack).filter((one) => /-(resume|start)$/.test(metadataOf(one).name ?? ""));
    expect(starting.length).toBeGreaterThan(8);
    const short = starting.flatMap((one) => {
      const needed = startOf(stack, one.provider?.name ?? "") + SAY_WITHIN;
      return needed > deadlineOf(one) ? [`${metadataOf(one).name}: starts in ${needed}s, has ${deadlineOf(one)}s`] : [];
    });
    expect(short).toEqual([]);
  });
});
