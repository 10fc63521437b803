import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../policies/graph";
import { awsBackup, duration, factSeconds, rds, s3 } from "../../../recovery";
import { way } from "../../policies/observe/nucleus";
import { edit, messages, type Parts } from "../../policies/observe/program";
import { kept as database } from "../../policies/observe/rdsProgram";
import { kept as bucket } from "../../policies/observe/s3Program";
import { against, day, taken } from "../answers";
import { asOf, cleanRoom, copy, path, term } from "../build";

const lagOf = (parts: Parts) => way(parts, "region", "serve-elsewhere")?.rpo[1];

describe("group 6: changes that do not act yet", () => {
  const grace = factSeconds(awsBackup.vaultLockGrace);
  const lockedAt = (graceUntil: number) => {
    const lock = { mode: "compliance", keptFor: term("locked", "45d"), graceUntil } as const;
    return against("compromise", taken({}, { copies: [copy({ lock })] }), { paths: [path({ runsAt: cleanRoom })] });
  };

  it("a vault lock in its grace of 3 d holds nothing, and holds from its last second on", () => {
    expect(grace).toBe(3 * day);
    expect(lockedAt(asOf + grace)).toMatchObject({
      verdict: "missed",
      dropped: [{ reason: "bucket: its lock can still be removed until 2026-11-24 00:00 UTC" }],
    });
    expect(lockedAt(asOf + 1).verdict).toBe("missed");
    expect(lockedAt(asOf).verdict).toBe("proven");
  });

  it("a vault lock in its grace is as good as any against what nobody does on purpose", () => {
    const lock = { mode: "compliance", keptFor: term("locked", "45d"), graceUntil: asOf + grace } as const;
    expect(against("region", taken({}, { copies: [copy({ lock })] })).verdict).toBe("proven");
  });

  it("a setting of RDS that waits for the maintenance window is a finding: what is judged is not in force yet", () => {
    expect(rds.changesWait.standing).toBe("design");
    const waiting = (value: boolean) => messages(edit(database(), "database", "applyImmediately", value));
    expect(waiting(true)).toEqual([]);
    expect(waiting(false)).toEqual([expect.stringContaining("in force only after the maintenance window")]);
  });

  it("Replication Time Control without its metrics, which come later, promises nothing: somebody answers for the lag", () => {
    expect(lagOf(bucket())).toMatchObject({ total: s3.timeControl.value, terms: [{ grade: "contractual" }] });
    const silent = edit(bucket(), "replication", "rules[0].destination.metrics", undefined);
    expect(lagOf(silent)).toMatchObject({ total: duration("4h"), terms: [{ grade: "assumed" }] });
    const unread = edit(bucket(), "replication", "rules[0].destination.metrics", UNKNOWN);
    expect(lagOf(unread)?.total).toHaveProperty("unknown");
  });

  // What was there before a rule, or before versions, is in no program: a preview sees what will be, and not since when.
  it.each([
    ["objects that are older than the rule that copies them", s3.replicationNewOnly, "design"],
    ["objects written right after versions were turned on", s3.versioningSettles, "typical"],
  ] as const)("%s are a recorded fact, and said to be no part of any number", (_, fact, standing) => {
    expect(fact).toMatchObject({ standing });
    const page = readFileSync("docs/model.md", "utf8").replaceAll("\n", " ");
    expect(page.split("## What it does not say")[1]).toContain(`\`${fact.id}\``);
  });
});
