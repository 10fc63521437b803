import { bullets, type Page, page } from "../../runbooks/page";
import { alertPages, CALL } from "./alertPages";
import { operationsPages } from "./operationsPages";
import { recoveryPages } from "./recoveries/pages";
import { inOrder, pathsOf } from "./recoveries/pathPages";

/** Every page of `docs/runbooks/analytics/`. */
export function runbookPages(): Page[] {
  const alerts = alertPages();
  const { incidents, issues, work } = operationsPages(CALL);
  const { ways, others } = recoveryPages(CALL);
  const index = page("README.md", "Analytics runbooks", [
    "Paged? Open the page of your alert.",
    "## Recoveries",
    "The region is lost: begin at once whatever waits for nobody, each in a window of its own.",
    bullets(inOrder(pathsOf("secondary"))),
    "Data or settings are damaged, and the region is well:",
    bullets(inOrder(pathsOf("place"))),
    "Credentials are in other hands: the clean room, with the security team.",
    bullets(inOrder(pathsOf("room"))),
    "Afterwards, and before:",
    links(others),
    "## Alerts",
    links(alerts),
    "## Incidents",
    links(incidents),
    "## Common issues",
    links(issues),
    "## Regular work",
    links(work),
  ]);
  return [...alerts, ...ways, ...others, ...incidents, ...issues, ...work, index];
}

function links(pages: readonly Page[]): string {
  return pages.map(({ file }) => `- [${file.replace(/\.md$/, "")}](${file})`).join("\n");
}
