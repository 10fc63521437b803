import { describe } from "./failure";
import { badInput, run } from "./main";

const args = process.argv.slice(2);

/** What was printed must have left before the process does; a program may leave a timer or a server behind. */
function end(code: number): void {
  process.off("exit", unfinished);
  process.exitCode = code;
  process.stdout.write("", () => process.exit(code));
}

// A promise that never settles lets Node end quietly and with success: nothing passes unseen.
process.exitCode = badInput;
const unfinished = () => process.stderr.write("the program never finished: it waits for a value that never arrives\n");
process.on("exit", unfinished);

// Node's own exit code for these is 1, which here is a finding.
process.on("uncaughtException", (error) => {
  process.stderr.write(`${describe(error, args.includes("--debug"))}\n`);
  end(badInput);
});

run(args, {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => Math.floor(Date.now() / 1000),
}).then(end);
