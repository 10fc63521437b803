import { Command, CommanderError, Option } from "commander";
import { parseAsOf } from "./asOf";
import type { AssessOptions } from "./assessCommand";
import { BadInput } from "./badInput";
import type { ProgramOptions } from "./judged";
import type { PreviewOptions } from "./previewCommand";
import type { ScheduleOptions } from "./scheduleQuestion";
import type { World } from "./world";

/** Exit code for input that somebody has to mend; 0 is clean, 1 a mandatory finding. */
export const badInput = 2;

/** Runs one command line (without node and script); the answer is the exit code. */
export async function run(args: readonly string[], world: World): Promise<number> {
  let code = 0;
  const program = commandLine(world, (answer) => {
    code = answer;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    // Help and version are errors to commander as well.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : badInput;
    const { describe } = require("./failure") as typeof import("./failure");
    world.stderr.write(`${describe(error, args.includes("--debug"))}\n`);
    return badInput;
  }
}

function commandLine(world: World, done: (code: number) => void): Command {
  const program = new Command("holdfast")
    .description("Worst-case RPO and RTO of what a Pulumi program declares, before anything is deployed.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, "")),
    });
  judging(program.command("preview"))
    .description("judge a program, print the report, write the evidence; exit code 1: a mandatory finding")
    .option("--against <base>", "what to compare with: an evidence.json, a plan, or a git ref such as origin/main")
    .option("--out <folder>", "where the evidence goes (default: .holdfast/<stack>)")
    .addOption(format())
    .action(async (options: PreviewOptions) => {
      const { preview } = require("./previewCommand") as typeof import("./previewCommand");
      done(await preview(options, world));
    });
  judging(program.command("explain"))
    .description("where the numbers of an asset come from")
    .argument("<asset>", "system/asset, e.g. omendb/data")
    .argument("[disruption]", "process, node, zone, region, corruption or compromise; all of them when left out")
    .action(async (asset: string, disruption: string | undefined, options: ProgramOptions) => {
      const { explainAsset } = require("./explainCommand") as typeof import("./explainCommand");
      done(await explainAsset(asset, disruption, options, world));
    });
  asOf(program.command("assess"))
    .description("judge a plan or a deployed state from a file, print the report; exit code 1: a mandatory finding")
    .addOption(
      new Option("--plan <file>", "YAML or JSON (docs/plan.md), e.g. .holdfast/prod/plan.json").conflicts("state"),
    )
    .option("--state <file>", "what pulumi stack export prints; - for standard input")
    .option("--out <folder>", "where the evidence goes (default: nowhere)")
    .addOption(format())
    .option("--json", "the same as --format json", false)
    .action(async (options: AssessOptions) => {
      const { assessFile } = require("./assessCommand") as typeof import("./assessCommand");
      done(await assessFile(options, world));
    });
  asOf(program.command("schedule"))
    .description("when a schedule runs, the longest time between its runs, and the RPO that follows")
    .argument("[expression]", 'as the scheduler writes it, e.g. "0 2 * * 0"; none with --jsonl')
    .option("--scheduler <name>", "what starts the runs: kubernetes, aws, quartz, azure, debian, dlm", "kubernetes")
    .option("--time-zone <zone>", "IANA time zone of the expression", "Etc/UTC")
    .option("--slack <duration>", "how much later than its time a run may start (default: as the scheduler does)")
    .option("--run <duration>", "the longest a run may take (default: as the scheduler does)")
    .option("--transfer <duration>", "the longest until the restore point has left the failed domain (default: 0s)")
    .option("--was <expression>", "the schedule that this one replaces: adds the gap of the day of the change")
    .option("--json", "print one JSON object")
    .addOption(
      new Option(
        "--jsonl",
        "answer JSON lines of standard input, each with schedule, timeZone, scheduler, from, to",
      ).conflicts(["json", "was", "slack", "run", "transfer"]),
    )
    .action(async (expression: string | undefined, options: ScheduleOptions) => {
      const { schedule } = require("./scheduleCommand") as typeof import("./scheduleCommand");
      done(await schedule(expression, options, world));
    });
  program
    .command("docs")
    .description("write the documentation that is made from the code")
    .option("--check", "only say what would change; exit code 1: something would", false)
    .option("--debug", "print stack traces", false)
    .action(async (options: { check: boolean }) => {
      const { docs } = require("./docsCommand") as typeof import("./docsCommand");
      done(await docs(options, process.cwd(), world));
    });
  return program;
}

/** What all commands share that judge a program. */
function judging(command: Command): Command {
  return asOf(command)
    .option("--stack <name>", "stack to judge", "prod")
    .option("--program <folder>", "folder of the Pulumi.yaml", ".")
    .addOption(choice("--engine <engine>", "what runs the program", ["offline", "pulumi"]));
}

function asOf(command: Command): Command {
  return command
    .addOption(new Option("--as-of <date>", "day or instant to judge at (default: now)").argParser(parseAsOf))
    .option("--debug", "print stack traces", false);
}

function format(): Option {
  return choice("--format <format>", "what to print", ["terminal", "json", "markdown"]);
}

/** An option with few values, the first of which is the default. */
function choice(flags: string, description: string, allowed: readonly string[]): Option {
  const name = flags.split(" ")[0];
  return new Option(flags, `${description}: ${allowed.join(", ")}`).default(allowed[0]).argParser((value) => {
    if (allowed.includes(value)) return value;
    throw new BadInput(`${name} must be ${allowed.join(" or ")}, got "${value}"; e.g. ${name} ${allowed[0]}`);
  });
}
