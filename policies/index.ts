import { writeFileSync } from "node:fs";
import { type Policies, PolicyPack, type StackValidationArgs, type StackValidationPolicy } from "@pulumi/policy";
import type { Judgement, Rule } from "../recovery";
import type { Value } from "./graph";
import { judge } from "./judge";
import { messageOf } from "./message";
import { plainProps, resourceOf } from "./plain";
import { rules } from "./rules";

/** Configuration of the policy `holdfast`. */
interface Settings {
  /** The date to judge at, `2026-11-21` or an instant. @default now */
  asOf?: string;
  /** File that receives the judgement as JSON. */
  out?: string;
}

/** Properties as the program set them, by URN: the engine shows them before any stack policy runs. */
const inputs = new Map<string, Record<string, Value>>();

/** The judgement of the stack at hand; the engine runs the policies of a pack in the order of their list. */
let current: Judgement | undefined;

function judgeStack(args: StackValidationArgs, settings: Settings): Judgement {
  const resources = args.resources.map((resource) => resourceOf(resource, inputs.get(resource.urn)));
  return judge({ resources }, instantOf(settings.asOf));
}

function instantOf(asOf: string | undefined): number {
  const at = asOf === undefined ? Date.now() : Date.parse(asOf);
  if (Number.isNaN(at))
    throw new Error(`holdfast.asOf must be a date such as "2026-11-21", got ${JSON.stringify(asOf)}`);
  return Math.floor(at / 1_000);
}

const policies: Policies = [
  {
    name: "declared-inputs",
    description: "Keeps what the program set, so that unset and unknown can be told apart; reports nothing.",
    enforcementLevel: "advisory",
    validateResource: ({ urn, props }) => {
      inputs.set(urn, plainProps(props));
    },
  },
  {
    name: "holdfast",
    description: "Something about recovery is declared: a stack in which nothing is recognised is never a pass.",
    enforcementLevel: "mandatory",
    severity: "critical",
    configSchema: { properties: { asOf: { type: "string" }, out: { type: "string" } } },
    validateStack: (args, reportViolation) => {
      const settings = args.getConfig<Settings>();
      current = judgeStack(args, settings);
      if (settings.out !== undefined) writeFileSync(settings.out, `${JSON.stringify(current, null, 2)}\n`);
      if (current.plan.assets.length === 0) {
        reportViolation("no asset with objectives is declared, so nothing is promised and nothing was judged");
      }
    },
  },
  ...rules.map(stackPolicy),
];

function stackPolicy(rule: Rule): StackValidationPolicy {
  const iso = rule.controls.find((control) => control.startsWith("ISO/IEC 27001:2022 "));
  return {
    name: rule.name,
    description: rule.description,
    enforcementLevel: rule.level,
    severity: rule.severity,
    tags: rule.controls,
    remediationSteps: rule.remediation,
    url: `docs/rules.md#${rule.name}`,
    ...(iso
      ? {
          framework: {
            name: "ISO/IEC 27001",
            version: "2022",
            reference: iso.slice("ISO/IEC 27001:2022 ".length),
            specification: rule.description,
          },
        }
      : {}),
    validateStack: (args, reportViolation) => {
      const { findings } = current ?? judgeStack(args, {});
      for (const finding of findings) {
        if (finding.rule !== rule.name || finding.waiver !== undefined) continue;
        const { resource } = finding.source;
        reportViolation(messageOf(finding), resource.startsWith("urn:") ? resource : undefined);
      }
    },
  };
}

new PolicyPack("holdfast", { policies });
