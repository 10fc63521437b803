import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobsPath } from "../../../support/doubles";

/** Something that happened to a key, at an instant in milliseconds. */
interface Happening {
  key: string;
  at: number;
  id: string;
  marker: boolean;
  /** Whether the other bucket has it. */
  arrived: boolean;
}

const START = Date.parse("2026-02-28T23:59:40Z");
const SECONDS = 40;
let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), "held-"));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A list as `list_versions` writes it: versions of a key newest first, then its markers. */
function listed(all: readonly Happening[]): string {
  const newestOf = new Map<string, Happening>();
  for (const one of all) if (one.at >= (newestOf.get(one.key)?.at ?? 0)) newestOf.set(one.key, one);
  return [...all]
    .sort((a, b) => Number(a.marker) - Number(b.marker) || (a.key < b.key ? -1 : a.key > b.key ? 1 : b.at - a.at))
    .map((one) => {
      const at = new Date(Math.floor(one.at / 1_000) * 1_000).toISOString().slice(0, 19);
      const newest = newestOf.get(one.key) === one ? "True" : "False";
      return `${[one.marker ? "m" : "v", one.key, one.id, at, one.marker ? "-" : "7", newest].join("\t")}\n`;
    })
    .join("");
}

/** What the script says, in whole seconds since START. */
function claimed(history: readonly Happening[]): number {
  fs.writeFileSync(path.join(folder, "here"), listed(history.filter(({ arrived, marker }) => arrived && !marker)));
  fs.writeFileSync(path.join(folder, "there"), listed(history));
  const held = path.join(jobsPath("omniverse"), "held.sh");
  const now = START / 1_000 + SECONDS;
  const script = `source "${held}"; missing_spans here there >spans && latest_held spans ${now}`;
  const { stdout, stderr, status } = spawnSync("bash", ["-ec", script], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout) - START / 1_000;
}

/** Whether the copy holds what the original was at one instant: looked up for every key. */
function heldAt(history: readonly Happening[], instant: number): boolean {
  return [...new Set(history.map(({ key }) => key))].every((key) => {
    const before = history.filter((one) => one.key === key && one.at <= instant).sort((a, b) => b.at - a.at);
    const [now] = before;
    return now === undefined || now.marker || now.arrived;
  });
}

/** The latest second, of which every tenth of a second is held: tried one after the other, from now on backwards. */
function reckoned(history: readonly Happening[]): number {
  for (let second = SECONDS; second > -2; second--) {
    const tenths = Array.from({ length: 10 }, (_, tenth) => START + second * 1_000 + tenth * 100 + 50);
    if (tenths.every((instant) => heldAt(history, instant))) return second;
  }
  return Number.NaN;
}

/** Numbers that are the same in every run. */
function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomHistory(seed: number): Happening[] {
  const draw = draws(seed);
  const taken = new Set<string>();
  return Array.from({ length: 1 + draw(9) }, (_, number) => {
    const key = `${"abc"[draw(3)]} of ${seed}.usd`;
    const marker = draw(4) === 0;
    let at: number;
    // One thing at a time for a key; which came first of a version and a marker of one second, S3 does not say.
    do at = START + draw(SECONDS * 10) * 100;
    while (taken.has(`${key} ${at}`) || taken.has(`${key} ${marker ? "v" : "m"} ${Math.floor(at / 1_000)}`));
    for (const one of [`${at}`, `${marker ? "m" : "v"} ${Math.floor(at / 1_000)}`]) taken.add(`${key} ${one}`);
    return { key, at, id: `number-${number}`, marker, arrived: draw(5) > 1 };
  });
}

describe("the moment that a copy holds", () => {
  it("is the one that trying every instant finds, whatever was written, deleted and lost on its way", () => {
    const histories = Array.from({ length: 250 }, (_, seed) => randomHistory(seed * 7_919 + 1));
    const claims = histories.map((history) => claimed(history));
    for (const [i, history] of histories.entries()) expect(claims[i], JSON.stringify(history)).toBe(reckoned(history));
    // Not all of them are easy.
    expect(new Set(claims).size).toBeGreaterThan(20);
  });

  const of = (key: string, second: number, more: Partial<Happening> = {}): Happening => ({
    key,
    at: START + second * 1_000 + 450,
    id: `${key}-${second}`,
    marker: false,
    arrived: true,
    ...more,
  });
  it.each<[string, Happening[], number]>([
    ["now, where all has arrived", [of("a", 1), of("b", 2)], SECONDS],
    ["now, where what is missing was replaced since", [of("a", 1, { arrived: false }), of("a", 9)], SECONDS],
    [
      "now, where what is missing was deleted since",
      [of("a", 1, { arrived: false }), of("a", 9, { marker: true })],
      40,
    ],
    ["before what is missing still", [of("a", 1), of("a", 9, { arrived: false }), of("b", 20)], 8],
    [
      "before what was missing when something else was",
      [of("a", 5, { arrived: false }), of("a", 30), of("b", 20, { arrived: false })],
      4,
    ],
    [
      "between two that are missing",
      [of("a", 5, { arrived: false }), of("a", 10), of("a", 20, { arrived: false }), of("b", 15)],
      19,
    ],
    ["now, though what the jobs write is missing", [of(".holdfast/taken", 5, { arrived: false }), of("a", 1)], SECONDS],
  ])("is %s", (_, history, held) => {
    expect(claimed(history)).toBe(held);
  });
});
