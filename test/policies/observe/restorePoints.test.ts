import { describe, expect, it } from "vitest";
import { type Resource, UNKNOWN, type Value } from "../../../policies/graph";
import { targetOf } from "../../../policies/observe/copies";
import { readProgram } from "../../../policies/observe/program";
import { isUnknown } from "../../../recovery";
import type { RestorePoints, Series } from "../../../recovery/plan";
import {
  asOf,
  declaredGraph,
  edit,
  forgotten,
  healthy,
  ignore,
  messages,
  type Parts,
  read,
  registered,
  without,
} from "./program";

function points(parts: Parts): RestorePoints {
  const found = read(parts).plan.protections.find((one) => one.kind === "restore-points");
  if (found?.kind !== "restore-points") throw new Error("no restore points");
  return found;
}

function series(parts: Parts, role: Series["role"] = "incremental"): Series {
  const found = points(parts).series.find((one) => one.role === role);
  if (found === undefined) throw new Error(`no ${role} series`);
  return found;
}

const copy = (parts: Parts) => points(parts).copies[0];
const job = "spec.jobTemplate.spec";
const day = 86_400;
const links = (key: string) => `metadata.annotations["holdfast.dev/${key}"]`;

describe("restore points", () => {
  it("puts the jobs that copy to one bucket into one group", () => {
    const { id, series, copies, capture, transfer } = points(healthy());
    expect([id, capture, transfer.value, copies.length]).toEqual(["omendb/data/restore-points", "fuzzy", 0, 1]);
    expect(series.map(({ role, schedule }) => [role, schedule])).toEqual([
      ["full", { scheduler: "kubernetes", expression: "0 2 * * *", timeZone: "Etc/UTC" }],
      ["incremental", { scheduler: "kubernetes", expression: "*/3 * * * *", timeZone: "Etc/UTC" }],
    ]);
  });

  it("reads how late a run may start and how long it may take", () => {
    expect(series(healthy())).toMatchObject({
      suspended: false,
      overlap: "forbid",
      startSlack: { value: 30, grade: "guaranteed" },
      run: { value: 120, grade: "guaranteed", source: { property: "spec.jobTemplate.spec.activeDeadlineSeconds" } },
    });
  });

  it("has no bound on a start without a starting deadline, or with one that the controller may always miss", () => {
    expect(
      series(edit(healthy(), "incremental", "spec.startingDeadlineSeconds", undefined)).startSlack.value,
    ).toHaveProperty("unbounded");
    expect(series(edit(healthy(), "incremental", "spec.startingDeadlineSeconds", 9)).startSlack.value).toHaveProperty(
      "unbounded",
    );
    expect(series(edit(healthy(), "incremental", "spec.startingDeadlineSeconds", 10)).startSlack.value).toBe(10);
  });

  it("has no bound on a run without a deadline, counts a pod's deadline once for each attempt, and the smaller of both", () => {
    const bare = edit(healthy(), "incremental", `${job}.activeDeadlineSeconds`, undefined);
    expect(series(bare).run.value).toHaveProperty("unbounded");
    const perPod = edit(
      edit(bare, "incremental", `${job}.template.spec.activeDeadlineSeconds`, 100),
      "incremental",
      `${job}.backoffLimit`,
      2,
    );
    expect(series(perPod).run).toMatchObject({
      value: 100 * 3 + 10 + 20,
      source: { property: "spec.jobTemplate.spec.template.spec.activeDeadlineSeconds" },
    });
    expect(series(edit(perPod, "incremental", `${job}.backoffLimit`, undefined)).run.value).toBe(100 * 7 + 630);
    expect(series(edit(perPod, "incremental", `${job}.activeDeadlineSeconds`, 90)).run.value).toBe(90);
  });

  it.each([
    ["spec.schedule", "schedule"],
    ["spec.timeZone", "schedule"],
    ["spec.suspend", "suspended"],
    ["spec.concurrencyPolicy", "overlap"],
  ] as const)("does not know what %s settles when it is unknown or ignored", (path, field) => {
    expect(series(edit(healthy(), "incremental", path, UNKNOWN))[field]).toHaveProperty("unknown");
    expect(series(ignore(healthy(), "incremental", path))[field]).toHaveProperty("unknown");
  });

  it.each([
    ["spec.startingDeadlineSeconds", "startSlack"],
    [`${job}.activeDeadlineSeconds`, "run"],
  ] as const)("does not know the bound of %s when it is unknown or ignored", (path, field) => {
    expect(series(edit(healthy(), "incremental", path, UNKNOWN))[field].value).toHaveProperty("unknown");
    expect(series(ignore(healthy(), "incremental", path))[field].value).toHaveProperty("unknown");
  });

  it("does what Kubernetes does where a CronJob says nothing", () => {
    const parts = edit(
      edit(healthy(), "incremental", "spec.concurrencyPolicy", undefined),
      "incremental",
      "spec.suspend",
      undefined,
    );
    expect(series(parts)).toMatchObject({ suspended: false, overlap: "allow" });
  });

  it("reads a schedule in the zone of its site's controller where it names none", () => {
    const parts = edit(
      edit(healthy(), "incremental", "spec.timeZone", undefined),
      "register",
      "sites[0].controllerTimeZone",
      "Europe/Berlin",
    );
    expect(series(parts).schedule).toMatchObject({ timeZone: "Europe/Berlin" });
    const nowhere = edit(parts, "register", "sites[0].context", "other");
    expect(series(nowhere).schedule).toHaveProperty("unknown");
  });

  it.each([
    ["a zone inside", "spec.schedule", "TZ=Europe/Berlin 0 2 * * *"],
    ["a word", "spec.schedule", "nightly"],
    ["another zone", "spec.timeZone", "Mars/Olympus"],
  ])("refuses a schedule with %s", (_what, path, value) => {
    const parts = edit(healthy(), "incremental", path, value);
    expect(series(parts).schedule).toHaveProperty("unknown");
    expect(read(parts).problems).toEqual([expect.objectContaining({ cannotProve: true })]);
  });

  it("takes the worst capture that a job of the group says, and notes a word that is none", () => {
    const captured = (first: string | undefined, second: string | undefined) => {
      const once = edit(healthy(), "full", 'metadata.annotations["holdfast.dev/capture"]', first);
      return edit(once, "incremental", 'metadata.annotations["holdfast.dev/capture"]', second);
    };
    expect(points(captured("start", "start")).capture).toBe("start");
    expect(points(captured("start", "end")).capture).toBe("end");
    expect(points(captured("start", undefined)).capture).toBe("fuzzy");
    expect(messages(captured("start", "soon"))).toEqual([
      "CronJob omendb-incremental: holdfast.dev/capture must be one of start, end, fuzzy",
    ]);
  });

  it("notes a role that is none, and then takes no restore points for it", () => {
    const parts = edit(healthy(), "incremental", 'metadata.annotations["holdfast.dev/role"]', "backup");
    expect(messages(parts)[0]).toMatch(/^CronJob omendb-incremental: holdfast.dev\/role must be one of full/);
    expect(points(parts).series).toHaveLength(1);
  });

  it("notes a job that protects what it cannot reach", () => {
    const claim = (volume: number) => `${job}.template.spec.volumes[${volume}].persistentVolumeClaim.claimName`;
    const nothing = edit(edit(healthy(), "incremental", claim(0), "other"), "incremental", claim(2), "other");
    expect(messages(nothing)).toEqual([
      "CronJob omendb-incremental says that it protects omendb/data, but it mounts no volume of Deployment prod-omendb",
      ...["data", "wal"].map(
        (volume) =>
          `volume ${volume} of CronJob omendb-incremental names no claim that this program declares in namespace omendb-prod of that cluster, or one that is not known before deployment`,
      ),
    ]);
    const left =
      "CronJob omendb-incremental says that it protects omendb/data, but no container of it mounts volume data";
    // A claim that is not here is a finding of its own, told as one that is not known is.
    expect(read(edit(healthy(), "incremental", claim(0), UNKNOWN))).toEqual(
      read(edit(healthy(), "incremental", claim(0), "other")),
    );
    for (const parts of [
      edit(healthy(), "incremental", `${job}.template.spec.volumes[0]`, { name: "data", emptyDir: {} }),
      edit(healthy(), "incremental", `${job}.template.spec.containers[0].volumeMounts[0].name`, "scratch"),
    ]) {
      expect(messages(parts)).toContain(`${left} of Deployment prod-omendb`);
    }
    expect(messages(edit(healthy(), "incremental", claim(0), UNKNOWN))).toEqual([
      expect.stringMatching(/^volume data of CronJob omendb-incremental names no claim .* or one that is not known/),
    ]);
  });

  it("notes a job that protects nothing or what nobody promises", () => {
    const of = (value: string | undefined) =>
      messages(edit(healthy(), "full", 'metadata.annotations["holdfast.dev/protects"]', value));
    expect(of("omendb/dta")).toEqual([
      "CronJob omendb-full protects omendb/dta, for which nothing promises objectives",
    ]);
    const role = 'metadata.annotations["holdfast.dev/role"]';
    const maintained = edit(healthy(), "incremental", role, "maintenance");
    expect(messages(maintained)).not.toContainEqual(expect.stringContaining("nothing promises"));
    expect(
      messages(edit(maintained, "incremental", 'metadata.annotations["holdfast.dev/protects"]', "omendb/dta")),
    ).toContain("CronJob omendb-incremental protects omendb/dta, for which nothing promises objectives");
    expect(of(undefined)).toEqual([
      "CronJob omendb-full has the role full and must name its asset in holdfast.dev/protects",
    ]);
  });

  it("reads how fast a chain is restored from the register, and nothing where nobody says how fast", () => {
    expect(points(healthy()).restoreRate).toMatchObject({
      perLink: { value: 2 },
      bytesPerSecond: 50_000_000,
      baseBytes: 1e10,
    });
    expect(points(forgotten(healthy(), "link-restore")).restoreRate?.perLink.value).toHaveProperty("unknown");
    expect(points(forgotten(healthy(), "restore-rate")).restoreRate).toBeUndefined();
    const slower = {
      id: "slow",
      term: "link-restore",
      assets: ["omendb/data"],
      value: "9s",
      owner: "a",
      reason: "b",
      drill: "c",
      expires: "2027-01-01",
    };
    expect(points(registered(healthy(), "assumptions", slower)).restoreRate?.perLink).toMatchObject({
      value: 9,
      assumption: "slow",
    });
  });
});

