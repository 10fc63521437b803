import * as fs from "node:fs";
import * as path from "node:path";

/** The SQL notebooks of notebooks/, by their name without ending, as a workspace keeps them. */
export function notebooks(): Record<string, string> {
  const folder = path.join(__dirname, "notebooks");
  const files = fs
    .readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort();
  return Object.fromEntries(
    files.map((file) => [file.slice(0, -".sql".length), fs.readFileSync(path.join(folder, file), "utf8")]),
  );
}
