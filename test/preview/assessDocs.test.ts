import { readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { assess, formatBound, grades, schedulers } from "../../recovery";
import { currentPlan, readPlanFile } from "../../recovery/plan/file";
import { asOf } from "../recovery/build";
import { checkout } from "./programs";

const page = readFileSync(path.join(checkout, "docs/plan.md"), "utf8");

type Sections = Record<string, unknown>;

const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map((match): Sections => parse(match[1] ?? ""));
const [example = {}, ...parts] = blocks;

function read(file: Sections) {
  const answer = readPlanFile(file, "invoices.yaml");
  if (Array.isArray(answer)) throw new Error(JSON.stringify(answer, undefined, 1));
  return answer;
}

/** The example with more in its sections. */
function withMore(part: Sections): Sections {
  const grown = Object.entries(part).map(([key, more]) => {
    const before = example[key];
    return [key, Array.isArray(before) && Array.isArray(more) ? [...before, ...more] : more];
  });
  return { ...example, ...Object.fromEntries(grown) };
}

describe("the page about plan files", () => {
  test.each(parts.map((part) => [Object.keys(part).join(", "), part] as const))(
    "shows %s that fit into its example",
    (_, part) => {
      expect(Object.keys(part).length).toBeGreaterThan(0);
      read(withMore(part));
    },
  );

  test("says of its example what the model says", () => {
    const { plan } = currentPlan(read(example), asOf);
    const found = Object.fromEntries(assess(plan, asOf).map((one) => [one.disruption, one]));
    const { region, process, compromise } = found;
    const lost = region?.chosen?.rpo.map(({ total }) => formatBound(total)) ?? [];
    expect(page.replace(/\s+/g, " ")).toContain(
      `together **${lost[1]}** (${lost[0]} with every run succeeding), within 50h`,
    );
    expect(page).toContain(`= **${formatBound(region?.chosen?.rto.total ?? { unknown: "" })}**, within 4h`);
    expect(region?.verdict).toBe("assumed");
    expect([process?.verdict, compromise?.verdict, compromise?.chosen]).toEqual(["missed", "missed", undefined]);
    expect(process?.chosen?.rpo[1].total).toEqual(region?.chosen?.rpo[1].total);
    const others = ["node", "zone", "corruption"].map((one) => found[one]?.verdict);
    expect(others).toEqual(["assumed", "assumed", "assumed"]);
  });

  test("is right that a place that spans its region keeps copies, and serves on only with a redundancy", () => {
    const spanning = (...more: unknown[]) => {
      const file = structuredClone(example) as Record<string, Record<string, unknown>[]>;
      Object.assign(file.assets?.[0] ?? {}, { at: "backups" });
      const [restore = {}] = file.paths ?? [];
      const instant = { ...restore, id: "serves-on", protection: "spread", steps: [] };
      const { plan } = read({
        ...file,
        protections: [...(file.protections ?? []), ...more],
        paths: more.length === 0 ? [restore] : [restore, instant],
      });
      const found = assess(plan, asOf).find(({ disruption }) => disruption === "zone");
      return found?.chosen && [found.chosen.protection, formatBound(found.chosen.rpo[1].total)];
    };
    expect(spanning()).toEqual(["billing/invoices/dumps", "49h 40m"]);
    const spread = { kind: "redundancy", id: "spread", asset: "billing/invoices", survives: "zone", loss: "0s" };
    expect(spanning(spread)).toEqual(["spread", "0s"]);
  });

  test("shows a copy with a carrier of its own, which counts", () => {
    const [part] = parts.flatMap((one) => (Array.isArray(one.protections) ? [one] : []));
    const [restore] = example.paths as Sections[];
    const exported = { ...restore, protection: "billing/invoices/exports" };
    const { plan } = read({ ...withMore(part ?? {}), paths: [exported] });
    const found = assess(plan, asOf).find(({ disruption }) => disruption === "region");
    const [healthy, failed] = found?.chosen?.rpo.map(({ total }) => formatBound(total)) ?? [];
    expect(page).toContain(`# own: the loss of the region costs ${healthy}, and ${failed} where one run fails.`);
  });

  test("names every kind of protection, every grade and every scheduler", () => {
    const kinds = ["redundancy", "replica", "restore-points", "archive", "versions", "rebuild"];
    for (const word of [...kinds, ...grades, ...schedulers]) expect(page).toMatch(new RegExp(`\\b${word}\\b`));
  });
});
