import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { judge } from "../../../policies/judge";
import type { Disruption } from "../../../recovery/objective";
import { there, way, ways } from "./nucleus";
import {
  asOf,
  cronJob,
  declaredGraph,
  edit,
  forgotten,
  ignore,
  kubernetes,
  messages,
  type Parts,
  read,
  registered,
  without,
} from "./program";
import { asset, kept, part, step } from "./rdsProgram";

function dropped(parts: Parts, disruption: Disruption, path: string) {
  const found = ways(parts, disruption).dropped.find((one) => one.path === `${asset}/${path}`);
  return found && { reason: found.reason, unknown: found.unknown };
}

/** The findings of one rule. */
function findings(parts: Parts, rule: string) {
  return judge(declaredGraph(parts), asOf)
    .findings.filter((one) => one.rule === rule)
    .map(({ message, level, disruption }) => ({ message, level, disruption }));
}

describe("a database of Amazon RDS", () => {
  it("is where its instance is, and says nothing that does not resolve", () => {
    expect(read(kept()).plan.assets[0]?.at).toMatchObject({ region: "eu-central-1", account: "111111111111" });
    expect(messages(kept())).toEqual([]);
  });

  it("belongs to the asset that its tag names, where no component of ours declares it", () => {
    const parts = kept();
    const { parent: _, ...bare } = parts.database ?? {};
    const tagged = { ...bare, props: { ...parts.database?.props, tags: { "holdfast.dev/asset": asset } } };
    const program = { ...parts, database: tagged as NonNullable<typeof parts.database> };
    expect(read(program).plan.protections.map(({ id }) => id)).toEqual(
      ["redundancy", "point-in-time", "replicated-backups", "replica"].map((name) => `${asset}/${name}`),
    );
  });

  it("is no protection of an asset that it does not belong to", () => {
    const { parent: _, ...stray } = kept().database ?? {};
    const program = { ...kept(), database: stray as NonNullable<ReturnType<typeof kept>["database"]> };
    expect(read(program).plan.protections).toEqual([]);
    expect(read(program).plan.assets[0]?.at).toHaveProperty("unknown");
  });

  it("is one instance that is written to", () => {
    const second = part("aws:rds/instance:Instance", "second", kept().database?.props ?? {}, there);
    expect(messages({ ...kept(), second })).toContain(
      `Instance second and Instance nucleus-instance both hold ${asset}, and nothing keeps them alike: give each an asset of its own`,
    );
  });

  it("is not served by a workload as well", () => {
    const workload = kubernetes("apps/v1:Deployment", "nucleus-db", { asset }, { spec: { template: { spec: {} } } });
    const both = { ...kept(), workload };
    expect(messages(both)).toContain(
      `${asset} is served by Deployment nucleus-db of this program, and kept by Instance nucleus-instance`,
    );
    expect(read(both).plan.protections.map(({ label }) => label)).toEqual(["its own storage"]);
  });
});

