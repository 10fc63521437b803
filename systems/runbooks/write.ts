import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runbookPages as analytics } from "../analytics/runbooks/pages";
import { runbookPages as omendb } from "../omendb/runbooks/pages";
import { runbookPages as omniverse } from "../omniverse/runbooks/pages";
import { runbookPages as platform } from "../platform/runbooks/pages";

const systems = { analytics, omendb, omniverse, platform };

// Pages that nothing generates any more are removed: a runbook of an alert that is gone misleads.
for (const [system, pages] of Object.entries(systems)) {
  const folder = join(__dirname, "../../docs/runbooks", system);
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) if (file.endsWith(".md")) rmSync(join(folder, file));
  for (const { file, text } of pages()) writeFileSync(join(folder, file), text);
}
