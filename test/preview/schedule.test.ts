import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { schedule } from "../../preview/scheduleCommand";
import type { ScheduleOptions } from "../../preview/scheduleQuestion";
import { schedulers, worstGaps } from "../../recovery/schedule";
import golden from "../recovery/schedule/cron-vectors.json";
import { checkout } from "./programs";

const asOf = Date.UTC(2026, 10, 21) / 1000;

interface Said {
  code: number;
  stdout: string;
}

/** The command in this process: what it prints in a terminal of some width, with these lines on standard input. */
async function say(
  expression: string | undefined,
  options: Partial<ScheduleOptions> = {},
  { columns = 120, lines = [] as (string | Uint8Array)[] } = {},
): Promise<Said> {
  let stdout = "";
  const out = { columns, write: (text: string) => (stdout += text) };
  const world = { stdin: Readable.from(lines), stdout: out, stderr: out, now: () => asOf };
  const code = await schedule(expression, { scheduler: "kubernetes", timeZone: "Etc/UTC", ...options }, world);
  return { code, stdout };
}

async function json(expression: string, options: Partial<ScheduleOptions> = {}) {
  return JSON.parse((await say(expression, { ...options, json: true })).stdout);
}

function holdfast(args: string[], input = ""): { code: number | null; stdout: string; stderr: string } {
  const command = [path.join(checkout, "preview/bin.js"), "schedule", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: checkout, encoding: "utf8", input });
  return { code: status, stdout, stderr };
}

describe("what is printed of a weekly CronJob in Berlin", () => {
  const berlin = { timeZone: "Europe/Berlin" };

  test("is the next five runs, with the offset of the clock on the wall", async () => {
    const { code, stdout } = await say("0 2 * * 0", berlin);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^0 2 \* \* 0 · Europe\/Berlin · as a Kubernetes CronJob runs it\n/);
    expect(stdout).toMatch(/next runs +Sun 2026-11-22 02:00 \+01:00\n +Sun 2026-11-29 02:00 \+01:00\n/);
    expect(stdout.match(/^ +(next runs +)?Sun \d{4}-\d\d-\d\d 02:00 \+01:00$/gm)).toHaveLength(5);
  });

  test("is the longest and the shortest gap, and where in the calendar they are", async () => {
    const { stdout } = await say("0 2 * * 0", berlin);
    expect(stdout).toMatch(/longest +13d 23h +Sun 2027-03-21 02:00 \+01:00 +Sun 2027-04-04 02:00 \+02:00\n/);
    expect(stdout).toMatch(/1 missed +20d 23h +Sun 2027-03-14 02:00 \+01:00 +Sun 2027-04-04 02:00 \+02:00\n/);
    expect(stdout).toMatch(/2 missed +27d 23h +Sun 2027-03-07 02:00 \+01:00 +Sun 2027-04-04 02:00 \+02:00\n/);
    expect(stdout).toMatch(/shortest +1h +Sun 2027-10-31 02:00 \+02:00 +Sun 2027-10-31 02:00 \+01:00\n/);
  });

  test("is the RPO, which is only the least where nothing bounds start or run", async () => {
    const { stdout } = await say("0 2 * * 0", berlin);
    expect(stdout).toMatch(/RPO +gap +\+ slack +\+ run +\+ transfer +=\sat least\n/);
    expect(stdout).toMatch(/every run +13d 23h +0s +0s +0s +13d 23h\n/);
    expect(stdout).toMatch(/slack +counted as 0s, but unbounded until startingDeadlineSeconds is set; give --slack\n/);
    expect(stdout).toMatch(/run +counted as 0s, but unbounded until activeDeadlineSeconds is set; give --run\n/);
    expect(stdout).toMatch(/transfer +counted as 0s, as if made outside the failed domain; else give --transfer\n/);
  });

  test("is the worst loss where all is given, and nothing is assumed", async () => {
    const { stdout } = await say("0 2 * * 0", { ...berlin, slack: "30s", run: "2h", transfer: "10m" });
    expect(stdout).toMatch(/= worst loss\n/);
    expect(stdout).toMatch(/every run +13d 23h +30s +2h +10m +14d 1h 10m 30s\n/);
    expect(stdout).toMatch(/1 missed +20d 23h +30s +2h +10m +21d 1h 10m 30s\n/);
    expect(stdout).not.toContain("counted as");
  });

  test("is what the scheduler does beside", async () => {
    const { stdout } = await say("0 2 * * 0", berlin);
    for (const name of ["starts", "ends", "missed runs", "overlap", "clocks forward", "clocks back", "no zone given"]) {
      expect(stdout).toMatch(new RegExp(`^  ${name}  +\\S`, "m"));
    }
  });
});

