import { readFileSync } from "node:fs";

/** What set off the workflow that this runs in. @throws Error outside a workflow. */
export function eventOf(variables: Readonly<Record<string, string | undefined>>): unknown {
  const file = variables.GITHUB_EVENT_PATH;
  if (!file) throw new Error("GITHUB_EVENT_PATH must be set: this runs in a workflow, which sets it");
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Page of the run that this is part of. */
export function pageOf(variables: Readonly<Record<string, string | undefined>>): string {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = variables;
  return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
}

/** Runs a script to its end: what it answers is printed, what it throws is one line, without a stack trace. */
export function script(work: () => Promise<readonly string[]>): void {
  work().then(
    (lines) => {
      for (const line of lines) process.stdout.write(`${line}\n`);
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
