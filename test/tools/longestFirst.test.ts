import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import type { TestSpecification, Vitest } from "vitest/node";
import { longestFirst } from "../../tools/longestFirst.mts";

const root = resolve(__dirname, "../..");

it("begins with the files that are named, in that order, and goes on by name", async () => {
  const project = { config: { root } };
  const files = ["b/two", "a/one", "z/long", "c/longest"].map((name) => ({
    moduleId: join(root, "test", `${name}.test.ts`),
    project,
  }));
  const Sequencer = longestFirst(["c/longest", "z/long"]);
  const sorted = await new Sequencer({} as Vitest).sort(files as unknown as TestSpecification[]);
  const names = sorted.map(({ moduleId }) => moduleId.slice(join(root, "test/").length, -".test.ts".length));
  expect(names).toEqual(["c/longest", "z/long", "a/one", "b/two"]);
});

it.each([
  ["vitest.config.mts", ""],
  ["vitest.real.config.mts", "real/"],
])("%s names files that there are", (config, folder) => {
  const [, list = ""] = /const long = \[([^\]]*)\]/.exec(readFileSync(join(root, config), "utf8")) ?? [];
  const named = [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => `test/${folder}${name}.test.ts`);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