describe("with the schedule that it replaces", () => {
  test("the gap of the day of the change is shown with its dates and its loss", async () => {
    const { stdout } = await say("0 1 * * *", { was: "0 23 * * *", slack: "0s", run: "30m", transfer: "0s" });
    expect(stdout).toMatch(/change +26h without a run at worst, when it replaces 0 23 \* \* \*\n/);
    expect(stdout).toMatch(/Sat 2026-11-21 23:00 UTC {2}last old run\n/);
    expect(stdout).toMatch(/Sun 2026-11-22 23:00 UTC {2}changed just before the next one\n/);
    expect(stdout).toMatch(/Mon 2026-11-23 01:00 UTC {2}first new run\n/);
    expect(stdout).toMatch(/change +26h +0s +30m +0s +26h 30m\n/);
  });
});

describe("a schedule of another scheduler", () => {
  const weekly: [scheduler: string, expression: string, says: string[]][] = [
    ["debian", "0 2 * * 0", ["as Debian's cron runs it", "counted as 1m, the scheduler's default"]],
    [
      "aws",
      "cron(0 2 ? * SUN *)",
      ["as AWS Backup runs it", "counted as 8h, the scheduler's default", "counted as 7d, the"],
    ],
    ["quartz", "0 0 2 ? * SUN", ["as a Databricks job runs it", "counted as 0s, but nothing bounds it; give --slack"]],
    ["azure", "R/2026-01-04T02:00:00+00:00/P1W", ["as Azure Backup runs it"]],
    [
      "dlm",
      "cron(0 2 ? * SUN *)",
      ["as Amazon Data Lifecycle Manager runs it", "counted as 1h, the scheduler's default"],
    ],
  ];
  for (const [scheduler, expression, says] of weekly) {
    test(`of ${scheduler} is read in its own words, and its own defaults count`, async () => {
      const { stdout } = await say(expression, { scheduler });
      expect(stdout).toMatch(/longest +7d +Sun/);
      for (const text of says) expect(stdout).toContain(text);
    });
  }

  test("that runs once in ten years has no gap, and says so", async () => {
    const { stdout } = await say("cron(0 2 1 1 ? 2030)", { scheduler: "aws" });
    expect(stdout).toMatch(/longest +too few runs in the next ten years\n/);
    expect(stdout).toMatch(/shortest +too few runs in the next ten years\n/);
    expect(stdout).not.toContain("RPO");
  });

  test("that never runs is refused", async () => {
    await expect(say("0 0 30 2 *", { scheduler: "debian" })).rejects.toThrow(
      'schedule "0 0 30 2 *" never runs in the next ten years; e.g. holdfast schedule',
    );
  });

  test("that ends has a gap that no table shows, and bounds no loss", async () => {
    const { stdout } = await say("cron(0 2 * * ? 2026-2028)", { scheduler: "aws" });
    expect(stdout).toMatch(/= at least\n/);
    expect(stdout).toMatch(
      /gap +unbounded: it ends with the run of 2028-12-31 02:00 UTC: after that nothing runs, so no/,
    );
  });
});

test("a recurrence of Azure that ends says when, beside the gaps until then", async () => {
  const ends = { frequency: "Day", interval: 1, startTime: "2026-01-01T02:00:00", endTime: "2028-01-01T00:00:00" };
  const { code, stdout } = await say(JSON.stringify(ends), { scheduler: "azure" });
  expect(code).toBe(0);
  expect(stdout).toMatch(/longest +24h/);
  expect(stdout).toMatch(/gap +unbounded: it ends with the run of 2027-12-31 02:00 UTC/);
});

