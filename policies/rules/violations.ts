import {
  type Assessment,
  type Fix,
  formatBound,
  formatLimit,
  formatSeconds,
  type Source,
  type Violation,
} from "../../recovery";

/** Half of a promise. */
export type Half = "rpo" | "rto";

/** Violations of one half of the promises: what one cause breaks is one violation. */
export function brokenPromises(assessments: readonly Assessment[], half: Half): Violation[] {
  const byCause = new Map<string, Violation>();
  for (const assessment of assessments) {
    if (assessment.verdict !== "missed" && assessment.verdict !== "cannot prove") continue;
    if (!breaks(assessment, half)) continue;
    const cause = causeOf(assessment, half);
    const key = `${assessment.verdict} ${cause.key}`;
    const known = byCause.get(key);
    const message = messageOf(assessment, half);
    if (known) {
      known.assets = [...new Set([...known.assets, assessment.asset])];
      known.also = [...(known.also ?? []), `${assessment.asset} · ${assessment.disruption}: ${message}`];
      continue;
    }
    byCause.set(key, {
      assets: [assessment.asset],
      disruption: assessment.disruption,
      source: cause.source,
      message,
      ...(assessment.counterexamples[half] ? { counterexample: assessment.counterexamples[half] } : {}),
      ...(cause.binding ? { binding: cause.binding } : {}),
      ...(assessment.verdict === "missed" ? { fix: assessment.fix ?? otherwise(assessment, half, cause.source) } : {}),
      ...(assessment.verdict === "cannot prove" ? { cannotProve: true } : {}),
    });
  }
  return [...byCause.values()];
}

/** Each violation once: what serves several disruptions is several paths of a plan with the same steps. */
export function distinct(violations: readonly Violation[]): Violation[] {
  return [...new Map(violations.map((one) => [`${one.assets} ${one.source.resource} ${one.message}`, one])).values()];
}

/** What to do where no change of what is declared would do. */
function otherwise({ chosen }: Assessment, half: Half, source: Source): Fix {
  const change =
    chosen === undefined
      ? "declare a protection that survives it, and a recovery path that uses it"
      : half === "rpo"
        ? "protect it by something that loses less: redundancy that survives it, or more places and schedules than these"
        : "recover by a faster path: a standby that takes over, or fewer and shorter steps";
  return { change, source, result: `no three changes of ${triedOf(half)} that were tried keep the promise` };
}

/** What a search for a fix changes, of what is declared. */
function triedOf(half: Half): string {
  return half === "rto"
    ? "its detection and the deadlines of its steps"
    : "schedules, deadlines, detection, places, locks and retention";
}

function breaks({ broken, chosen }: Assessment, half: Half): boolean {
  if (chosen === undefined) return half === "rpo";
  return half === "rpo" ? broken.includes("rpo") || broken.includes("window") : broken.includes("rto");
}

function messageOf(assessment: Assessment, half: Half): string {
  const lost = assessment.dropped.filter((one) => one.declared);
  const others = lost.map(({ label, reason }) => `; ${label} does not hold: ${reason}`).join("");
  return `${factOf(assessment, half)}${assessment.chosen ? others : ""}`;
}

function factOf(assessment: Assessment, half: Half): string {
  const { chosen, objective, dropped, verdict, broken } = assessment;
  const promise = `${half.toUpperCase()} is ${formatLimit(objective[half])}`;
  if (chosen === undefined) {
    const why = dropped.map(({ label, reason }) => `${label}: ${reason}`).join("; ");
    const both = `RPO is ${formatLimit(objective.rpo)} and RTO ${formatLimit(objective.rto)}`;
    return verdict === "cannot prove"
      ? `${both}, and nothing proves a way back (${why})`
      : `${both}, but nothing declared brings it back (${why || "no recovery path and no protection"})`;
  }
  if (half === "rpo" && broken.includes("window") && chosen.window) {
    const { needed, available } = chosen.window;
    return `a clean restore point must reach back ${formatBound(needed)}, but points reach back ${formatBound(available)}`;
  }
  const total = half === "rpo" ? chosen.rpo[1].total : chosen.rto.total;
  const unread = total !== null && typeof total === "object" && "unknown" in total ? total.unknown : undefined;
  if (unread !== undefined) return `${promise}, and it cannot be proven: ${unread}`;
  if (typeof total === "object" && "unbounded" in total) {
    const what = half === "rpo" ? "the loss" : `the time of ${chosen.label}`;
    return `${promise}, and nothing bounds ${what}: ${total.unbounded}`;
  }
  if (half === "rto") return `${promise}, the plan can take ${formatBound(total)} (${chosen.label})`;
  const healthy = formatBound(chosen.rpo[0].total);
  const both = healthy === formatBound(total) ? "" : ` (${healthy} with every run succeeding)`;
  return `${promise}, the plan can lose ${formatBound(total)}${both}`;
}

function causeOf(assessment: Assessment, half: Half): { key: string; source: Source; binding?: string } {
  const { chosen, dropped, objective, disruption } = assessment;
  const binding = assessment.bindings[half];
  if (binding) {
    const { term, largest, least } = binding;
    const place = `${term.source.name}${term.source.property ? ` (${term.source.property})` : ""}`;
    const most = largest === undefined ? "" : `; at most ${formatSeconds(largest)} would do`;
    const enough = least === undefined ? most : `; at least ${formatSeconds(least)} would do`;
    return {
      key: `${term.source.resource} ${term.source.property ?? ""} ${term.name}`,
      source: term.source,
      binding: `${term.name} of ${place}: ${formatBound(term.value)}${enough}`,
    };
  }
  const promise: Source = { resource: `objective:${assessment.asset}`, name: `${assessment.asset}` };
  const reasons = dropped.map(({ path, reason }) => `${path} ${reason}`).join("|");
  return {
    key: chosen
      ? `${assessment.asset} ${disruption} ${half} ${formatLimit(objective[half])}`
      : reasons || assessment.asset,
    source: promise,
  };
}
