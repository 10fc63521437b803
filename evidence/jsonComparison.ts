import type { Change, Outcome, Standing, Turn } from "../recovery/compare";
import type { Finding } from "../recovery/finding";
import type { Schedule } from "../recovery/schedule";
import type { Against } from "./comparison";
import { isoInstant } from "./dates";
import { boundJson, type Json, limitJson } from "./jsonParts";

/** What changed from a base, for machines. */
export function comparisonJson({ label, commit, isNew, rulesCompared, comparison }: Against): Json {
  const { outcomes, promises, protections, turns, findings } = comparison;
  return {
    against: { label, commit, isNew, rulesCompared },
    outcomes: outcomes.map(outcomeJson),
    promises: promises.map(changeJson),
    protections: protections.map(changeJson),
    turns: turns.map(turnJson),
    findings: { added: findings.added.map(findingJson), gone: findings.gone.map(findingJson) },
  };
}

function outcomeJson({ asset, system, disruption, direction, before, after }: Outcome): Json {
  return { asset, system, disruption, direction, before: standingJson(before), after: standingJson(after) };
}

function standingJson({ verdict, rpo, rto, objective }: Standing): Json {
  return {
    verdict,
    rpo: rpo === undefined ? undefined : boundJson(rpo),
    rto: rto === undefined ? undefined : boundJson(rto),
    objective: { rpo: limitJson(objective.rpo), rto: limitJson(objective.rto) },
  };
}

function changeJson({ noun, direction, what, name, asset, disruptions, before, after }: Change): Json {
  return { noun, direction, what, name, asset, disruptions, before, after };
}

function turnJson({ name, asset, before, after, gap, usual, lastRun, changedAt, firstRun, loss, breaks }: Turn): Json {
  return {
    name,
    asset,
    before: scheduleJson(before),
    after: scheduleJson(after),
    gap,
    usual,
    lastRun: isoInstant(lastRun),
    changedAt: isoInstant(changedAt),
    firstRun: isoInstant(firstRun),
    loss: loss === undefined ? undefined : boundJson(loss),
    breaks: breaks.map(({ disruption, limit }) => ({ disruption, rpo: limitJson(limit) })),
  };
}

function scheduleJson({ scheduler, expression, timeZone }: Schedule): Json {
  return { scheduler, expression, timeZone };
}

function findingJson({ rule, level, assets, disruption, message }: Finding): Json {
  return { rule, level, assets, disruption, message };
}
