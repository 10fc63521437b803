import { describe, expect, it } from "vitest";
import { dataStoresHaveObjectives } from "../../../policies/rules/data-stores-have-objectives";
import {
  awsBackup,
  awsVolumes,
  dns,
  type Fact,
  factSeconds,
  frontDoorDetection,
  keyVault,
  rds,
  spanFrom,
  sum,
  type Term,
} from "../../../recovery";
import { healthy, read, resource, without } from "../../policies/observe/program";
import { against, cron, day, hour, losses, taken } from "../answers";
import { asOf, cleanRoom, copy, evidence, path, source, term } from "../build";

/** A term that a fact gives where nobody sets another. */
const byDefault = (name: string, fact: Fact): Term => ({ ...term(name, "0s"), value: factSeconds(fact) });

// What a resource that says nothing gets. The readers of RDS, AWS Backup, DLM, Front Door and Key Vault are to come: they
// will hold that a property which is not there is this default. Here stand the defaults and what the model makes of them.
describe("group 5: what providers do where nobody says", () => {
  it("RDS keeps backups for 0 days: nothing comes back from damage, and a database that no asset covers is a finding", () => {
    const none = copy({ keptFor: byDefault("backupRetentionPeriod", rds.backupRetention) });
    expect(against("corruption", taken({}, { copies: [none] }))).toMatchObject({
      verdict: "missed",
      broken: ["rpo", "window"],
      chosen: { window: { available: 0 } },
    });
    const database = resource("aws:rds/instance:Instance", "orders", {});
    const { plan } = read({ ...healthy(), database2: database });
    const about = dataStoresHaveObjectives.check({ ...evidence(plan), asOf }).map(({ source: at }) => at.name);
    expect(about).toEqual(["Instance orders"]);
  });

  it("RDS deletes automated backups with their instance: hostile credentials of this program leave none", () => {
    expect(rds.backupsGoWithInstance.standing).toBe("design");
    const automated = copy({ lock: { mode: "none", keptFor: term("locked", "0s") } });
    expect(against("compromise", taken({}, { copies: [automated] }))).toMatchObject({
      verdict: "missed",
      dropped: [{ reason: "bucket: no lock keeps hostile credentials from deleting it" }],
    });
  });

  it("AWS Backup may start 8 h late, and take 7 d", () => {
    const daily = (edit: Parameters<typeof taken>[0]) =>
      losses(against("region", taken({ overlap: "allow", run: term("run", "30m"), ...edit })))[0];
    const schedule = { scheduler: "aws", expression: "cron(0 5 * * ? *)", timeZone: "Etc/UTC" } as const;
    const startSlack = byDefault("start window", awsBackup.startWindow);
    const run = byDefault("completion window", awsBackup.completionWindow);
    expect(daily({ schedule, startSlack })).toBe(32 * hour + 30 * 60);
    expect(daily({ schedule, startSlack, run })).toBe(32 * hour + 7 * day);
  });

  it("DLM starts within an hour", () => {
    const hourly = taken({
      schedule: { scheduler: "dlm", expression: "cron(0 * * * ? *)", timeZone: "Etc/UTC" },
      startSlack: byDefault("start", awsVolumes.snapshotStart),
      run: term("run", "20m"),
      overlap: "allow",
    });
    expect(losses(against("region", hourly))[0]).toBe(2 * hour + 20 * 60);
  });

  it("Front Door probes each 240 s where its resource names no interval, and its guide's 30 s bound nothing", () => {
    const noticed = (interval: Fact) =>
      sum(
        frontDoorDetection({
          probeInterval: spanFrom(interval),
          sampleSize: { value: 4, source: source("sampleSize") },
          successesRequired: { value: 2, source: source("successfulSamplesRequired") },
        }).map(({ value }) => value),
      );
    expect(noticed(dns.frontDoorArmInterval)).toBe(3 * 240);
    expect(noticed(dns.frontDoorInterval)).toHaveProperty("unbounded");
  });

  it("S3 keeps no versions: a lock without them locks nothing", () => {
    const kept = read(without(healthy(), "versioning")).plan.protections.flatMap((one) =>
      one.kind === "restore-points" ? one.copies : [],
    );
    expect(kept.map(({ lock }) => lock.mode)).toEqual(["none"]);
    const locks = against("compromise", taken({ schedule: cron("0 * * * *") }, { copies: kept }));
    expect(locks.verdict).toBe("missed");
  });

  it("Key Vault has no purge protection: a key that can be destroyed at once takes its locked copy with it", () => {
    expect(keyVault.purgeProtection.standing).toBe("design");
    const keyed = (deletable: boolean) => {
      const needs = [{ what: "its key", at: cleanRoom, deletable, source: source("key") }];
      const protection = taken({}, { copies: [copy({ needs })] });
      const paths = [path({ runsAt: cleanRoom })];
      return against("compromise", protection, { paths });
    };
    expect(keyed(true).dropped[0]?.reason).toBe("bucket: it needs its key, and hostile credentials can delete key");
    expect(keyed(false).verdict).toBe("proven");
  });
});
