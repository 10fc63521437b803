import { describe, expect, it } from "vitest";
import { awsBackup, factSeconds } from "../../../recovery";
import { against, day, taken } from "../answers";
import { asOf, cleanRoom, copy, path, term } from "../build";

// Of the changes that do not act yet, the model knows the grace of a lock only. What the others do is recorded as facts
// (rds.changes-wait, s3.replication-new-only, s3.versioning-settles, s3.time-control), and is for the readers of those
// resources to hold: applyImmediately false is (test/policies/observe/rds.test.ts). Replication of objects that exist
// already, versioning and the metrics of Replication Time Control just turned on are not read yet.
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
});