describe("a standby in another zone", () => {
  it("loses nothing with a process, a node or a zone, by design, and takes over in the time that the register answers for", () => {
    for (const disruption of ["process", "node", "zone"] as const) {
      const found = way(kept(), disruption, "multi-az-failover");
      expect(found?.rpo.map(({ total }) => total)).toEqual([0, 0]);
      expect(found?.rpo[1].terms.map(({ grade, facts }) => [grade, facts])).toEqual([
        ["guaranteed", ["rds.multi-az-loss"]],
      ]);
      expect(found?.rto.total).toBe(300 + 5);
      expect(found?.rto.terms[0]).toMatchObject({ grade: "assumed", facts: ["rds.multi-az-failover"] });
    }
  });

  it("takes over within no bound without an entry: what a vendor calls typical is no promise", () => {
    expect(way(forgotten(kept(), "managed-service"), "zone", "multi-az-failover")?.rto.total).toEqual({
      unbounded: "rds.multi-az-failover is typical and no promise: a register entry has to answer for it",
    });
  });

  it("takes as long as the slowest drill and a margin, once it was drilled", () => {
    const drill = {
      id: "failover",
      asset,
      path: "multi-az-failover",
      date: "2026-11-01",
      took: "100s",
      bytes: 1,
      verified: true,
    };
    const found = way(registered(kept(), "drills", drill), "zone", "multi-az-failover");
    expect(found?.rto.terms[0]).toMatchObject({ grade: "measured" });
    expect(found?.rto.total).toBeLessThan(300);
  });

  it.each<[string, Value]>([
    ["is off", false],
    ["is not set, which is the same", undefined],
  ])("is none where multiAz %s: a zone takes the instance with it", (_, value) => {
    const single = edit(kept(), "database", "multiAz", value);
    expect(dropped(single, "zone", "instance-recovery")).toEqual({
      reason: "survives the loss of a node at most",
      unknown: false,
    });
    expect(findings(single, "rpo-is-met")).toEqual([
      expect.objectContaining({
        level: "mandatory",
        disruption: "zone",
        message: expect.stringContaining("RPO is 0s"),
      }),
    ]);
    expect(way(single, "node", "instance-recovery")?.rto.total).toBe(305);
    expect(way(forgotten(single, "managed-service"), "node", "instance-recovery")?.rto.total).toHaveProperty("unknown");
  });

  it.each<[string, Parts]>([
    ["is not known before deployment", edit(kept(), "database", "multiAz", UNKNOWN)],
    ["may differ from what is deployed", ignore(kept(), "database", "multiAz")],
  ])("cannot be proven where multiAz %s", (_, parts) => {
    expect(dropped(parts, "zone", "multi-az-failover")).toMatchObject({ unknown: true });
  });

  it.each<[string, Value, string]>([
    [
      "acknowledges before commits are durable",
      [{ name: "synchronous_commit", value: "off" }],
      "synchronous_commit is off",
    ],
    ["has parameters that are not known", UNKNOWN, "parameters of ParameterGroup nucleus-parameters is not known"],
    ["has a parameter without a known name", [{ name: UNKNOWN, value: "off" }], "name of ParameterGroup"],
    ["has a value that is not known", [{ name: "synchronous_commit", value: UNKNOWN }], "value of ParameterGroup"],
  ])("cannot be proven to lose nothing where it %s", (_, parameters, why) => {
    const found = way(edit(kept(), "parameters", "parameters", parameters), "zone", "multi-az-failover");
    expect(found?.rpo[1].total).toEqual({ unknown: expect.stringContaining(why) });
  });

  it.each<[string, Parts]>([
    ["a parameter group of another program", edit(kept(), "database", "parameterGroupName", "shared")],
    ["an engine that no reader knows", edit(kept(), "database", "engine", "mysql")],
    ["no engine that is known", edit(kept(), "database", "engine", UNKNOWN)],
  ])("cannot be proven to lose nothing with %s", (_, parts) => {
    expect(way(parts, "zone", "multi-az-failover")?.rpo[1].total).toHaveProperty("unknown");
  });

  it("loses nothing with the default group of RDS, which nobody can change", () => {
    const plain = edit(without(kept(), "parameters"), "database", "parameterGroupName", undefined);
    expect(way(plain, "zone", "multi-az-failover")?.rpo[1].total).toBe(0);
  });
});

