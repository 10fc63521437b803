import type { Assessment, Candidate } from "../recovery/assess/assessment";
import { toleratedLosses, windowOfVulnerability } from "../recovery/loss";
import type { Plan, Shares } from "../recovery/plan";
import { sharesOf } from "./afterwards";
import { isoInstant } from "./dates";
import { boundJson, type Json, sumJson, termJson } from "./jsonParts";
import { furtherTerms } from "./rests";

/** One way to recover an asset with its costs. */
export function candidateJson(candidate: Candidate, { asset }: Assessment, plan: Plan): Json {
  const { path, protection, label, rpo, rto, window, reprotect, witness } = candidate;
  const shares = sharesOf({ asset, chosen: candidate }, plan);
  const further = furtherTerms(candidate);
  return {
    path,
    protection,
    label,
    rpo: { everyRunSucceeding: sumJson(rpo[0]), oneFailedRun: sumJson(rpo[1]) },
    rto: sumJson(rto),
    window: window && { needed: boundJson(window.needed), available: boundJson(window.available) },
    reprotect: reprotect && sumJson(reprotect),
    shares: shares && sharesJson(shares),
    witness: witness && witnessJson(witness),
    rests: further.length === 0 ? undefined : further.map(termJson),
  };
}

function sharesJson(shares: Shares): Json {
  const { needed, total, away, rebuild } = shares;
  return {
    needed,
    total,
    away: away ?? 0,
    toleratedLosses: toleratedLosses(shares),
    lostFor: boundJson(windowOfVulnerability(shares)),
    rebuild: rebuild && termJson(rebuild),
  };
}

function witnessJson({ at, captured, failed }: NonNullable<Candidate["witness"]>): Json {
  return {
    at: isoInstant(at),
    captured: captured.map((one) => ({ name: one.name, at: isoInstant(one.at) })),
    failed,
  };
}
