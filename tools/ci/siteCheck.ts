import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { setTimeout } from "node:timers/promises";
import { parse } from "yaml";

/** A CronJob that compares a site with what the register says of it. */
export interface SiteCheck {
  context: string;
  namespace: string;
  cronJob: string;
}

interface StackFile {
  config?: {
    "holdfast:sites"?: Record<string, { cluster?: { context?: string } }>;
    "holdfast:platform"?: {
      namespace?: string;
      sites?: { primary?: string; secondary?: string };
      azure?: { sites: string[] };
    };
  };
}

/** The checks of a stack's sites; none where it does not declare the platform. */
export function siteChecksOf(stackFile: string): SiteCheck[] {
  const { config } = parse(stackFile) as StackFile;
  const platform = config?.["holdfast:platform"];
  if (platform === undefined) return [];
  const { namespace = "platform", sites: { primary = "primary", secondary = "secondary" } = {}, azure } = platform;
  return [primary, secondary, ...(azure?.sites ?? [])].map((site) => {
    const context = config?.["holdfast:sites"]?.[site]?.cluster?.context;
    if (context === undefined) throw new Error(`holdfast:sites.${site}: must have a cluster with a context, got none`);
    return { context, namespace, cronJob: `site-check-${site}` };
  });
}

/** Runs a check once and prints what it says; whether the site is what the register says. */
export async function runCheck(
  { context, namespace, cronJob }: SiteCheck,
  run: string,
  wait = { times: 72, milliseconds: 5_000 },
): Promise<boolean> {
  const kubectl = (...args: string[]) =>
    spawnSync("kubectl", ["--context", context, "-n", namespace, ...args], { encoding: "utf8" });
  const job = `${cronJob}-${run}`;
  const made = kubectl("create", "job", job, `--from=cronjob/${cronJob}`);
  if (made.status !== 0) return told(`${context}: ${made.error?.message ?? made.stderr}`, false);
  const ended = '{.status.conditions[?(@.status=="True")].type}';
  for (let time = 0; time < wait.times; time++) {
    const conditions = kubectl("get", "job", job, "-o", `jsonpath=${ended}`).stdout.split(" ");
    const isComplete = conditions.includes("Complete");
    if (isComplete || conditions.includes("Failed")) return told(kubectl("logs", `job/${job}`).stdout, isComplete);
    await setTimeout(wait.milliseconds);
  }
  return told(`${context}: ${job} has not ended in ${(wait.times * wait.milliseconds) / 1_000} s`, false);
}

function told(text: string, answer: boolean): boolean {
  process.stdout.write(`${text.trimEnd()}\n`);
  return answer;
}

async function main([stack = "", run = ""]: string[]): Promise<void> {
  const checks = siteChecksOf(fs.readFileSync(`Pulumi.${stack}.yaml`, "utf8"));
  if (checks.length === 0) console.log(`${stack} has no platform: no site is checked`);
  for (const check of checks) if (!(await runCheck(check, run))) process.exitCode = 1;
}

if (require.main === module) void main(process.argv.slice(2));