describe("in a terminal", () => {
  const recurrence = JSON.stringify({
    frequency: "Month",
    interval: 1,
    startTime: "2026-01-01T02:00:00",
    schedule: { hours: [2, 14], minutes: [0, 30], monthlyOccurrences: [{ day: "Friday", occurrence: -1 }] },
  });
  const asked: [expression: string, options: Partial<ScheduleOptions>][] = [
    ["0 2 * * 0", { timeZone: "America/Argentina/ComodRivadavia" }],
    [
      "0 2 29 2 *",
      { timeZone: "Europe/Berlin", slack: "1h1m1s", run: "23h59m59s", transfer: "9h9m9s", was: "0 2 * * *" },
    ],
    [recurrence, { scheduler: "azure", timeZone: "Europe/Berlin" }],
    ["0 2 * * *", { scheduler: "debian", timeZone: "Australia/Lord_Howe" }],
  ];
  for (const columns of [80, 120]) {
    for (const [expression, options] of asked) {
      test(`of ${columns} columns no line of ${expression.slice(0, 30)} is longer`, async () => {
        const { stdout } = await say(expression, options, { columns });
        for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(columns);
        expect(stdout).not.toMatch(/[^\S\n]\n/);
      });
    }
  }

  test("an expression cannot move the cursor", async () => {
    await expect(say("\u001b[2J0 2 * * *")).rejects.toThrow(/must have five fields|minute must be/);
  });
});

describe("as JSON", () => {
  test("the same is one object: whole seconds, and instants with the offset of the zone", async () => {
    const found = await json("0 2 * * *", { timeZone: "Europe/Berlin", slack: "30s", run: "2h", transfer: "10m" });
    expect(found).toMatchObject({
      schedule: { scheduler: "kubernetes", expression: "0 2 * * *", timeZone: "Europe/Berlin" },
      asOf: "2026-11-21T01:00:00+01:00",
      to: "2036-11-21T01:00:00+01:00",
      runs: 3653,
      shortestGap: { seconds: 3600, after: "2027-10-31T02:00:00+02:00", until: "2027-10-31T02:00:00+01:00" },
      rpo: [
        { missedRuns: 0, seconds: 47 * 3600 + 30 + 7200 + 600, bounded: true },
        { missedRuns: 1, seconds: 71 * 3600 + 30 + 7200 + 600, bounded: true },
        { missedRuns: 2, seconds: 95 * 3600 + 30 + 7200 + 600, bounded: true },
      ],
    });
    expect(found.nextRuns).toHaveLength(5);
    expect(found.nextRuns[0]).toBe("2026-11-21T02:00:00+01:00");
    expect(found.longestGaps[0]).toEqual({
      missedRuns: 0,
      seconds: 47 * 3600,
      after: "2027-03-27T02:00:00+01:00",
      until: "2027-03-29T02:00:00+02:00",
    });
    expect(Object.keys(found.habits).sort()).toEqual([
      "defaultTimeZone",
      "longestRun",
      "missedRuns",
      "overlap",
      "repeatedHour",
      "skippedHour",
      "startSlack",
    ]);
    for (const statement of Object.values(found.habits))
      expect(Object.keys(statement as object)).toEqual(["says", "source"]);
  });

  test("a term says whether it was given, and if not what was taken and who says so", async () => {
    const { terms, rpo } = await json("0 2 * * *", { run: "2h" });
    expect(terms).toEqual([
      {
        name: "slack",
        seconds: 0,
        given: false,
        unbounded: "without startingDeadlineSeconds a run may start any time after it was due",
        source: "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/",
      },
      { name: "run", seconds: 7200, given: true },
      { name: "transfer", seconds: 0, given: false },
    ]);
    expect(rpo[0]).toEqual({ missedRuns: 0, seconds: 26 * 3600, bounded: false });
  });

  test("a default of the scheduler is a bound", async () => {
    const { terms, rpo } = await json("cron(0 2 * * ? *)", { scheduler: "aws" });
    expect(terms.map(({ seconds }: { seconds: number }) => seconds)).toEqual([8 * 3600, 7 * 86_400, 0]);
    expect(rpo[0]).toEqual({ missedRuns: 0, seconds: 86_400 + 8 * 3600 + 7 * 86_400, bounded: true });
  });

  test("the change is there when it is asked for", async () => {
    expect((await json("0 1 * * *", { was: "0 23 * * *", slack: "0s", run: "30m" })).change).toEqual({
      was: "0 23 * * *",
      seconds: 26 * 3600,
      lastRun: "2026-11-21T23:00:00Z",
      changedAt: "2026-11-22T22:59:59Z",
      firstRun: "2026-11-23T01:00:00Z",
      rpoSeconds: 26 * 3600 + 1800,
      bounded: true,
    });
    expect(await json("0 1 * * *")).not.toHaveProperty("change");
  });

  test("the gaps are those that the policies see", async () => {
    for (const expression of ["0 2 * * *", "30 1 * * 0", "*/20 2 1-7 * 1"]) {
      const found = await json(expression, { timeZone: "America/New_York" });
      const known = worstGaps({ scheduler: "kubernetes", expression, timeZone: "America/New_York" }, asOf);
      expect(known).toMatchObject({
        runs: found.runs,
        maxGapSeconds: found.longestGaps.map(({ seconds }: { seconds: number }) => seconds),
        minGapSeconds: found.shortestGap.seconds,
      });
    }
  });
});

