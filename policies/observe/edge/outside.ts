import { isUnknown } from "../../../recovery/bound";
import { formatSeconds, seconds } from "../../../recovery/duration";
import { route53Redirection } from "../../../recovery/time";
import { whyUntold } from "../cloudWatch/receivers";
import { sourceOf, titleOf } from "../names";
import type { Program } from "../program";
import { variableOf } from "../resources/environment";
import { type HealthCheck, settingsOf } from "../resources/healthCheck";
import { comesFrom } from "../resources/loadBalancer";
import { firstTargets, isSameName } from "../resources/record";
import { noteAnswer } from "./checks";
import type { Pair, Repointed } from "./failover";
import { notePromise } from "./time";

/** Wherever a name leads, before a failover and after it, somebody outside of both sites must see whether that serves. */
export function noteOutside(repointed: Repointed, within: number, program: Program): void {
  const { name, asset, source } = repointed;
  const { healthChecks, metricAlarms, problems } = program;
  const [check] = healthChecks.filter(({ host }) => isSameName(host, name));
  if (check === undefined) {
    const message = `no HealthCheck of this program asks ${name} itself: nobody outside sees where clients are led`;
    problems.unknown(source, message, asset);
    return;
  }
  noteSeen(repointed, `what ${name} leads to`, "nobody outside sees where clients are led", check, within, program);
  const told = metricAlarms.filter((alarm) => comesFrom(alarm, "dimensions", check));
  const why = whyUntold(told, program);
  if (why === undefined) return;
  const message = `no alarm of this program tells what ${titleOf(check.resource)} sees of ${name}${why === "" ? "" : ` (${why})`}`;
  problems.unknown(sourceOf(check.resource), message, asset);
}

/** The variable by which a step that writes a pair of records says where to. */
const leads = "RECORD_VALUE";

/** Route 53 takes no first record without a health check: a step that leads to another site finds that site's, or ends there. */
export function noteOtherSites(repointed: Repointed, pair: Pair, within: number, program: Program): void {
  const { name, asset, jobs } = repointed;
  const known = Object.values(pair).flatMap((record) => {
    const targets = firstTargets(record);
    return Array.isArray(targets) ? targets : [];
  });
  for (const { pod, resource } of jobs) {
    for (const { facts } of pod.containers) {
      const host = variableOf(facts, leads);
      const step = titleOf(resource);
      if (isUnknown(host)) program.problems.unknown(facts.source("env"), `${leads} of ${step}: ${host.unknown}`, asset);
      if (typeof host !== "string" || known.some((one) => isSameName(one, host))) continue;
      const check = program.healthChecks.find((one) => isSameName(one.host, host));
      const off = `${step} needs it to lead ${name} there`;
      if (check === undefined) {
        const message = `no HealthCheck of this program asks where ${step} leads ${name} (${leads}): Route 53 takes no first record without one`;
        program.problems.unknown(facts.source("env"), message, asset);
      } else noteSeen(repointed, `where ${step} leads ${name}`, off, check, within, program);
    }
  }
}

function noteSeen(
  repointed: Repointed,
  of: string,
  off: string,
  check: HealthCheck,
  within: number,
  program: Program,
): void {
  noteAnswer(repointed, of, off, check, program);
  const nothing = { value: seconds(0), source: check.facts.source() };
  const clientCache = { name: "clients", value: seconds(0), grade: "guaranteed", source: nothing.source } as const;
  const { detect } = route53Redirection({ ...settingsOf(check), ttl: nothing, clientCache });
  const title = titleOf(check.resource);
  const promise = `${title} must see within ${formatSeconds(seconds(within))} that nothing serves`;
  const by = `requestInterval and failureThreshold of ${title}`;
  notePromise({ promise, within, terms: detect, by }, repointed.asset, program.problems);
}