describe("automated backups", () => {
  it("bring back any moment before bad writes, as far as their retention reaches", () => {
    const found = way(kept(), "corruption", "restore-in-time");
    // Noticed in an hour, decided in 15 minutes, restored in 30.
    const lost = 3_600 + 900 + 1_800;
    expect(found?.rpo.map(({ total }) => total)).toEqual([lost, lost]);
    expect(found?.window).toEqual({ needed: lost, available: 35 * 86_400 });
  });

  it("rest on an entry of the register for how far the log is behind", () => {
    const elsewhere = way(kept(), "region", "restore-elsewhere");
    expect(elsewhere?.rpo.map(({ total }) => total)).toEqual([300 + 1_800, 2 * 300 + 1_800]);
    expect(elsewhere?.rpo[0].terms.map(({ grade, facts }) => [grade, facts])).toEqual([
      ["assumed", ["rds.log-upload"]],
      ["assumed", ["rds.replicated-backups"]],
    ]);
    for (const term of ["log-upload", "backup-copy"]) {
      expect(way(forgotten(kept(), term), "region", "restore-elsewhere")?.rpo[1].total).toHaveProperty("unknown");
    }
  });

  it.each<[string, Value]>([
    ["0", 0],
    ["not set, which is 0", undefined],
  ])("are none where the retention is %s", (_, value) => {
    const bare = edit(kept(), "database", "backupRetentionPeriod", value);
    const nothing = { unbounded: expect.stringContaining("points reach 0s back") };
    expect(way(bare, "corruption", "restore-in-time")?.rpo[1].total).toEqual(nothing);
    expect(findings(bare, "restore-points-are-kept")).toContainEqual(
      expect.objectContaining({
        level: "mandatory",
        message: "retention is 14d, but automated backups are deleted after 0s",
      }),
    );
    expect(findings(bare, "rpo-is-met")).toContainEqual(expect.objectContaining({ disruption: "corruption" }));
  });

  it("carry nothing to the other region where the instance has none", () => {
    const bare = edit(kept(), "database", "backupRetentionPeriod", 0);
    const found = read(bare).plan.protections.find(({ id }) => id === `${asset}/replicated-backups`);
    expect(found).toMatchObject({ copies: [{ keptFor: { value: 0, source: { property: "backupRetentionPeriod" } } }] });
  });

  it.each<[string, Value, number]>([
    ["14 days, which is what is promised", 14, 0],
    ["13 days", 13, 1],
  ])("are kept for %s", (_, days, count) => {
    const parts = edit(kept(), "database", "backupRetentionPeriod", days);
    expect(findings(parts, "restore-points-are-kept")).toHaveLength(count);
  });

  it.each<[string, Parts, string]>([
    ["is not known", edit(kept(), "database", "backupRetentionPeriod", UNKNOWN), "is not known before deployment"],
    ["may differ from what is deployed", ignore(kept(), "database", "backupRetentionPeriod"), "ignoreChanges"],
    ["is more than RDS takes", edit(kept(), "database", "backupRetentionPeriod", 36), "must be 0 to 35 days, got 36"],
  ])("cannot be proven where the retention %s", (_, parts, why) => {
    expect(findings(parts, "restore-points-are-kept")).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining(why), level: "mandatory" }),
    );
  });

  it("in the same region are lost with it", () => {
    const near = edit(kept(), "elsewhere", 'metadata.annotations["holdfast.dev/protection"]', "point-in-time");
    expect(dropped(near, "region", "restore-elsewhere")?.reason).toBe(
      "Instance nucleus-instance: in the same region, eu-central-1",
    );
    const { copies } = kept();
    if (copies?.provider === undefined) throw new Error("the example copies its backups");
    const moved = { ...copies, props: { ...copies.props, region: "eu-central-1" } };
    expect(dropped({ ...kept(), copies: moved }, "region", "restore-elsewhere")?.reason).toContain(
      "in the same region",
    );
    expect(findings({ ...kept(), copies: moved }, "a-copy-is-outside-the-region")).toHaveLength(1);
    expect(findings(kept(), "a-copy-is-outside-the-region")).toEqual([]);
  });

  it("in another region are kept 7 days where nobody says how long", () => {
    const found = read(edit(kept(), "copies", "retentionPeriod", undefined)).plan.protections;
    expect(found).toContainEqual(
      expect.objectContaining({
        id: `${asset}/replicated-backups`,
        copies: [expect.objectContaining({ keptFor: expect.objectContaining({ value: 7 * 86_400 }) })],
      }),
    );
  });

  it("that nothing says are of this instance are no protection of it", () => {
    const { copies } = kept();
    if (copies === undefined) throw new Error("the example copies its backups");
    const other = { ...kept(), copies: { ...copies, propertyDependencies: {} } };
    expect(dropped(other, "region", "restore-elsewhere")?.reason).toBe("the protection it uses does not exist");
    expect(messages(other)).toEqual([
      `holdfast.dev/protection of CronJob restore-elsewhere-step names no protection of ${asset}, or one that is not known before deployment`,
    ]);
  });

  it("want a drill and a verification, as restore points that jobs take do", () => {
    const want = (parts: Parts) =>
      findings(parts, "recovery-is-rehearsed")
        .map(({ message }) => message)
        .filter((text) => text.includes("no scheduled"));
    expect(want(kept())).toEqual(["verification", "drill"].map((role) => `restore points, but no scheduled ${role}`));
    const rehearsal = (role: string) =>
      cronJob(`nucleus-${role}`, { role, protects: asset }, { schedule: "0 4 * * *" });
    const drill = rehearsal("drill");
    expect(want({ ...kept(), drill })).toEqual(["restore points, but no scheduled verification"]);
    expect(want({ ...kept(), drill, verification: rehearsal("verification") })).toEqual([]);
  });

  it("do not outlive hostile credentials, which may delete them", () => {
    const hostile = { ...kept(), back: step("restore-in-time", "compromise", "point-in-time") };
    expect(dropped(hostile, "compromise", "restore-in-time")?.reason).toBe(
      "Instance nucleus-instance: no lock keeps hostile credentials from deleting it",
    );
  });
});

