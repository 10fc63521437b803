import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { omendbSchema } from "../../../systems/omendb/config";
import { recoveryPaths, upgradeSteps } from "../../../systems/omendb/recoverySteps";
import { alertTexts } from "../../../systems/omendb/runbooks/alertTexts";
import { checkItems } from "../../../systems/omendb/runbooks/checklists";
import { jobNames, stepJob } from "../../../systems/omendb/runbooks/jobNames";
import { documentedRules, runbookPages } from "../../../systems/omendb/runbooks/pages";
import { bullets, steps, table } from "../../../systems/runbooks/page";
import { allRules } from "./alertsFixture";

const folder = join(__dirname, "../../../docs/runbooks/omendb");
const pages = runbookPages();
const textOf = (file: string) => pages.find((one) => one.file === file)?.text ?? "";

describe("the written runbooks", () => {
  test("are what the data says: run npx tsx systems/runbooks/write.ts", () => {
    expect(readdirSync(folder).sort()).toEqual(pages.map(({ file }) => file).sort());
    for (const { file, text } of pages) expect(readFileSync(join(folder, file), "utf8"), file).toBe(text);
  });

  test("link only to pages that exist", () => {
    for (const { file, text } of pages) {
      for (const [, target] of text.matchAll(/\]\(([^)#]+)\)/g))
        expect(existsSync(join(folder, target ?? "")), `${file} -> ${target}`).toBe(true);
    }
  });

  test("are all reached from the index", () => {
    for (const { file } of pages) if (file !== "README.md") expect(textOf("README.md")).toContain(`(${file})`);
  });

  test("end every block of commands, and leave no blanks at line ends", () => {
    for (const { file, text } of pages) {
      expect((text.match(/```/g) ?? []).length % 2, file).toBe(0);
      expect(text, file).not.toMatch(/[ \t]\n/);
    }
  });

  test("speak only of CronJobs that exist", () => {
    const known = new Set<string>([
      ...Object.values(jobNames),
      ...Object.entries(recoveryPaths).flatMap(([path, { steps: all }]) =>
        Object.keys(all).map((step) => stepJob(path, step)),
      ),
      ...Object.keys(upgradeSteps).map((step) => stepJob("upgrade", step)),
    ]);
    const named = pages.flatMap(({ text }) =>
      [...text.matchAll(/--from=cronjob\/([a-z-]*[a-z])/g)].map((match) => match[1]),
    );
    expect(named.length).toBeGreaterThan(40);
    for (const one of named) expect(known).toContain(one);
  });
});

describe("the names that the pages use", () => {
  test("cover every chore that a stack can schedule", () => {
    const chores = Object.keys(omendbSchema.shape.maintenance.unwrap().shape);
    expect(chores.length).toBeGreaterThan(0);
    for (const chore of chores) expect(Object.keys(jobNames)).toContain(chore);
  });

  test("fit a CronJob with room for the time that a Job adds", () => {
    const all = [
      ...Object.values(jobNames),
      ...Object.entries(recoveryPaths).flatMap(([path, { steps: each }]) =>
        Object.keys(each).map((step) => stepJob(path, step)),
      ),
    ];
    for (const name of all) expect(name.length, name).toBeLessThanOrEqual(52);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("every alert", () => {
  test.each(documentedRules().map(({ alert }) => alert))(
    "%s has a page that says what, where to look, what to do and when to stop",
    (alert) => {
      const text = textOf(`${alert}.md`);
      for (const heading of ["## What it means", "## First look", "## What to do", "## When to stop, who to call"])
        expect(text).toContain(heading);
      expect(text).toMatch(/\+1-555-0100/);
    },
  );

  test("that can be deployed is documented, and no text is left over", () => {
    const documented = documentedRules().map(({ alert }) => alert);
    expect(new Set(documented)).toEqual(new Set(allRules().map(({ alert }) => alert)));
    expect(Object.keys(alertTexts).sort()).toEqual([...documented].sort());
  });
});

describe("every recovery path", () => {
  test.each(Object.entries(recoveryPaths))(
    "%s has a page with each step in order, its deadline and its command",
    (path, { steps: all }) => {
      const text = textOf(`${path}.md`);
      const places = Object.entries(all).map(([step, { deadline }]) => {
        expect(text).toContain(`create job --from=cronjob/omendb-${path}-${step} `);
        return text.indexOf(`### ${step} (at most ${deadline})`);
      });
      expect(places.every((place, at) => place > (places[at - 1] ?? 0))).toBe(true);
    },
  );

  test("restore-in-secondary promises the guide's numbers and adds up its deadlines", () => {
    expect(textOf("restore-in-secondary.md")).toContain("region: loses under 15m, back under 1h");
    expect(textOf("restore-in-secondary.md")).toContain("All steps together take at most 36m");
  });

  test("restore-clean asks for the time of the damage before its first step", () => {
    const text = textOf("restore-clean.md");
    expect(text.indexOf("DAMAGE_TIME=")).toBeGreaterThan(0);
    expect(text.indexOf("DAMAGE_TIME=")).toBeLessThan(text.indexOf("## Steps"));
  });

  test("restore-clean names the incident, and removes what was said for it afterwards", () => {
    const text = textOf("restore-clean.md");
    expect(text).toMatch(
      /create configmap omendb-incident --from-literal=INCIDENT=\S+ --from-literal=INCIDENT_WRITTEN=\$\(date -u/,
    );
    expect(text.slice(text.indexOf("## Afterwards"))).toContain("delete configmap omendb-incident");
  });
});

describe("the guide's lists and troubleshooting", () => {
  test("have all twelve items, and one review", () => {
    expect(["day", "week", "month"].map((every) => checkItems.filter((one) => one.every === every).length)).toEqual([
      4, 4, 5,
    ]);
  });

  test("name jobs and alerts that exist", () => {
    const alerts = documentedRules().map(({ alert }) => `alert ${alert}`);
    const jobs = Object.values(jobNames).map((name) => `job ${name}`);
    for (const { by } of checkItems) if (/^(job|alert) /.test(by)) expect([...alerts, ...jobs]).toContain(by);
  });

  test("say where the guide's own remedy does harm or nothing", () => {
    expect(textOf("performance-degradation.md")).toContain("to 5, as the guide says, does nothing");
    expect(textOf("high-memory.md")).toContain("6Gi");
    expect(textOf("wal-corruption.md")).toContain("restore-clean.md");
    expect(textOf("access.md")).toContain("htpasswd -c");
  });
});

describe("page parts", () => {
  test("keep what follows the first line inside its item", () => {
    expect(steps(["a\n\n```sh\nb\n```", "c"])).toBe("1. a\n\n   ```sh\n   b\n   ```\n2. c");
    expect(bullets(["a\nb"])).toBe("- a\n  b");
  });

  test("escape what would end a cell", () => {
    expect(table(["x"], [["a | b"]])).toBe("| x |\n|---|\n| a \\| b |");
  });
});
