import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import type { ConfigProblem } from "./problems";

/** The stack that is run, and where the settings of all stacks of its program are. */
export interface RunStack {
  project: string;
  stack: string;
  root: string;
}

/** A stack whose platform exports the states of stacks. */
interface Exporting {
  file: string;
  stacks: string[];
}

const SETTING = "holdfast:platform.state.stacks";

/**
 * What is wrong with the stacks whose states are exported: the one that runs is not among them, though some stack here
 * has a platform, or its own platform exports stacks that are not there. Nothing where no stack has one.
 */
export function exportedStacks({ project, stack, root }: RunStack): ConfigProblem[] {
  const files = stackFiles(root);
  const platforms = files.flatMap(({ file }) => exportingIn(path.join(root, file)));
  const own = nameOf(project, stack);
  const among = platforms.some(({ stacks }) => stacks.some((one) => ending(one) === ending(own)));
  const missing: ConfigProblem[] =
    platforms.length === 0 || among
      ? []
      : [
          {
            key: SETTING,
            message: `of ${platforms.map(({ file }) => file).join(" or ")} must name ${own}, or nothing exports the state of this stack; got ${platforms.flatMap(({ stacks }) => stacks).join(", ") || "none"}`,
          },
        ];
  const known = new Set(files.map(({ name }) => ending(nameOf(project, name))));
  const gone = platforms
    .filter(({ file }) => files.some((one) => one.file === file && one.name === stack))
    .flatMap(({ stacks }) => stacks)
    .filter((one) => ending(one).startsWith(`${project}/`) && !known.has(ending(one)));
  return [
    ...missing,
    ...gone.map((one) => ({
      key: SETTING,
      message: `must name stacks of this project that there are, got ${one}, but there is no Pulumi.${one.split("/").at(-1)}.yaml`,
    })),
  ];
}

/** As a backend that Pulumi does not host calls a stack. */
function nameOf(project: string, stack: string): string {
  return `organization/${project}/${stack}`;
}

/** Project and stack: offline nobody knows the organization. */
function ending(stack: string): string {
  return stack.split("/").slice(-2).join("/");
}

function stackFiles(root: string): { file: string; name: string }[] {
  return fs
    .readdirSync(root)
    .sort()
    .flatMap((file) => {
      const [, name] = /^Pulumi\.(.+)\.ya?ml$/.exec(file) ?? [];
      return name === undefined ? [] : [{ file, name }];
    });
}

/** What a stack's settings say of its platform; nothing where they have none, or are for somebody else to refuse. */
function exportingIn(at: string): Exporting[] {
  try {
    const settings: unknown = parse(fs.readFileSync(at, "utf8"));
    const platform = field(field(settings, "config"), "holdfast:platform");
    if (platform === undefined) return [];
    const stacks = field(field(platform, "state"), "stacks");
    const names = Array.isArray(stacks) ? stacks.filter((one) => typeof one === "string") : [];
    return [{ file: path.basename(at), stacks: names }];
  } catch {
    return [];
  }
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
