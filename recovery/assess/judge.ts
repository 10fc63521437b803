import { compare, isUnbounded, isUnknown } from "../bound";
import { type Disruption, keeps, type Objective } from "../objective";
import type { Asset, Term } from "../plan";
import type { Assessment, Candidate, Verdict } from "./assessment";
import type { Session } from "./session";
import type { Ways } from "./ways";

/** Half of a promise, or how far back it must reach. */
export type Half = Assessment["broken"][number];

/** A way to recover against a promise. */
export interface Judged {
  candidate: Candidate;
  verdict: Verdict;
  broken: readonly Half[];
}

/** Ways to recover against a promise, the best first: what keeps it, else what comes nearest. */
export function judged(
  session: Session,
  asset: Asset,
  candidates: readonly Candidate[],
  objective: Objective,
): Judged[] {
  const answers = candidates.map((candidate) => judgedBy(session, asset, candidate, objective, candidate.path));
  return answers.length < 2
    ? answers
    : answers.sort((a, b) => spoiling(a) - spoiling(b) || order(a.verdict) - order(b.verdict) || nearer(a, b));
}

/** What becomes of one promise if its asset comes back by a path, at what a candidate costs. */
export function judgedBy(
  session: Session,
  asset: Asset,
  candidate: Candidate,
  objective: Objective,
  path: string | undefined,
): Judged {
  const needs = session.about(asset.id)?.paths.find(({ id }) => id === path)?.needs ?? [];
  const firm = needs.every(({ assumption }) => assumption === undefined);
  return judge(candidate, objective, firm);
}

/** The best way of an asset for what is promised of it, the quickest where nothing is. */
export function bestWay(
  session: Session,
  asset: Asset,
  { candidates }: Pick<Ways, "candidates">,
  disruption: Disruption,
): Candidate | undefined {
  return inOrder(session, asset, candidates, disruption)[0];
}

/** The ways of an asset, the best first for what is promised of it, the quickest where nothing is. */
export function inOrder(
  session: Session,
  asset: Asset,
  candidates: readonly Candidate[],
  disruption: Disruption,
): Candidate[] {
  const objective = asset.objectives[disruption];
  if (objective !== undefined) return judged(session, asset, candidates, objective).map((one) => one.candidate);
  return [...candidates].sort(
    (a, b) =>
      Number(isSpoiling(a)) - Number(isSpoiling(b)) ||
      compare(a.rto.total, b.rto.total) ||
      byText(a.path, b.path) ||
      byText(a.label, b.label),
  );
}

/** No half of a promise; one list for all that are kept. */
const none: readonly never[] = Object.freeze([]);

function isFirm({ grade }: Term): boolean {
  return grade === "guaranteed" || grade === "measured";
}

function judge(candidate: Candidate, objective: Objective, firmNeeds: boolean): Judged {
  const [healthy, failed] = candidate.rpo;
  // A failed run never costs less than none.
  const rpo = keeps(healthy.total, objective.rpo) === "no" ? "no" : keeps(failed.total, objective.rpo);
  const rto = keeps(candidate.rto.total, objective.rto);
  const window = fits(candidate);
  if (rpo === "yes" && rto === "yes" && window === "yes") {
    const firm = firmNeeds && foundation(candidate).every((terms) => terms.every(isFirm));
    return { candidate, verdict: firm ? "proven" : "assumed", broken: none };
  }
  const broken: Half[] = [];
  if (rpo !== "yes") broken.push("rpo");
  if (rto !== "yes") broken.push("rto");
  // What is not known of the loss or the time is not known of the window either, and told once.
  if (window === "no" || (window === "unknown" && broken.length === 0)) broken.push("window");
  const isMissed = rpo === "no" || rto === "no" || window === "no";
  return { candidate, verdict: isMissed ? "missed" : "cannot prove", broken };
}

function fits({ window }: Candidate): "yes" | "no" | "unknown" {
  if (window === undefined || isUnbounded(window.available)) return "yes";
  // What is endless about the need breaks the loss or the time by itself.
  if (isUnbounded(window.needed)) return "yes";
  if (isUnknown(window.needed)) return "unknown";
  if (isUnknown(window.available)) return "unknown";
  return compare(window.needed, window.available) <= 0 ? "yes" : "no";
}

const bestFirst: readonly Verdict[] = ["proven", "assumed", "cannot prove", "missed"];

/** The place of a verdict, the best first. */
export function order(verdict: Verdict): number {
  return bestFirst.indexOf(verdict);
}

function spoiling({ candidate }: Judged): number {
  return Number(isSpoiling(candidate));
}

/** Whether a way counts for nothing, since a set that comes back by it keeps less of what is promised of others. */
export function isSpoiling({ spoils }: Candidate): boolean {
  return spoils !== undefined;
}

function nearer(a: Judged, b: Judged): number {
  return (
    a.broken.length - b.broken.length ||
    cheaper(a.candidate, b.candidate) ||
    byText(a.candidate.path, b.candidate.path) ||
    byText(a.candidate.label, b.candidate.label)
  );
}

/** Which of two ways takes and loses less; of two that miss, what has a bound is nearer than what has none. */
export function cheaper(a: Candidate, b: Candidate): number {
  return (
    endless(a) - endless(b) ||
    compare(a.rto.total, b.rto.total) ||
    compare(a.rpo[1].total, b.rpo[1].total) ||
    compare(a.rpo[0].total, b.rpo[0].total)
  );
}

function endless({ rpo, rto }: Candidate): number {
  return Number(isUnbounded(rpo[1].total)) + Number(isUnbounded(rto.total));
}

/** Orders texts by code unit. */
export function byText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Every term that the verdict on a candidate rests on: of its loss, of its time, and beside them. */
export function termsOf(candidate: Candidate): Term[] {
  return foundation(candidate).flat();
}

/** The same, list by list. */
export function foundation({ rpo, rto, rests }: Candidate): (readonly Term[])[] {
  return rests === undefined ? [rpo[1].terms, rto.terms] : [rpo[1].terms, rto.terms, rests];
}