describe("a replica in another region", () => {
  it("lags as far as the register answers for, and without an entry nobody knows how far", () => {
    expect(way(kept(), "region", "promote")?.rpo.map(({ total }) => total)).toEqual([600, 600]);
    expect(way(kept(), "region", "promote")?.rpo[1].terms).toMatchObject([
      { grade: "assumed", facts: ["rds.replica-lag"] },
    ]);
    expect(way(forgotten(kept(), "replica-lag"), "region", "promote")?.rpo[1].total).toHaveProperty("unknown");
  });

  it("copies bad writes, and is lost with its region and to hostile credentials", () => {
    const reason = (disruption: Disruption) => {
      const one = { ...kept(), promote: step("promote", disruption, "replica", "nucleus-replica") };
      return dropped(one, disruption, "promote")?.reason;
    };
    expect(reason("corruption")).toBe("copies the corruption");
    expect(reason("compromise")).toBe("copies what hostile credentials write");
    const near = edit(kept(), "replica", "region", "eu-central-1");
    expect(dropped(near, "region", "promote")?.reason).toBe("in the same region, eu-central-1");
  });

  it.each<[string, Value]>([
    ["0", 0],
    ["not set", undefined],
  ])("needs backups of its own before it is promoted, a retention that is %s is none", (_, value) => {
    expect(messages(edit(kept(), "replica", "backupRetentionPeriod", value))).toEqual([
      "Instance nucleus-replica is a replica without backups of its own (backupRetentionPeriod is 0 or not set): once it is promoted, nothing keeps them",
    ]);
  });

  it("is a replica of the instance that it names, and of no other", () => {
    const { replica } = kept();
    if (replica === undefined) throw new Error("the example has a replica");
    const other = { ...kept(), replica: { ...replica, propertyDependencies: {} } };
    expect(messages(other)).toContain(
      `Instance nucleus-replica is a replica of no instance of ${asset} that this program declares`,
    );
    expect(dropped(other, "region", "promote")?.reason).toBe("the protection it uses does not exist");
    const named = edit(other, "replica", "replicateSourceDb", "arn:aws:rds:eu-central-1:111111111111:db:nucleus");
    expect(messages(named)).toEqual([]);
  });
});

describe("what stands by accident", () => {
  it.each<[property: string, wanted: boolean, why: string]>([
    ["deletionProtection", true, "one call deletes it"],
    ["deleteAutomatedBackups", false, "its backups are deleted with it"],
    ["applyImmediately", true, "a change is in force only after the maintenance window, so what is judged may not be"],
  ])("is said of %s where it is not set, is wrong or is not known", (property, wanted, why) => {
    const said = (value: Value) => messages(edit(kept(), "database", property, value));
    const must = `${property} of Instance nucleus-instance must be ${wanted}`;
    expect(said(undefined)).toEqual([`${must}, got nothing: ${why}`]);
    expect(said(!wanted)).toEqual([`${must}, got ${!wanted}: ${why}`]);
    expect(said(UNKNOWN)).toEqual([`${must}: ${property} of Instance nucleus-instance is not known before deployment`]);
    expect(findings(edit(kept(), "database", property, !wanted), "links-resolve")).toMatchObject([
      { level: "mandatory" },
    ]);
  });
});

