import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { EngineResult, PolicyViolation } from "./run";

/** Notes an event of the engine's, unless it is for debugging. */
export function observe(event: EngineEvent, result: EngineResult): void {
  // The SDK's messages for debugging hold every answer of a provider with its secrets in clear.
  const severity: string | undefined = event.diagnosticEvent?.severity;
  if (severity === "debug") return;
  result.eventLog += `${JSON.stringify(event)}\n`;
  const policy = event.policyEvent;
  if (policy !== undefined) {
    const violation: PolicyViolation = {
      policy: policy.policyName,
      level: policy.enforcementLevel === "mandatory" ? "mandatory" : "advisory",
      message: plain(policy.message),
    };
    if (policy.resourceUrn) violation.urn = policy.resourceUrn;
    result.policyViolations.push(violation);
  }
  const diagnostic = event.diagnosticEvent;
  if (diagnostic?.severity === "error") result.errors.push(plain(diagnostic.message));
  if (diagnostic?.severity === "warning") result.warnings.push(plain(diagnostic.message));
}

/** The engine marks colours as `<{%red%}>`. */
function plain(text: string): string {
  return text.replace(/<\{%[^%]*%\}>/g, "").trim();
}
