import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { programOf, removePrograms } from "../preview/programs";
import { changedConfig } from "../support/engine/stacks";
import {
  disagreements,
  type Judged,
  judgedByEngine,
  judgedOffline,
  modes,
  reportedBy,
  reportedFor,
  root,
  type Subject,
} from "../support/parity";

/** OmenDB alone of production, with incrementals every two hours: production as a whole is compared as it is. */
const mutant = mutantOf(({ backups }) => {
  backups.incremental = { schedule: "0 */2 * * *" };
});
const asWritten = join(root, "examples/as-written");

type Case = [name: string, subject: Subject, findings: "none" | "some"];

const subjects: Case[] = [
  ["prod", { program: root, stack: "prod" }, "none"],
  ["staging", { program: root, stack: "staging" }, "none"],
  ["prod with incrementals every two hours", { program: mutant, stack: "prod" }, "some"],
  ...readdirSync(asWritten, { recursive: true, encoding: "utf8" })
    .filter((file) => /(^|[\\/])Pulumi\.[^\\/]+\.yaml$/.test(file))
    .sort()
    .map((file): Case => {
      const [, folder = "", stack = ""] = /^(.*)[\\/]Pulumi\.(.+)\.yaml$/.exec(file) ?? [];
      return [`${folder} as written, ${stack}`, { program: join(asWritten, folder), stack }, "some"];
    }),
];

const offline = new Map<string, Judged>();
const engine = new Map<string, Awaited<ReturnType<typeof judgedByEngine>>[number]>();

beforeAll(async () => {
  const runs = subjects.flatMap(([name, subject]) =>
    modes.map((check) => ({ key: `${name} ${check}`, subject: { ...subject, provider: { check } } })),
  );
  const judged = await judgedByEngine(runs.map(({ subject }) => subject));
  for (const [index, { key }] of runs.entries()) {
    const one = judged[index];
    if (one !== undefined) engine.set(key, one);
  }
  for (const [name, subject] of subjects) offline.set(name, await judgedOffline(subject));
});

afterAll(removePrograms);

it.each(["analytics", "omendb", "omniverse"])("compares every stack of %s as it is written down", (example) => {
  const stacks = readdirSync(join(asWritten, example)).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
  expect(subjects.filter(([name]) => name.startsWith(`${example} as written`))).toHaveLength(stacks.length);
  expect(stacks.length).toBeGreaterThanOrEqual(4);
});

describe.each(modes)("the real Pulumi engine with the pack, and providers whose check is %s", (check) => {
  it.each(subjects)("judges as the offline preview does: %s", (name, _subject, findings) => {
    const expected = offline.get(name);
    const judged = engine.get(`${name} ${check}`);
    if (expected === undefined || judged === undefined) throw new Error(`${name} was not judged`);
    const { run, ...answer } = judged;
    expect(answer).toEqual(expected);
    expect(disagreements(expected, answer, () => false)).toEqual([]);
    expect(reportedBy(run)).toEqual(reportedFor(expected));
    expect([run.code !== 0, expected.findings.length > 0]).toEqual(findings === "none" ? [false, false] : [true, true]);
  });
});

/** The program itself with another configuration of production, in a project of its own. */
function mutantOf(change: Parameters<typeof changedConfig>[3]): string {
  // Three folders down.
  const main = "../../../index.ts";
  const folder = programOf("", {
    "Pulumi.yaml": stringify({ name: "holdfast", main, runtime: "nodejs" }),
    "package.json": JSON.stringify({ name: "mutant", private: true, main }),
  });
  changedConfig("prod", folder, "Pulumi.prod", change);
  return folder;
}
