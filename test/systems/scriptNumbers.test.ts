import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Resource } from "../../policies/graph";
import { jobScripts } from "../../systems/jobScripts";
import { declaredGraph } from "../support/declaredGraph";
import { containerOf, cronJobs, metadataOf, ofSystem } from "./declared";

const systems = ["analytics", "omendb", "omniverse", "platform"] as const;
const stacks = ["prod", "staging"] as const;
const resources = {} as Record<(typeof stacks)[number], readonly Resource[]>;
beforeAll(async () => {
  for (const stack of stacks) {
    resources[stack] = (await declaredGraph(stack)).resources;
  }
});

/** Numbers that a script has of its own, because they belong to how it works and no promise or policy is in them. */
const own: Readonly<Record<string, string>> = {
  ...of("how often and how long it asks before it gives up, within the deadline of its Job", [
    "ANSWER_SECONDS",
    "AZURE_POLL",
    "AZURE_RETRIES",
    "AZURE_SECONDS",
    "BENCHMARK_SECONDS",
    "COUNT_SECONDS",
    "DNS_TIMEOUT",
    "DUMP_WITHIN",
    "FENCE_SECONDS",
    "FOLLOW_SECONDS",
    "HEALTHY_TIMES",
    "INDEX_SECONDS",
    "LOOK_SECONDS",
    "OMENDB_CALL_SECONDS",
    "OPERATION_SECONDS",
    "POLL_SECONDS",
    "READY_SECONDS",
    "SAY_WITHIN",
    "SETTLE_SECONDS",
    "SQL_SECONDS",
    "START_DEADLINE",
    "START_TIMEOUT",
    "STEADY_SECONDS",
    "STOP_SECONDS",
    "STOP_TIMEOUT",
    "WATCH_EVERY",
  ]),
  ...of("what one call to S3 takes", ["COPY_LIMIT", "COPY_PART", "PART_BYTES", "READ_BYTES"]),
  ...of("how many it works on at a time", ["TRANSFER_JOBS", "WORK_JOBS"]),
  ...of("how many it names or samples beside what is counted whole", [
    "COUNTED_TABLES",
    "LARGEST",
    "MAX_CANDIDATES",
    "SAMPLE",
    "SAMPLED_FILES",
    "SAMPLED_LOCKS",
    "SAMPLED_PACKS",
  ]),
  ...of("a port of its own pod, or that of HTTPS", ["DRILL_PORT", "DUMP_PORT", "SERVICE_PORT", "SITE_PORT"]),
  ...of("how old what another step has noted, or AWS has sent, may be", [
    "LAG_AT_MOST",
    "LOOK_VALID_FOR",
    "REPLICATED_WITHIN",
    "VALID_FOR",
  ]),
  ...of("how many start where nobody has noted or declared another number", ["REPLICAS"]),
  ...of("how far off a producer's clock may be, and how many events are read at a time", [
    "EVENTS_LATE",
    "EVENTS_SLICE",
  ]),
  ...of("used by steps alone that are told it", ["DB_BACKUP_DAYS", "RECORD_TTL"]),
};

function of(why: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, why]));
}

/** A script with what it sources or starts of ours. */
function whole(scripts: Readonly<Record<string, string>>, file: string, seen = new Set<string>()): Set<string> {
  const text = scripts[file];
  if (text === undefined || seen.has(file)) return seen;
  seen.add(file);
  for (const [, name = ""] of text.matchAll(/JOBS_DIR[^"\n]*\/([\w-]+\.sh)"/g)) whole(scripts, name, seen);
  for (const [, names = ""] of text.matchAll(/for part in ([\w -]+); do\n(?:\s*#.*\n)?.*JOBS_DIR\/\$part\.sh"/g)) {
    for (const name of names.split(" ")) whole(scripts, `${name}.sh`, seen);
  }
  return seen;
}

/** Names to which a script gives a number where its environment has none. */
function numbersIn(text: string): string[] {
  const code = text.replaceAll(/^\s*#.*$/gm, "");
  return [...code.matchAll(/\$\{([A-Z_]+):?[=-]\d[\w.]*\}/g)].map(([, name = ""]) => name);
}

/** `NAME of script` by the jobs that run the script and are not told NAME. */
function untold(stack: (typeof stacks)[number]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const system of systems) {
    const scripts = jobScripts(system);
    for (const job of cronJobs(ofSystem(resources[stack], system))) {
      const { command, env } = containerOf(job);
      for (const file of whole(scripts, path.basename(command[0] ?? ""))) {
        for (const name of numbersIn(scripts[file] ?? "")) {
          if (env.has(name)) continue;
          found.set(name, [...(found.get(name) ?? []), `${file}, run by ${metadataOf(job).name}`]);
        }
      }
    }
  }
  return found;
}

describe("the numbers of the jobs' scripts", () => {
  it.each(stacks)("are told by the program in %s, or are the script's own business", (stack) => {
    const wrong = [...untold(stack)].filter(([name]) => !(name in own));
    expect(wrong).toEqual([]);
  });

  it("are each declared as a script's own only where one has it", () => {
    const all = new Set(systems.flatMap((system) => Object.values(jobScripts(system)).flatMap(numbersIn)));
    expect(Object.keys(own).filter((name) => !all.has(name))).toEqual([]);
  });

  it("are seen in every way that a script can have one", () => {
    const ways = [":=7", "=30", ":-5", "-1h"];
    for (const way of ways) expect(numbersIn(`: "$\{A${way}}"`), way).toEqual(["A"]);
    for (const way of [":=none", ":?", ":-"]) expect(numbersIn(`: "$\{A${way}}"`), way).toEqual([]);
    for (const way of ways) expect(numbersIn(`  # of $\{A${way}} nothing is said`), way).toEqual([]);
  });

  it("are sought in what every job runs", () => {
    for (const system of systems) {
      const scripts = jobScripts(system);
      const files = cronJobs(ofSystem(resources.prod, system)).map((job) => containerOf(job).command[0] ?? "");
      expect(files.length).toBeGreaterThan(0);
      expect(files.filter((file) => scripts[path.basename(file)] === undefined)).toEqual([]);
    }
    const read = whole(jobScripts("omniverse"), "deploy.sh");
    for (const file of ["common.sh", "progress.sh", "release.sh", "gates.sh", "dump.sh"]) expect(read).toContain(file);
    const drill = whole(jobScripts("analytics"), "drill.sh");
    for (const file of ["azure.sh", "progress.sh", "promise.sh"]) expect(drill).toContain(file);
  });
});
