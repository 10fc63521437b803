import type { Finding } from "../recovery";

/** A finding as the engine prints it: the sentence, then its events, what binds, and the fix. */
export function messageOf(finding: Finding): string {
  const { assets, disruption, message, also, counterexample, binding, fix, remediation } = finding;
  const subject = [assets.join(", "), disruption].filter(Boolean).join(" · ");
  const lines = [
    subject === "" ? message : `${subject}: ${message}`,
    ...(also ?? []).map((one) => `also ${one}`),
    ...(counterexample?.events ?? []).map(({ at, what }) => `  ${dated(at)}  ${what}`),
    ...(counterexample ? [`  ${counterexample.conclusion}`] : []),
    ...(binding ? [`binding: ${binding}`] : []),
    ...(fix ? [`fix: ${fix.change} (checked: ${fix.result})`] : remediation ? [`to mend: ${remediation}`] : []),
  ];
  return lines.join("\n");
}

/** The last instant that a calendar of JavaScript has, in seconds since 1970. */
const endOfCalendar = 8_640_000_000_000;

function dated(at: number): string {
  if (at > endOfCalendar) return "beyond every calendar";
  return new Date(at * 1_000).toISOString().replace("T", " ").replace(".000Z", " UTC");
}
