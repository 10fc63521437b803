import type { Rule } from "../../recovery";
import { brokenPromises } from "./violations";

/** The number that matters after a disaster: how much work is gone. */
export const rpoIsMet: Rule = {
  name: "rpo-is-met",
  description: "The most that each disruption can lose, through one failed run, is within the RPO.",
  level: "mandatory",
  severity: "critical",
  controls: ["ISO/IEC 27001:2022 A.8.13", "NIST SP 800-53 CP-9", "SOC 2 A1.2", "DORA 12(1)"],
  remediation:
    "Take restore points more often, bound their runs, or protect the asset where the disruption does not reach.",
  check: ({ assessments }) => brokenPromises(assessments, "rpo"),
};
