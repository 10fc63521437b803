import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { judge } from "../../../policies/judge";
import { duration, formatSeconds } from "../../../recovery/duration";
import { type PathName, recoveryPaths } from "../../../systems/omniverse/recoverySteps";
import {
  afterLag,
  besideDatabase,
  crossWaits,
  lasts,
  regionWays,
  type Window,
} from "../../../systems/omniverse/regionOrder";
import { alertTexts } from "../../../systems/omniverse/runbooks/alertTexts";
import { pathPages } from "../../../systems/omniverse/runbooks/pathPages";
import { asOf } from "../../recovery/build";
import { declaredGraph } from "../../support/declaredGraph";

const pages = new Map(pathPages().map(({ file, text }) => [file.replace(/\.md$/, ""), text]));
const ways: readonly (readonly [string, readonly Window[]])[] = [
  ...Object.entries(regionWays),
  ["promote-replica and then database-in-secondary", afterLag],
];
/** From the loss of a region until it is decided, and from the last step until people are led there; and the promise. */
let around = 0;
let promised = 0;
beforeAll(async () => {
  const graph = await declaredGraph("prod");
  const { assessments } = judge(graph, asOf);
  const lost = assessments.find(({ asset, disruption }) => asset === "omniverse/database" && disruption === "region");
  if (!lost?.chosen?.label.startsWith("database in secondary,"))
    throw new Error(`another way is promised: ${lost?.chosen?.label}`);
  const steps = Object.values(recoveryPaths["database-in-secondary"].steps).map(({ deadline }) => duration(deadline));
  around = Number(lost.chosen.rto.total) - steps.reduce((sum, one) => sum + one, 0);
  promised = duration("4h");
});

describe("the pages of a lost region", () => {
  it.each(ways)("lead back within the promise, each step at its deadline, by %s", (_, windows) => {
    expect(around).toBeGreaterThan(duration("15m"));
    expect(lasts(windows) + around).toBeLessThanOrEqual(promised);
  });

  it("would not, were their windows worked through one after the other", () => {
    const turns = [...regionWays["database-in-secondary"]].reverse().flat();
    expect(lasts([turns]) + around).toBeGreaterThan(promised);
  });

  it("wait for each other as their steps say, and for nothing that nobody starts", () => {
    for (const [, windows] of ways) {
      expect(Number.isFinite(lasts(windows))).toBe(true);
      for (const name of besideDatabase) {
        expect(lasts(windows.filter(([first]) => first?.path !== name))).toBe(Number.POSITIVE_INFINITY);
      }
    }
    for (const [name, waits] of Object.entries(crossWaits)) {
      for (const [step, others] of Object.entries(waits ?? {})) {
        const [row = ""] = (pages.get(name) ?? "").split("\n").filter((line) => line.startsWith(`| ${step} |`));
        for (const other of others) expect(row).toContain(`${other.step} of [${other.path}](${other.path}.md)`);
      }
    }
  });

  it.each(Object.keys(regionWays) as (keyof typeof regionWays)[])("say on %s what is begun at once", (name) => {
    const text = pages.get(name) ?? "";
    expect(text).toContain(`**Begin at once, each in a window of its own: ${formatSeconds(lasts(regionWays[name]))}`);
    for (const other of besideDatabase) expect(text).toContain(`- [${other}](${other}.md): `);
    // No bullet sends anybody elsewhere first.
    expect(text).not.toMatch(/\bboth steps\b/);
  });

  it("are all three on the page of the alert", () => {
    const { act = [] } = alertTexts.OmniverseRegionLost ?? {};
    const [begun = ""] = act.filter((line) => line.includes("each in a window of its own"));
    for (const name of ["database-in-secondary", ...besideDatabase]) expect(begun).toContain(`(${name}.md)`);
  });

  it("have one command for what is said, which takes no word of another page away", () => {
    const names: PathName[] = ["database-in-secondary", "promote-replica", ...besideDatabase];
    const commands = names.map((name) => {
      const [, block = ""] = /```sh\n(INCIDENT=[^`]*)```/.exec(pages.get(name) ?? "") ?? [];
      return block;
    });
    expect(new Set(commands).size).toBe(1);
    expect(commands[0]).toContain("patch configmap omniverse-incident --type=merge");
    expect(commands[0]).toContain("LOST_AT");
    // The shell makes JSON of it: words of another incident go first, those of this one stay.
    const said = (known: string) => {
      const script = `kubectl() { case "$*" in *" get "*) printf '%s' "${known}" ;; *" patch "*) printf '%s\n' "\${@: -1}" ;; *) printf '%s\n' "$*" ;; esac; }`;
      const filled = (commands[0] ?? "").replace("<number>", "INC-7").replace("<moment>", "2026-11-21T03:04:00Z");
      return execFileSync("bash", ["-c", `${script}\n${filled}`], { encoding: "utf8" })
        .trimEnd()
        .split("\n");
    };
    const [patch = "", ...more] = said("INC-7");
    expect(more).toEqual([]);
    const { data } = JSON.parse(patch.replace("--patch ", "")) as { data: Record<string, string> };
    expect(data).toEqual({ INCIDENT: "INC-7", INCIDENT_WRITTEN: expect.any(String), LOST_AT: "2026-11-21T03:04:00Z" });
    expect(Date.parse(data.INCIDENT_WRITTEN ?? "")).toBeGreaterThan(Date.now() - 60_000);
    expect(said("INC-77").slice(0, -1)).toEqual([
      "-n omniverse-prod delete configmap omniverse-incident --ignore-not-found",
      "-n omniverse-prod create configmap omniverse-incident",
    ]);
    const removing = names.filter((name) => /^kubectl -n omniverse-prod delete configmap/m.test(pages.get(name) ?? ""));
    expect(removing).toEqual(["database-in-secondary", "promote-replica"]);
  });
});
