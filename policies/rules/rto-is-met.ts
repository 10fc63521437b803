import type { Rule } from "../../recovery";
import { brokenPromises } from "./violations";

/** From the disruption to verified service, everything counted: noticing, deciding, each step, and the way back for clients. */
export const rtoIsMet: Rule = {
  name: "rto-is-met",
  description: "The longest that recovery from each disruption may take, by its deadlines, is within the RTO.",
  level: "mandatory",
  severity: "critical",
  controls: ["ISO/IEC 27001:2022 A.5.30", "NIST SP 800-53 CP-10", "SOC 2 A1.2", "DORA 12(6)"],
  remediation: "Shorten detection or the deadline of the binding step, or add a faster path.",
  check: ({ assessments }) => brokenPromises(assessments, "rto"),
};
