import { rules } from "../../policies/rules";

/** `docs/rules.md`: every rule with what it demands, how grave a violation is, how to mend it, and what it gives evidence for. */
export function rulesPage(): string {
  const sections = rules.map(({ name, description, level, severity, remediation, controls }) =>
    [
      `## ${name}`,
      "",
      description,
      "",
      `- ${level}, severity ${severity}`,
      `- to mend: ${remediation}`,
      `- evidence for: ${controls.join("; ")}`,
      `- code: [policies/rules/${name}.ts](../policies/rules/${name}.ts)`,
      "",
    ].join("\n"),
  );
  return [
    "# Rules",
    "",
    "Made from the rules themselves by `npx holdfast docs`. A value that is missing counts as absent, one that cannot be",
    'read before deployment is a finding of its own ("cannot prove") at the rule\'s level: neither is ever a pass.',
    "",
    ...sections,
  ].join("\n");
}
