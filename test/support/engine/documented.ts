import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A command line and the file that has people or machines run it. */
export interface Documented {
  file: string;
  command: string;
}

/** Where commands are told or run; generated runbooks name none. */
const places = [
  { folder: ".", matching: /^README\.md$/ },
  { folder: "docs", matching: /\.md$/ },
  { folder: ".github/workflows", matching: /\.ya?ml$/ },
];

/** The commands that run `pulumi up`: lines of a guide's code blocks and of a workflow's steps. */
export function commandsThatUpdate(root: string): Documented[] {
  return places.flatMap(({ folder, matching }) => {
    const path = join(root, folder);
    const files = existsSync(path) ? readdirSync(path).filter((name) => matching.test(name)) : [];
    return files.sort().flatMap((name) => {
      const text = readFileSync(join(path, name), "utf8");
      const lines = (name.endsWith(".md") ? codeIn(text) : text).split("\n");
      return lines.flatMap((line) => {
        const command = /^\s*(?:-\s+)?(?:run:\s*)?((?:npx )?pulumi up\b[^#]*)/.exec(line)?.[1]?.trim();
        // `-C` names another program, which has no pack.
        return command === undefined || /\s-C\s/.test(command) ? [] : [{ file: join(folder, name), command }];
      });
    });
  });
}

/** The code blocks of a Markdown text. */
function codeIn(text: string): string {
  return [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].map(([, code]) => code).join("\n");
}
