import type { Assessment, Sum } from "../recovery/assess/assessment";
import { formatBound, isUnbounded, isUnknown } from "../recovery/bound";
import { toleratedLosses, windowOfVulnerability } from "../recovery/loss";
import { type Domain, domains, type Plan, type Shares, type Term } from "../recovery/plan";
import { foundAt, founded } from "./founded";

/** How long a further loss of the same kind would not be survived, in sentences; none without a way to recover. */
export function afterwards(one: Assessment, plan: Plan): string[] {
  if (one.chosen === undefined) return [];
  const shares = sharesOf(one, plan);
  const { reprotect } = one.chosen;
  const again = reprotect ? [againWithin(reprotect)] : [];
  if (shares) return [...again, ...sharesLines(shares)];
  return reprotect ? again : ["nobody says how long until the next such loss would be survived"];
}

/** The shares that the way of a verdict rests on, where its protection is made of such. */
export function sharesOf({ asset, chosen }: Pick<Assessment, "asset" | "chosen">, plan: Plan): Shares | undefined {
  const protection = plan.protections.find((one) => one.asset === asset && one.id === chosen?.protection);
  if (protection?.kind !== "redundancy") return undefined;
  const { survives } = protection;
  return typeof survives === "object" && !isUnknown(survives) ? survives : undefined;
}

function againWithin({ total, terms }: Sum): string {
  if (isUnbounded(total)) return `nothing bounds the time until it is protected again: ${total.unbounded}`;
  if (isUnknown(total)) return `nobody can tell when it is protected again: ${total.unknown}`;
  const parts = terms.map((term) => `${term.name} ${formatBound(term.value)} ${told(term)}`);
  const when = total === 0 ? "at once" : `within ${formatBound(total)}`;
  return `protected again ${when}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`;
}

/** Where a number was read and, where it is not guaranteed, how well it is founded. */
function told(term: Term): string {
  return `(${foundAt(term)}${term.grade === "guaranteed" ? "" : `, ${founded(term)}`})`;
}

function sharesLines(shares: Shares): string[] {
  const { needed, total, away = 0 } = shares;
  const most = toleratedLosses(shares);
  const meanwhile = away > 0 ? `while planned work takes ${away} ${noun(away, shares)} away, ` : "";
  const lost = `${most} ${away > 0 ? "more " : ""}${noun(most, shares)}`;
  return [`${needed} of ${total} shares suffice: ${meanwhile}${lost} may be lost at once`, rebuiltWithin(shares)];
}

function rebuiltWithin(shares: Shares): string {
  const window = windowOfVulnerability(shares);
  if (isUnbounded(window)) return `lost shares stay lost: ${window.unbounded}`;
  if (isUnknown(window)) return `nobody can tell when lost shares are rebuilt: ${window.unknown}`;
  const { rebuild } = shares;
  return `lost shares are rebuilt within ${formatBound(window)}${rebuild ? ` ${told(rebuild)}` : ""}; until then further losses add up`;
}

const plurals: Record<Domain, string> = { process: "processes", node: "nodes", zone: "zones", region: "regions" };

/** What holds shares: the smallest fault domain that is named. */
function noun(howMany: number, { together }: Shares): string {
  const smallest = domains.find((domain) => together[domain] !== undefined);
  if (smallest === undefined) return howMany > 1 ? "members" : "member";
  return howMany > 1 ? plurals[smallest] : smallest;
}
