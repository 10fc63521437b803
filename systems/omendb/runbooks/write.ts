import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runbookPages } from "./pages";

// Pages that nothing generates any more are removed: a runbook of an alert that is gone misleads.
const folder = join(__dirname, "../../../docs/runbooks/omendb");
mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder)) if (file.endsWith(".md")) rmSync(join(folder, file));
for (const { file, text } of runbookPages()) writeFileSync(join(folder, file), text);
