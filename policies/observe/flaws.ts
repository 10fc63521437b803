import { type Bound, isBounded, isUnbounded, isUnknown, type Unknown } from "../../recovery/bound";
import { formatSeconds, seconds } from "../../recovery/duration";
import { covers } from "./assumptions";
import { agesOf, alwaysFires, freshnessOf } from "./expression";
import type { Program } from "./program";
import {
  absencesOf,
  aggregated,
  asksFor,
  branchesOf,
  comparisonOf,
  isAbsence,
  type Selector,
  selectorOf,
} from "./promql";
import type { CronJob } from "./resources/cronJob";
import type { AlertRule, PrometheusRule } from "./resources/prometheusRule";
import type { Told } from "./routes";

/** A month and its slack, three times: what is overdue for longer is no rehearsal any more. */
export const longestUnrehearsed = seconds(92 * 86_400);

/** Why an alert does not notice what it says it guards, or why that is not known. */
export type Flaw = string | Unknown;

/** An alert with what it stands in. */
export interface Guarding {
  one: AlertRule;
  rule: PrometheusRule;
  guards: string;
  asset: string;
  told: Told;
  program: Program;
}

/** What keeps an alert from noticing what it guards; nothing where it does. */
export function flawOf(guarding: Guarding): Flaw | undefined {
  const { one, guards, told } = guarding;
  const read = flaws[guards];
  if (read === undefined) return undefined;
  const { expression } = one;
  if (isUnknown(expression)) return expression;
  const flaw = read(expression ?? "", guarding);
  if (flaw !== undefined || guards === "freshness" || guards === "detection") return flaw;
  return silenceOf(told.value);
}

/** Whether an alert on rehearsals fires when the series of their CronJob is absent. */
export function coversAbsenceOfRuns({ one, ...guarding }: Guarding): boolean {
  const jobs = rehearsalsOf(guarding);
  if (typeof one.expression !== "string") return false;
  return absencesOf(one.expression).some((selector) => jobs.some((job) => isRunOf(selector, job)));
}

const flaws: Readonly<Record<string, (expression: string, guarding: Guarding) => Flaw | undefined>> = {
  watchdog: watchdogFlaw,
  freshness: freshnessFlaw,
  verification: overdueFlaw,
  drill: overdueFlaw,
  detection: detectionFlaw,
};

function watchdogFlaw(expression: string, { told }: Guarding): Flaw | undefined {
  if (!alwaysFires(expression)) return "its expr is not vector(1), which always fires";
  return silenceOf(told.value) ?? (told.webhook ? undefined : "no webhook hears it, so nothing notices when it stops");
}

/** Capture times are pushed where the jobs run; what a service keeps, any job may ask for and push. */
function freshnessFlaw(expression: string, { asset, rule, program }: Guarding): Flaw | undefined {
  if (freshnessOf(expression, asset).protection !== undefined) return undefined;
  const taking = program.cronJobs.filter(
    ({ role, protects }) => (role === "full" || role === "incremental") && protects === asset,
  );
  if (taking.length === 0 || taking.some(({ cluster }) => cluster === rule.cluster)) return undefined;
  return "it stands in another cluster than the jobs that push the time of capture";
}

function overdueFlaw(expression: string, guarding: Guarding): Flaw | undefined {
  const jobs = rehearsalsOf(guarding);
  const [job] = jobs;
  if (job === undefined) return undefined;
  const ages = agesOf(expression) ?? [];
  if (ages.length === 0) {
    const form = `time() - max(${lastSuccess}{cronjob="${job.name}"}) > 2592000`;
    return { unknown: `its expr is not of the form ${form}` };
  }
  const near = jobs.filter(({ cluster }) => cluster === guarding.rule.cluster);
  const about = ages.filter(({ selectors }) =>
    near.some(
      (own) =>
        selectors.some(({ metric }) => metric === lastSuccess) && selectors.every((selector) => isRunOf(selector, own)),
    ),
  );
  if (about.length === 0) {
    return `its expr asks for no success of CronJob ${job.name} in a cluster where that runs`;
  }
  const { holdsFor } = guarding.one;
  if (isUnknown(holdsFor)) return holdsFor;
  if (isUnbounded(holdsFor)) return holdsFor.unbounded;
  const latest = seconds(Math.min(...about.map(({ threshold }) => threshold)) + holdsFor);
  if (latest <= longestUnrehearsed) return undefined;
  return `it fires ${formatSeconds(latest)} after the last success, later than ${formatSeconds(longestUnrehearsed)}`;
}

/** Only the loss of a region is noticed by an alert alone: what asks from elsewhere must ask for this asset. */
function detectionFlaw(expression: string, { one, asset, rule, program }: Guarding): Flaw | undefined {
  if (typeof one.disruptions !== "string" || !one.disruptions.includes("region")) return undefined;
  if (isUnknown(one.severity)) return one.severity;
  if (one.severity !== "critical") return "its severity is not critical: it wakes nobody";
  const monitors = program.monitors.filter(
    (other) => other.cluster === rule.cluster && other.asset !== undefined && covers(other.asset, asset),
  );
  const jobs = monitors.flatMap(({ job }) => job ?? []);
  const asked = branchesOf(expression)
    .filter((branch) => !isAbsence(branch))
    .map(failingOf);
  const known = asked.flatMap((selector) => selector ?? []);
  if (asked.length === 0 || known.length < asked.length) {
    return {
      unknown: 'its expr is not of the form max(probe_success{job="..."}) == 0 or absent(probe_success{job="..."})',
    };
  }
  const own = known.filter((selector) => jobs.some((job) => asksFor(selector, "job", job)));
  if (own.length === 0) return `its expr names the job of no monitor of ${asset} in its cluster`;
  const absences = absencesOf(expression);
  const gone = own.some(({ metric }) =>
    absences.some((other) => other.metric === metric && jobs.some((job) => asksFor(other, "job", job))),
  );
  return gone ? undefined : "it stays silent when what it asks is absent";
}

/** The series of a branch that fires when all of them fail. */
function failingOf(branch: string): Selector | undefined {
  const comparison = comparisonOf(branch);
  if (comparison === undefined || !["==0", "<1"].includes(`${comparison.operator}${comparison.right}`))
    return undefined;
  const selector = selectorOf(aggregated(comparison.left, ["max", "min", "sum", "avg"]));
  return selector && ["probe_success", "up"].includes(selector.metric) ? selector : undefined;
}

const lastSuccess = "kube_cronjob_status_last_successful_time";

function rehearsalsOf({ guards, asset, program }: Omit<Guarding, "one">): CronJob[] {
  return program.cronJobs.filter(({ role, protects }) => role === guards && protects === asset);
}

/** Until the first success there is no series of it: the age of the CronJob itself counts. */
function isRunOf(selector: Selector, job: CronJob): boolean {
  const { metric, labels } = selector;
  const elsewhere = labels.some((one) => one.name === "namespace" && !asksFor(selector, "namespace", job.namespace));
  return [lastSuccess, "kube_cronjob_created"].includes(metric) && asksFor(selector, "cronjob", job.name) && !elsewhere;
}

function silenceOf(value: Bound): Flaw | undefined {
  return isBounded(value) ? undefined : isUnknown(value) ? value : value.unbounded;
}