describe("what lies open", () => {
  it.each<[property: string, wanted: boolean, otherwise: boolean, why: string]>([
    [
      "publiclyAccessible",
      false,
      false,
      "anybody may try its password from the internet, and whoever has it deletes what is in it",
    ],
    ["storageEncrypted", true, false, "whoever is given a snapshot of it reads the data"],
    ["skipFinalSnapshot", false, false, "nothing of its last day is left once it is deleted"],
  ])(
    "is said of %s where it is wrong or not known, or where RDS's own word is wrong",
    (property, wanted, otherwise, why) => {
      const said = (value: Value) => messages(edit(kept(), "database", property, value));
      const must = `${property} of Instance nucleus-instance must be ${wanted}`;
      expect(said(wanted)).toEqual([]);
      expect(said(undefined)).toEqual(otherwise === wanted ? [] : [`${must}, got nothing: ${why}`]);
      expect(said(!wanted)).toEqual([`${must}, got ${!wanted}: ${why}`]);
      expect(said(UNKNOWN)).toEqual([
        `${must}: ${property} of Instance nucleus-instance is not known before deployment`,
      ]);
    },
  );

  it("is not asked of a replica where RDS takes it from the source, or takes no snapshot of it", () => {
    const said = (property: string, value: Value) => messages(edit(kept(), "replica", property, value));
    expect([...said("storageEncrypted", undefined), ...said("skipFinalSnapshot", true)]).toEqual([]);
    expect(said("storageEncrypted", false)).toHaveLength(1);
  });
});

describe("the parameters of an instance", () => {
  const tls = "rds.force_ssl of Instance nucleus-instance must be 1";
  const why = "whoever listens reads passwords and rows of clients that ask for no TLS";
  const unknown = expect.stringMatching(/^rds.force_ssl of Instance nucleus-instance must be 1: /);
  const said = (parameters: Value, parts = kept()) => messages(edit(parts, "parameters", "parameters", parameters));
  const force = (value: Value): Value => [{ name: "rds.force_ssl", value }] as Value;

  it("refuse clients without TLS, which RDS does by itself from PostgreSQL 15 on", () => {
    expect([said(force("1")), said([]), said(undefined)]).toEqual([[], [], []]);
    expect(said(force("0"))).toEqual([`${tls}, got 0: ${why}`]);
    expect(said(force("off"))).toEqual([`${tls}, got something else: ${why}`]);
    const older = edit(edit(kept(), "database", "engineVersion", "14.9"), "parameters", "family", "postgres14");
    expect(said([], older)).toContain(`${tls}, got nothing: ${why}`);
    expect(said(force("1"), older).filter((one) => one.startsWith(tls))).toEqual([]);
  });

  it("are not proven where they, or the version that decides without them, are not known", () => {
    expect(said(UNKNOWN)).toEqual([unknown]);
    expect(said(force(UNKNOWN))).toEqual([unknown]);
    expect(messages(without(kept(), "parameters"))).toEqual([
      `${tls}: the parameter group of Instance nucleus-instance is none that this program declares`,
    ]);
    for (const version of [undefined, UNKNOWN] as const) {
      expect(said([], edit(kept(), "database", "engineVersion", version))[0]).toEqual(unknown);
    }
  });

  it("are those of its own region, whatever the group of another is called", () => {
    const { parameters } = kept();
    if (parameters === undefined) throw new Error("the example has parameters");
    const far = part(parameters.type, "far", parameters.props, there);
    expect(messages({ ...without(kept(), "parameters"), far })).toHaveLength(1);
  });

  it("are of its major version", () => {
    const must =
      "family of ParameterGroup nucleus-parameters must be postgres16, as engineVersion of the database says";
    expect(messages(edit(kept(), "database", "engineVersion", "16.4"))).toEqual([
      `${must}, got postgres15: RDS refuses the pair`,
    ]);
    expect(messages(edit(kept(), "parameters", "family", UNKNOWN))).toEqual([
      "family of ParameterGroup nucleus-parameters is not known before deployment",
    ]);
  });

  it("of a replica count once it is promoted", () => {
    const off = edit(kept(), "replica", "parameterGroupName", "far");
    const lax = [{ name: "synchronous_commit", value: "off" }];
    const props = { name: "far", family: "postgres15", parameters: lax };
    const far = part("aws:rds/parameterGroup:ParameterGroup", "far", props, there);
    expect(messages({ ...off, far })).toEqual([
      "once it is promoted: synchronous_commit is off: Instance nucleus-replica acknowledges commits before they are durable",
    ]);
  });
});