describe("lines of standard input", () => {
  const line = (more: object = {}) => {
    const day = { schedule: "0 2 * * *", timeZone: "Europe/Berlin", scheduler: "kubernetes" };
    return JSON.stringify({ ...day, from: "2025-01-01", to: "2035-01-01", ...more });
  };
  const answers = async (lines: (string | Uint8Array)[]) => {
    const { code, stdout } = await say(undefined, { jsonl: true }, { lines });
    return {
      code,
      lines: stdout
        .trimEnd()
        .split("\n")
        .map((text) => JSON.parse(text)),
    };
  };
  const berlin = {
    runs: 3652,
    maxGapSeconds: [169_200, 255_600, 342_000],
    minGapSeconds: 3600,
    maxGapAfter: "2025-03-29T02:00:00+01:00",
  };

  test(`are the ${golden.vectors.length} golden vectors, through the command itself`, () => {
    const asked = golden.vectors.map(({ schedule, timeZone }) => line({ schedule, timeZone }));
    const { code, stdout, stderr } = holdfast(["--jsonl"], asked.join("\n"));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const expected = golden.vectors.map(({ runs, maxGapSeconds, minGapSeconds, maxGapAfter }) => ({
      runs,
      maxGapSeconds,
      minGapSeconds,
      maxGapAfter,
    }));
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((text) => JSON.parse(text)),
    ).toEqual(expected);
  });

  test("are answered in order, and a bad one in its place, with exit code 2 at the end", async () => {
    const found = await answers([`${line()}\n${line({ schedule: "x" })}\nnope\n${line({ scheduler: "debian" })}\n`]);
    expect(found.code).toBe(2);
    expect(found.lines).toEqual([
      berlin,
      { problem: expect.stringMatching(/^line 2: schedule "x": must have five fields/) },
      { problem: expect.stringMatching(/^line 3: must be a JSON object such as .* got "nope"$/) },
      expect.objectContaining({ maxGapSeconds: [90_000, 176_400, 262_800] }),
    ]);
  });

  test("may arrive in pieces, end in CR LF, and lack the last line break", async () => {
    const bytes = Buffer.from(`${line({ schedule: "ä" })}\r\n${line()}`);
    const middle = bytes.indexOf("ä") + 1;
    const found = await answers([bytes.subarray(0, middle), bytes.subarray(middle)]);
    expect(found).toEqual({ code: 2, lines: [{ problem: expect.stringContaining('"ä"') }, berlin] });
  });

  test("that are empty are bad, except at the end", async () => {
    const found = await answers([`${line()}\n\n${line()}\n\n\n`]);
    expect(found.lines).toEqual([berlin, { problem: expect.stringMatching(/^line 2: must be a JSON object/) }, berlin]);
    expect(found.code).toBe(2);
  });

  test("of which there are none have no answer", async () => {
    expect(await say(undefined, { jsonl: true })).toEqual({ code: 0, stdout: "" });
  });

  test("are in UTC unless they say otherwise", async () => {
    const text = '{"schedule":"0 2 * * *","scheduler":"kubernetes","from":"2026-01-01","to":"2026-01-04"}';
    const [found] = (await answers([text])).lines;
    expect(found).toEqual({
      runs: 3,
      maxGapSeconds: [86_400, 172_800, 0],
      minGapSeconds: 86_400,
      maxGapAfter: "2026-01-01T02:00:00Z",
    });
  });

  test("have no first gap where there is no gap", async () => {
    const [found] = (await answers([line({ schedule: "0 0 29 2 *", to: "2025-06-01" })])).lines;
    expect(found).toEqual({ runs: 0, maxGapSeconds: [0, 0, 0], minGapSeconds: 0, maxGapAfter: null });
  });

  const never: [scheduler: string, schedule: string][] = [
    ["kubernetes", "0 0 31 2 *"],
    ["debian", "0 0 30 2 *"],
    ["aws", "cron(0 2 31 4 ? *)"],
    ["quartz", "0 0 2 ? 2 SUN#5 2101"],
    ["dlm", "cron(0 2 30 2 ? *)"],
    ["azure", '{"frequency":"Day","startTime":"2020-01-01T02:00:00","endTime":"2021-01-01T00:00:00"}'],
  ];
  for (const [scheduler, schedule] of never) {
    test(`of ${scheduler} that never run say so, between lines that are answered: ${schedule}`, async () => {
      const found = await answers([`${line()}\n${line({ scheduler, schedule, timeZone: "Etc/UTC" })}\n${line()}\n`]);
      const problem = `line 2: schedule ${JSON.stringify(schedule)} never runs after 2025-01-01 00:00 UTC`;
      expect(found).toEqual({ code: 2, lines: [berlin, { problem: expect.stringContaining(problem) }, berlin] });
    });
  }

  test("start and end at midnight of the zone, neither included, or at a time", async () => {
    const hourly = { schedule: "0 * * * *", timeZone: "Africa/Cairo" };
    const runs = async (from: string, to: string) => (await answers([line({ ...hourly, from, to })])).lines[0].runs;
    expect(await runs("2026-01-01", "2026-01-02")).toBe(23);
    expect(await runs("2026-04-24", "2026-04-25")).toBe(22);
    expect(await runs("2026-01-01T00:00:00Z", "2026-01-01T03:30:00+02:00")).toBe(1);
  });

  const wrong: [more: object, says: string][] = [
    [{ schedule: 5 }, "schedule must be an expression, got 5"],
    [{ scheduler: "cron" }, 'scheduler must be kubernetes, aws, quartz, azure, debian, dlm, got "cron"'],
    [{ scheduler: undefined }, "scheduler must be kubernetes, aws, quartz, azure, debian, dlm, got nothing"],
    [{ startSlack: "10m" }, '"startSlack" is not a field; there is schedule, timeZone, scheduler, from, to'],
    [{ timeZone: "Mars/Olympus" }, 'timeZone must be a name of the IANA time zone database, got "Mars/Olympus"'],
    [{ from: "2025-02-30" }, 'from must be a day such as "2025-01-01" or a time, got "2025-02-30"'],
    [{ to: undefined }, "to must be a day"],
    [{ to: "2025-01-01" }, "to must be after from"],
    [{ timeZone: 5 }, 'timeZone must be a name such as "Etc/UTC", got 5'],
    [{ from: "2025-01-01T00:00:00+99:00" }, "from must be a day"],
    [{ to: "9999-12-31" }, "schedules are looked at in the years 1900 to 2999, got 9999-12-30 23:00 UTC"],
    [
      { to: "2225-12-31" },
      "a schedule is looked at for 100 years at most, got 2024-12-31 23:00 UTC to 2225-12-30 23:00",
    ],
    [{ timezone: "Europe/Berlin" }, '"timezone" is not a field; did you mean "timeZone"?'],
  ];
  for (const [more, says] of wrong) {
    test(`with ${JSON.stringify(more)} say: ${says}`, async () => {
      const { code, lines } = await answers([line(more)]);
      expect(code).toBe(2);
      expect(lines[0].problem).toContain(`line 1: `);
      expect(lines[0].problem).toContain(says);
    });
  }
});

