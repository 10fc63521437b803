import type { Assessment } from "../recovery/assess/assessment";
import { formatSeconds } from "../recovery/duration";
import type { Judgement } from "../recovery/finding";
import type { Assumption, Register } from "../recovery/plan";
import { inOrder, type SystemRows } from "./rows";
import { listed } from "./words";

/** A register entry that some verdict rests on. */
export interface Footnote {
  /** In order of appearance; entries that claim the same, by one owner until one day, share it. */
  number: number;
  id: string;
  /** What is assumed, in words. */
  claim: string;
  /** Why, in its owner's words. */
  reason?: string;
  owner?: string;
  /** Last day it counts. */
  expires?: string;
  /** The drill that will replace it. */
  drill?: string;
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Longest reason in a footnote, in characters; the evidence holds the whole of it. */
const longestReason = 90;

const phrases: Record<string, (value: string) => string> = {
  acknowledge: (value) => `a page is acknowledged within ${value}`,
  decide: (value) => `the decision to recover is taken within ${value}`,
  redirect: (value) => `clients are redirected within ${value}`,
  "client-cache": (value) => `clients forget old addresses within ${value}`,
  "image-pull": (value) => `images are pulled within ${value}`,
  "managed-service": (value) => `the service that keeps it serves again by itself within ${value}`,
  "link-restore": (value) => `one link of a backup chain is restored within ${value}`,
  "cluster-start": (value) => `a cluster starts within ${value}`,
  "copy-rate": (value) => `a run copies ${value} or faster`,
  "write-rate": (value) => `there is ${value} at most for it to copy`,
  "restore-rate": (value) => `restores run at ${value} or faster`,
};

const needs: Record<string, string> = {
  restorable: "restore points bring back what they hold",
  images: "images can be pulled during the disruption",
  keys: "keys and secrets outlive the disruption",
  dns: "DNS can be changed during the disruption",
  state: "Pulumi's state outlives the disruption",
  capacity: "there is room to recover into",
  directory: "people are known to a directory that outlives the disruption",
};

/** One footnote for each register entry that a verdict rests on, in the order in which the overview names them. */
export function footnotesOf({ assessments, plan }: Judgement, groups: readonly SystemRows[]): Footnote[] {
  const read = [...groups.flatMap(({ rows }) => rows), ...inOrder(assessments)];
  const ids = [...new Set(read.flatMap((one) => one.assumptions))];
  const numbers = new Map<string, number>();
  return ids.map((id) => {
    const entry = footnoteOf(id, plan.register);
    const same = JSON.stringify([entry.claim, entry.owner, entry.expires]);
    const number = numbers.get(same) ?? numbers.size + 1;
    numbers.set(same, number);
    return { number, ...entry };
  });
}

/** What one register entry claims, and who answers for it. */
export function footnoteOf(id: string, register: Register): Omit<Footnote, "number"> {
  return { id, ...entry(id, register) };
}

/** The marks of an assessment: `¹ ³`. */
export function marks(assessment: Assessment, footnotes: readonly Footnote[]): string {
  const own = footnotes.filter((note) => assessment.assumptions.includes(note.id)).map(({ number }) => number);
  return [...new Set(own)]
    .sort((a, b) => a - b)
    .map(superscript)
    .join(" ");
}

/** A number in superscript digits. */
export function superscript(value: number): string {
  return [...String(value)].map((digit) => superscripts[Number(digit)] ?? digit).join("");
}

/** Who answers for a footnote, until when, and what will replace it: `owner: platform, until 2027-03-01, drill: omendb-restore`. */
export function answerable({ owner, expires, drill }: Pick<Footnote, "owner" | "expires" | "drill">): string {
  return [owner && `owner: ${owner}`, expires && `until ${expires}`, drill && `drill: ${drill}`]
    .filter(Boolean)
    .join(", ");
}

/** An assumption as a claim: `a page is acknowledged within 5m`. */
export function claim(assumption: Assumption): string {
  const value = amount(assumption);
  if (assumption.term === "undrilled") return `${assumption.path ?? "recovery"} keeps its deadlines, not yet rehearsed`;
  if (assumption.term === "detection" && value !== "") {
    return `${listed(assumption.disruptions ?? []) || "damage"} is noticed within ${value}`;
  }
  const phrase = phrases[assumption.term];
  if (phrase && value !== "") return phrase(value);
  if (assumption.term.startsWith("need:")) {
    const what = assumption.term.slice("need:".length);
    return needs[what] ?? `${what} outlive the disruption`;
  }
  return `${assumption.term}${value === "" ? "" : ` ${value}`}`;
}

function entry(id: string, register: Register): Omit<Footnote, "number" | "id"> {
  const assumption = register.assumptions.find((one) => one.id === id);
  if (assumption) {
    const { owner, expires, drill } = assumption;
    return { claim: claim(assumption), reason: assumption.reason, owner, expires, drill };
  }
  const site = register.sites.find((one) => one.name === id || `site:${one.name}` === id);
  if (site) {
    const { owner, expires, drill } = site;
    return { claim: `site ${site.name} is as the register describes it`, owner, expires, drill };
  }
  return { claim: `${id} (not in the register)` };
}

function amount({ seconds, bytesPerSecond }: Assumption): string {
  if (seconds !== undefined) return formatSeconds(seconds);
  return bytesPerSecond === undefined ? "" : formatRate(bytesPerSecond);
}

/** Bytes a second in the largest decimal unit that keeps it above one: `100 MB/s`. */
function formatRate(bytesPerSecond: number): string {
  const units = ["B/s", "kB/s", "MB/s", "GB/s"];
  let value = bytesPerSecond;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[unit]}`;
}

/** The first sentence of a reason, cut between words where it is long. */
export function short(reason: string): string {
  const sentence = reason.split(/(?<=\w{2})[.;](?:\s|$)/)[0]?.trim() ?? "";
  if (sentence.length <= longestReason) return sentence;
  const cut = sentence.slice(0, longestReason);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), longestReason / 2)).trimEnd()} …`;
}
