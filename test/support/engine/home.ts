import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Makes a `PULUMI_HOME` without login, plugins and workspaces in a folder. Every command of Pulumi's writes all that it
 * does into `logs`, encrypted, some 8 MB for a preview of production and a fifth of its processor time; where a file is
 * in the way it says so in that log and does without.
 */
export function pulumiHome(folder: string): string {
  const home = path.join(folder, "home");
  fs.mkdirSync(home, { recursive: true });
  fs.writeFileSync(path.join(home, "logs"), "");
  return home;
}