describe("the storage of an instance", () => {
  // The asset has 10 GB; 10 GiB are more.
  it.each<[string, Value, Value, string[]]>([
    ["is enough", 10, undefined, []],
    ["is too small", 9, undefined, ["Instance nucleus-instance must hold 10.00 GB, it is 9.66 GB"]],
    ["grows by itself", 9, 10, []],
    ["does not grow far enough", 5, 9, ["Instance nucleus-instance must hold 10.00 GB, it is 9.66 GB"]],
    ["is not said", undefined, undefined, ["Instance nucleus-instance: it names no storage"]],
    [
      "is not known",
      UNKNOWN,
      undefined,
      ["Instance nucleus-instance: allocatedStorage of Instance nucleus-instance is not known before deployment"],
    ],
  ])("%s", (_, storage, most, said) => {
    const parts = edit(edit(kept(), "database", "allocatedStorage", storage), "database", "maxAllocatedStorage", most);
    expect(findings(parts, "volumes-hold-their-data").map(({ message }) => message)).toEqual(said);
  });

  it("of a replica is that of what it copies, unless it grows less far", () => {
    const grows = (most: Value) => edit(kept(), "replica", "maxAllocatedStorage", most);
    expect(findings(grows(undefined), "volumes-hold-their-data")).toEqual([]);
    expect(findings(grows(9), "volumes-hold-their-data")).toHaveLength(1);
  });
});

describe("the windows of an instance", () => {
  const said = (backup: Value, maintenance: Value) =>
    messages(edit(edit(kept(), "database", "backupWindow", backup), "database", "maintenanceWindow", maintenance));

  it.each<[string, string, string]>([
    ["one ends as the other begins", "01:30-02:00", "sun:02:00-sun:06:00"],
    ["one begins as the other ends", "06:00-06:30", "sun:02:00-sun:06:00"],
    ["one goes over midnight into another day", "23:30-00:30", "mon:01:00-mon:02:00"],
  ])("may follow each other: %s", (_, backup, maintenance) => {
    expect(said(backup, maintenance)).toEqual([]);
  });

  it.each<[string, string, string]>([
    ["a minute of one is in the other", "01:31-02:01", "sun:02:00-sun:06:00"],
    ["one is inside the other", "03:00-03:30", "Sun:02:00-Sun:06:00"],
    ["both go over the end of the week", "23:45-00:15", "sat:23:30-sun:00:30"],
    ["the backup of Saturday ends on Sunday", "23:45-00:15", "sun:00:00-sun:00:30"],
    ["the work of Saturday ends on Sunday", "00:10-00:40", "sat:23:30-sun:00:30"],
  ])("must not meet: %s", (_, backup, maintenance) => {
    expect(said(backup, maintenance)).toEqual([
      `backupWindow ${backup} of Instance nucleus-instance meets its maintenanceWindow ${maintenance}: a snapshot would wait for the work, or the work for it`,
    ]);
  });

  it("are picked by AWS where nobody says them, and cannot be proven to be apart where one is not known", () => {
    const unsaid = (property: string) =>
      `${property} of Instance nucleus-instance must be said, got nothing: AWS picks one of its own, and nothing shows that its backups and its maintenance do not meet`;
    expect(said("03:00-03:30", undefined)).toEqual([unsaid("maintenanceWindow")]);
    expect(said(undefined, "sun:02:00-sun:06:00")).toEqual([unsaid("backupWindow")]);
    expect(said(undefined, undefined)).toEqual([unsaid("backupWindow")]);
    expect(said(UNKNOWN, "sun:02:00-sun:06:00")).toEqual([
      "backupWindow of Instance nucleus-instance is not known before deployment",
    ]);
    for (const [backup, maintenance] of [
      ["at night", "sun:02:00-sun:06:00"],
      ["03:00-03:30", "someday:02:00-sun:06:00"],
      ["03:00-03:30", "xyz:02:00-sun:06:00"],
    ] as const) {
      expect(said(backup, maintenance)).toEqual([
        `the windows of Instance nucleus-instance must be such as 03:00-03:30 and sun:04:00-sun:05:00, got ${backup} and ${maintenance}`,
      ]);
    }
  });
});

