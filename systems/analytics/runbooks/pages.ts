import { type Page, page } from "../../runbooks/page";
import { alertPages, CALL } from "./alertPages";
import { operationsPages } from "./operationsPages";

/** Every page of `docs/runbooks/analytics/`. */
export function runbookPages(): Page[] {
  const alerts = alertPages();
  const { incidents, issues, work } = operationsPages(CALL);
  const index = page("README.md", "Analytics runbooks", [
    "Paged? Open the page of your alert.",
    "## Alerts",
    links(alerts),
    "## Incidents",
    links(incidents),
    "## Common issues",
    links(issues),
    "## Regular work",
    links(work),
  ]);
  return [...alerts, ...incidents, ...issues, ...work, index];
}

function links(pages: readonly Page[]): string {
  return pages.map(({ file }) => `- [${file.replace(/\.md$/, "")}](${file})`).join("\n");
}