describe("bad input ends with exit code 2 and one message", () => {
  const cases: [args: string[], message: string | RegExp][] = [
    [[], 'an expression must be given; e.g. holdfast schedule "0 2 * * 0" --time-zone Etc/UTC\n'],
    [[""], /^schedule "": must have five fields .*, got 0; .*\n$/],
    [
      ["0 2 * * *", "--scheduler", "cron"],
      `--scheduler must be ${schedulers.join(", ")}, got "cron"; e.g. --scheduler kubernetes\n`,
    ],
    [
      ["0 2 * * *", "--run", "99999999w"],
      '--run must be a duration such as "15m" or "1h30m", at most 31,000 years, got "99999999w"; e.g. --run 2h\n',
    ],
    [["0 2 * * *", "--run", "-2h"], '--run must be a duration such as "15m" or "1h30m", got "-2h"; e.g. --run 2h\n'],
    [["0 2 * * *", "--slack", "1e3s"], /^--slack must be a duration .* got "1e3s"; e\.g\. --slack 30s\n$/],
    [["0 2 * * *", "--transfer", ""], /^--transfer must be a duration .* got ""; e\.g\. --transfer 10m\n$/],
    [["0 2 * * *", "--time-zone", "Mars/Olympus"], /^timeZone must be .* got "Mars\/Olympus".*\n$/],
    [
      ["0 2 * * *", "--as-of", "0001-01-01"],
      /^schedules are looked at in the years 1900 to 2999, got 0001-01-01 00:00/,
    ],
    [
      ["0 2 * * *", "--as-of", "9999-12-31"],
      /^schedules are looked at in the years 1900 to 2999, got 9999-12-31 00:00/,
    ],
    [["0 2 * * *", "--was", "x"], /^--was: old schedule "x": must have five fields.*\n$/],
    [
      ["0 2 * * *", "--scheduler", "aws"],
      /e\.g\. holdfast schedule "cron\(0 2 \? \* SUN \*\)" --scheduler aws --time-zone Etc\/UTC\n$/,
    ],
    [["0 2 * * *", "--jsonl"], /^--jsonl reads schedules from standard input: leave the expression out/],
    [["--jsonl", "--json"], /option '--jsonl' cannot be used with option '--json'/],
    [["0", "2", "*"], /^too many arguments for 'schedule'/],
  ];
  for (const [args, message] of cases) {
    test(args.length === 0 ? "no argument" : args.join(" "), () => {
      const { code, stdout, stderr } = holdfast(args);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    });
  }

  test("a message with the words of another scheduler suggests a command that works", () => {
    const { stderr } = holdfast(["x", "--scheduler", "azure"]);
    const [, example = ""] =
      /e\.g\. holdfast schedule '(.*)' --scheduler azure --time-zone Etc\/UTC\n$/.exec(stderr) ?? [];
    expect(holdfast([example, "--scheduler", "azure"]).code).toBe(0);
  });
});

test("help names every scheduler and every option", () => {
  const { code, stdout } = holdfast(["--help"]);
  expect(code).toBe(0);
  const options = [
    "--scheduler",
    "--time-zone",
    "--slack",
    "--run",
    "--transfer",
    "--was",
    "--as-of",
    "--json",
    "--jsonl",
  ];
  for (const name of [...schedulers, ...options]) expect(stdout).toContain(name);
});

describe("a schedule of which only the distance of runs is known", () => {
  test.each([
    ["aws", "rate(7 hours)"],
    ["dlm", '{"interval":12,"intervalUnit":"HOURS"}'],
  ] as const)("says so: %s", async (scheduler, expression) => {
    expect((await say(expression, { scheduler })).stdout).toContain("clock times are not known from the expression");
    expect(await json(expression, { scheduler })).toHaveProperty("clockTimesKnown", false);
  });

  test("is not one with clock times", async () => {
    expect((await say("cron(0 2 * * ? *)", { scheduler: "aws" })).stdout).not.toContain("not known from");
  });
});