describe("copies", () => {
  it("reads lock and expiry of the bucket, older versions included", () => {
    expect(copy(healthy())).toMatchObject({
      at: { region: "eu-west-1" },
      keptFor: { value: 52 * day, grade: "guaranteed" },
      lock: { mode: "compliance", keptFor: { value: 45 * day } },
    });
    expect(copy(healthy())?.needs).toBeUndefined();
  });

  it("finds settings by dependency before name", () => {
    const parts = healthy();
    const { bucket, lock } = parts;
    if (bucket === undefined || lock === undefined) throw new Error("no bucket");
    const linked = { ...edit(parts, "lock", "bucket", UNKNOWN) };
    const byUrn: Resource = {
      ...lock,
      props: { ...lock.props, bucket: UNKNOWN },
      propertyDependencies: { bucket: [bucket.urn] },
    };
    expect(copy({ ...parts, lock: byUrn })?.lock.mode).toBe("compliance");
    expect(copy(linked)?.lock.mode).toBe("none");
    expect(copy({ ...parts, lock: { ...lock, propertyDependencies: { bucket: ["urn:other"] } } })?.lock.mode).toBe(
      "none",
    );
  });

  const retention = "rule.defaultRetention";
  it("has no lock without its resource, its mode or versioning, and only a weak one in governance mode", () => {
    expect(copy(without(healthy(), "lock"))?.lock).toMatchObject({ mode: "none", keptFor: { value: 0 } });
    expect(copy(edit(healthy(), "lock", `${retention}.mode`, undefined))?.lock.mode).toBe("none");
    expect(copy(without(healthy(), "versioning"))?.lock.mode).toBe("none");
    expect(copy(edit(healthy(), "versioning", "versioningConfiguration.status", "Suspended"))?.lock.mode).toBe("none");
    expect(copy(edit(healthy(), "lock", `${retention}.mode`, "GOVERNANCE"))?.lock.mode).toBe("governance");
    expect(copy(edit(without(healthy(), "versioning"), "bucket", "objectLockEnabled", true))?.lock.mode).toBe(
      "compliance",
    );
  });

  it("counts a year of a lock as 365 days", () => {
    expect(copy(edit(healthy(), "lock", retention, { mode: "COMPLIANCE", years: 1 }))?.lock.keptFor.value).toBe(
      365 * day,
    );
  });

  it.each([
    ["lock", `${retention}.mode`],
    ["lock", "rule"],
    ["versioning", "versioningConfiguration"],
  ])("does not know the mode when %s %s is unknown or ignored", (part, path) => {
    expect(copy(edit(healthy(), part, path, UNKNOWN))?.lock.mode).toHaveProperty("unknown");
    expect(copy(ignore(healthy(), part, path))?.lock.mode).toHaveProperty("unknown");
  });

  it.each([["rules"], ["rules[0].expiration.days"], ["rules[1].noncurrentVersionExpiration.noncurrentDays"]])(
    "does not know how long points are kept when %s is unknown or ignored",
    (path) => {
      expect(copy(edit(healthy(), "lifecycle", path, UNKNOWN))?.keptFor.value).toHaveProperty("unknown");
      expect(copy(ignore(healthy(), "lifecycle", path))?.keptFor.value).toHaveProperty("unknown");
    },
  );

  it("is kept without end where nothing deletes it", () => {
    expect(copy(without(healthy(), "lifecycle"))?.keptFor.value).toEqual({
      unbounded: "no lifecycle rule deletes them",
    });
    expect(copy(edit(healthy(), "lifecycle", "rules[0].status", "Disabled"))?.keptFor.value).toHaveProperty(
      "unbounded",
    );
    expect(copy(edit(healthy(), "lifecycle", "rules[1].status", "Disabled"))?.keptFor.value).toHaveProperty(
      "unbounded",
    );
  });

  it("is kept as long as the shortest rule says, and no longer without versioning", () => {
    const shorter = edit(healthy(), "lifecycle", "rules[2]", { id: "c", status: "Enabled", expiration: { days: 29 } });
    expect(copy(shorter)?.keptFor.value).toBe(31 * day);
    expect(copy(without(shorter, "versioning"))?.keptFor.value).toBe(29 * day);
    expect(
      copy(edit(healthy(), "lifecycle", "rules[0].expiration", { date: "2027-01-01" }))?.keptFor.value,
    ).toHaveProperty("unknown");
  });

  it("names a key that hostile credentials could delete, known or not", () => {
    const encrypted = (kmsMasterKeyId: Value) => {
      const bucket = healthy().bucket;
      if (bucket === undefined) throw new Error("no bucket");
      const type = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
      const props: Record<string, Value> = {
        bucket: "omendb-copies",
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId } }],
      };
      return copy({ ...healthy(), encryption: { ...bucket, type, urn: `${bucket.urn}-key`, props } })?.needs;
    };
    expect(encrypted("arn:key")).toBeDefined();
    expect(encrypted(UNKNOWN)).toBeDefined();
    expect(encrypted(undefined)).toBeUndefined();
  });

  it("notes a bucket that does not exist, and one that the job does not know", () => {
    const gone = without(healthy(), "bucket");
    expect(messages(gone)).toContain(
      "holdfast.dev/copies-to of CronJob omendb-full names no bucket of this program, or one that is not known before deployment",
    );
    expect(points(gone).copies).toMatchObject([{ at: { unknown: expect.any(String) } }]);
    const named = (bucket: Value) => edit(healthy(), "full", 'metadata.annotations["holdfast.dev/copies-to"]', bucket);
    expect(read(named(UNKNOWN))).toEqual(read(named("elsewhere")));
    const silent = edit(healthy(), "full", `${job}.template.spec.containers[0].env[0].value`, "s3://omendb-copies-old");
    expect(messages(silent)).toEqual([
      "CronJob omendb-full says that it copies to bucket omendb-copies, but no environment value of it names that bucket",
    ]);
    const { full, bucket } = silent;
    if (full === undefined || bucket === undefined) throw new Error("no full");
    expect(messages({ ...silent, full: { ...full, propertyDependencies: { spec: [bucket.urn] } } })).toEqual([]);
  });

  it("keeps on one node what a job writes to a folder of its node, and does not know for how long", () => {
    let parts = without(healthy(), "incremental", "restore", "dns", "verification", "drill");
    parts = edit(parts, "full", 'metadata.annotations["holdfast.dev/copies-to"]', undefined);
    const local = edit(parts, "full", `${job}.template.spec.volumes[1]`, {
      name: "scratch",
      hostPath: { path: "/var/backups" },
    });
    expect(messages(local)).toEqual([]);
    expect(copy(local)).toMatchObject({ at: { region: "eu-central-1", node: "local disk" }, lock: { mode: "none" } });
    expect(copy(local)?.keptFor.value).toHaveProperty("unknown");
    expect(points(local).label).toBe("restore points in a node");
    expect(messages(parts)).toEqual([
      "CronJob omendb-full says nowhere where its restore points are kept: name a bucket in holdfast.dev/copies-to",
    ]);
  });

  describe("on a volume", () => {
    const pod = `${job}.template.spec`;
    const backups = { name: "scratch", hostPath: { path: "/var/backups" } };

    /** Both jobs write to one folder, say that they keep it for 30 days, and tell their tool so. */
    function local(): Parts {
      let parts = without(healthy(), "restore", "dns", "verification", "drill");
      for (const name of ["full", "incremental"]) {
        parts = edit(parts, name, links("copies-to"), undefined);
        parts = edit(parts, name, `${pod}.volumes[1]`, backups);
        parts = edit(parts, name, links("kept-for"), "30d");
        parts = edit(parts, name, `${pod}.containers[0].command`, ["sh", "-c", "tool cleanup --retention-days 30"]);
      }
      return parts;
    }
    const kept = (parts: Parts) => copy(parts)?.keptFor;

    it("is kept as long as its job says and tells its tool", () => {
      expect(messages(local())).toEqual([]);
      expect(kept(local())).toMatchObject({
        value: 30 * day,
        grade: "guaranteed",
        source: { name: "CronJob omendb-full", property: `${pod}.containers[0].command` },
      });
      expect(copy(local())?.source.name).toBe("volume scratch of CronJob omendb-full");
    });

    it.each([
      ["the value joined by =", ["tool", "--retention-days=30"]],
      ["the value on its own", ["tool", "--retention-days", "30"]],
      ["the value in quotes", ["sh", "-c", 'tool --retention-days "30"; echo done']],
    ])("reads the option with %s", (_, command) => {
      expect(kept(edit(local(), "full", `${pod}.containers[0].command`, command))?.value).toBe(30 * day);
    });

    it("reads the option from args as well", () => {
      const parts = edit(local(), "full", `${pod}.containers[0].command`, undefined);
      const inArgs = edit(parts, "full", `${pod}.containers[0].args`, ["--retention-days", "30"]);
      expect(kept(inArgs)).toMatchObject({ value: 30 * day, source: { property: `${pod}.containers[0].args` } });
    });

    it.each([
      ["no command says it", ["tool", "cleanup"]],
      ["another number", ["tool", "--retention-days", "29"]],
      ["another number as well", ["sh", "-c", "tool --retention-days 30; tool --retention-days 7"]],
      ["a variable", ["sh", "-c", 'tool --retention-days "$DAYS"']],
      ["a longer number", ["tool", "--retention-days", "300"]],
      ["a fraction", ["tool", "--retention-days", "30.5"]],
      ["another option", ["tool", "--no-retention-days", "30"]],
    ])("does not know how long where the command disagrees: %s", (_, command) => {
      const parts = edit(local(), "full", `${pod}.containers[0].command`, command);
      expect(messages(parts)).toEqual([
        "CronJob omendb-full says that it keeps restore points for 30d, but its commands do not say --retention-days 30",
      ]);
      expect(kept(parts)?.value).toHaveProperty("unknown");
    });

    it("cannot agree on a part of a day, and notes what is no duration without showing it", () => {
      expect(messages(edit(local(), "full", links("kept-for"), "36h"))).toEqual([
        "CronJob omendb-full says that it keeps restore points for 36h, but --retention-days counts whole days",
      ]);
      expect(messages(edit(local(), "full", links("kept-for"), "a month"))).toEqual([
        'CronJob omendb-full: holdfast.dev/kept-for must be a duration such as "30d"',
      ]);
    });

    it("is kept as long as the job says that deletes first, and nobody knows how long where one says nothing", () => {
      const sooner = edit(
        edit(local(), "incremental", links("kept-for"), "7d"),
        "incremental",
        `${pod}.containers[0].command`,
        ["tool", "--retention-days", "7"],
      );
      expect(kept(sooner)).toMatchObject({ value: 7 * day, source: { name: "CronJob omendb-incremental" } });
      for (const silent of ["full", "incremental"]) {
        expect(kept(edit(local(), silent, links("kept-for"), undefined))?.value).toHaveProperty("unknown");
      }
    });

    it("does not know how long when the command or the annotation is unknown or ignored", () => {
      const command = `${pod}.containers[0].command`;
      for (const parts of [edit(local(), "full", command, UNKNOWN), ignore(local(), "full", command)]) {
        expect(kept(parts)?.value).toHaveProperty("unknown");
      }
      const hidden = edit(local(), "full", links("kept-for"), UNKNOWN);
      expect(kept(hidden)?.value).toHaveProperty("unknown");
      expect(read(hidden).problems).toMatchObject([{ cannotProve: true }]);
    });

    it.each([
      ["the asset's where it may be there", "eu-central-1b", "eu-central-1b"],
      ["any of its site where the asset is in none of them", "eu-central-1x", "eu-central-1a"],
    ])("of one zone is in %s: which one is decided on creation", (_, struck, zone) => {
      const claimed = { name: "scratch", persistentVolumeClaim: { claimName: "backups" } };
      const { data } = healthy();
      if (data === undefined) throw new Error("no claim");
      const named = edit({ ...local(), backups: { ...data, name: "backups" } }, "backups", "metadata.name", "backups");
      const parts = edit(edit(named, "backups", "spec.storageClassName", "ebs"), "full", `${pod}.volumes[1]`, claimed);
      const program = readProgram(declaredGraph(parts), asOf);
      const [asset] = read(parts).plan.assets;
      const full = program.cronJobs.find(({ role }) => role === "full");
      if (asset === undefined || isUnknown(asset.at) || full === undefined) throw new Error("nothing to copy");
      const there = { ...asset, at: { ...asset.at, zones: [struck] } };
      expect(targetOf(full, there, undefined, program).copy?.at).toMatchObject({ zones: [zone] });
    });

    it("leaves what is copied to a bucket to the bucket's own rules", () => {
      const parts = edit(healthy(), "full", links("kept-for"), "30d");
      expect(messages(parts)).toEqual([
        "CronJob omendb-full says how long it keeps what it copies to bucket omendb-copies: that is for its lifecycle rules to say, holdfast.dev/kept-for is for volumes",
      ]);
      expect(copy(parts)?.keptFor.value).toBe(52 * day);
    });
  });
});