describe("the maintenance window of an instance", () => {
  const windowOf = (value: Value, name = "database") =>
    read(edit(kept(), name, "maintenanceWindow", value)).plan.safeguards.find(
      ({ source }) => source.resource === kept()[name]?.urn,
    );

  it("is planned work on the asset, every week in UTC", () => {
    expect(windowOf("sun:04:30-sun:05:30")).toMatchObject({
      kind: "maintenance",
      name: "maintenanceWindow of Instance nucleus-instance",
      schedule: { scheduler: "aws", expression: "cron(30 4 ? * SUN *)", timeZone: "Etc/UTC" },
      suspended: false,
      startSlack: { value: 0 },
      run: { value: 3_600 },
      apartFrom: [asset],
    });
    expect(windowOf("Sat:23:45-sun:00:15", "replica")).toMatchObject({
      schedule: { expression: "cron(45 23 ? * SAT *)" },
      run: { value: 1_800 },
    });
  });

  it.each<[string, Value]>([
    ["not said", undefined],
    ["not known", UNKNOWN],
    ["none", "at night"],
  ])("cannot be told where it is %s", (_, value) => {
    const unknown = { unknown: expect.any(String) };
    expect(windowOf(value)).toMatchObject({ schedule: unknown, run: { value: unknown } });
  });

  it("must not be that of the replica: of the two one can always be used", () => {
    const both = edit(kept(), "replica", "maintenanceWindow", "sun:05:59-sun:06:29");
    expect(findings(both, "runs-do-not-overlap").map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^maintenanceWindow of Instance nucleus-instance must not run beside maintenanceWindow of Instance nucleus-replica: /,
      ),
    ]);
    expect(findings(kept(), "runs-do-not-overlap")).toEqual([]);
  });
});

describe("a recovery that names its protection", () => {
  const annotation = 'metadata.annotations["holdfast.dev/protection"]';

  it("must know the instance, by a dependency or in its environment", () => {
    const { back } = kept();
    if (back === undefined) throw new Error("the example restores in time");
    const blind = { ...kept(), back: step("restore-in-time", "corruption", "point-in-time", "other") };
    expect(messages(blind)).toEqual([
      "path restore-in-time recovers from point-in-time, but no step of it depends on Instance nucleus-instance or names it in its environment",
    ]);
    const urn = kept().database?.urn ?? "";
    const bound = { ...blind.back, propertyDependencies: { spec: [urn] } };
    expect(messages({ ...blind, back: bound })).toEqual([]);
  });

  it.each<[string, Value]>([
    ["that the asset does not have", "tapes"],
    ["that is what the instance does by itself", "redundancy"],
  ])("cannot name one %s", (_, name) => {
    expect(messages(edit(kept(), "back", annotation, name))).toEqual([
      `holdfast.dev/protection of CronJob restore-in-time-step names no protection of ${asset}, or one that is not known before deployment`,
    ]);
  });

  it("has one of them", () => {
    const second = step("restore-in-time", "corruption", "replicated-backups");
    const both = {
      ...kept(),
      second: { ...edit({ second }, "second", "metadata.name", "second-step").second } as typeof second,
    };
    const two = edit(both, "second", 'metadata.annotations["holdfast.dev/step"]', "again");
    expect(messages(two)).toContain(
      "the steps of path restore-in-time recover from point-in-time and from replicated-backups: each path has one protection",
    );
  });
});
