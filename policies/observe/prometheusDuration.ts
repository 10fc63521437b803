import type { Bound } from "../../recovery/bound";
import { isUnknown } from "../../recovery/bound";
import { seconds } from "../../recovery/duration";
import type { Facts } from "./read";

const unitSeconds = { y: 31_536_000, w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1, ms: 0.001 };
const format = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Seconds of a duration as Prometheus writes it, rounded up, or nothing when it is none. */
export function prometheusSeconds(text: string): number | undefined {
  if (text === "0") return 0;
  const parts = text === "" ? null : format.exec(text);
  if (parts === null) return undefined;
  const total = Object.values(unitSeconds).reduce((sum, unit, i) => sum + Number(parts[i + 1] ?? 0) * unit, 0);
  return Math.ceil(total);
}

/** Reads a duration that Prometheus understands; absent, `otherwise` says what it is. */
export function prometheusSpan(facts: Facts, otherwise: Bound): Bound {
  const text = facts.text();
  if (text === undefined) return otherwise;
  if (isUnknown(text)) return text;
  const span = prometheusSeconds(text);
  return span === undefined
    ? { unknown: `${facts.property} of ${facts.source().name} is not a duration such as "30s"` }
    : seconds(span);
}
