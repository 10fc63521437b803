import * as fs from "node:fs";
import * as path from "node:path";

/** What a run wrote about one stack. Its code may be anybody's: text to show, and nothing to run or to believe. */
export interface Evidence {
  markdown?: string;
  sarif?: string;
}

const largest = { markdown: 1_000_000, sarif: 10_000_000 };

/** The evidence of a stack in a folder; what is missing, too long or not ours counts as none. */
export function evidenceIn(folder: string, stack: string): Evidence {
  const markdown = textOf(path.join(folder, "evidence.md"), largest.markdown);
  const sarif = textOf(path.join(folder, "evidence.sarif"), largest.sarif);
  return {
    ...(markdown === undefined ? {} : { markdown }),
    ...(sarif === undefined || !isOurs(sarif, stack) ? {} : { sarif }),
  };
}

/** Stacks that are configured in a folder, production first. */
export function stacksOf(folder: string): string[] {
  const names = fs.readdirSync(folder).flatMap((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1] ?? []);
  return names.sort((a, b) => Number(b === "prod") - Number(a === "prod") || (a < b ? -1 : 1));
}

function textOf(file: string, limit: number): string | undefined {
  const found = fs.lstatSync(file, { throwIfNoEntry: false });
  // A link could show any file of the machine that runs this.
  return found?.isFile() && found.size <= limit ? fs.readFileSync(file, "utf8") : undefined;
}

/** Code scanning takes a log for what it calls itself: one that speaks for another tool could silence that tool. */
function isOurs(sarif: string, stack: string): boolean {
  try {
    const { runs } = JSON.parse(sarif) as {
      runs?: { tool?: { driver?: { name?: unknown }; extensions?: unknown }; automationDetails?: { id?: unknown } }[];
    };
    const [run, ...more] = runs ?? [];
    return (
      more.length === 0 &&
      run?.tool?.driver?.name === "Holdfast" &&
      run.tool.extensions === undefined &&
      run.automationDetails?.id === `holdfast/${stack}/`
    );
  } catch {
    return false;
  }
}
