/** How long what a person writes for an incident holds: longer than a recovery takes, and gone before the next incident. */
export const INCIDENT_HOURS = 12;

/** What whoever starts a recovery says, with the incident that it is said for: jobs refuse it without, and once it is old. */
export function saidForIncident(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { INCIDENT: "<number>", INCIDENT_WRITTEN: "$(date -u +%FT%TZ)", ...values };
}

/** What a runbook says of that. */
export const saidHolds = `What is written holds for ${INCIDENT_HOURS} hours; later the jobs refuse it, and the same command renews it.`;
