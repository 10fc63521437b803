import { UNKNOWN, type Value } from "../../../policies/graph";
import { all, type Mutation, set, unset, without } from "../mutate";

const step = (name: string) => `omendb-restore-in-secondary-${name}`;
const clean = (name: string) => `omendb-restore-clean-${name}`;
const room = (name: string) => `omendb-rebuild-in-clean-room-${name}`;
const said = (key: string) => `metadata.annotations["holdfast.dev/${key}"]`;
const job = "spec.jobTemplate.spec";
const pod = "spec.template.spec";

const incremental = "omendb-primary-backup-incremental-cron";
const standby = "omendb-secondary-database-deployment";
const claims = "omendb-primary-database-claims";
const farClaims = "omendb-secondary-database-claims";
const steps = ["activate", "deploy", "find", "restore", "start", "verify", "dns", "resume"];
const kit = "omendb-kit-manifests";

/** A property of a resource as a function of what it is. */
function change(name: string, path: string, how: (value: Value) => Value): Mutation {
  return (graph) => {
    const resource = graph.resources.find((one) => one.name === name);
    const value = path.split(".").reduce<Value>((at, key) => (at as Record<string, Value>)[key], resource?.props ?? {});
    return set(name, path, how(value))(graph);
  };
}

/** An entry more in a list of the register. */
function registered(list: string, entry: Value): Mutation {
  return change("register", list, (entries) => [...((entries ?? []) as readonly Value[]), entry]);
}

/** What the register says of one site, changed. */
function site(name: string, more: Record<string, Value>): Mutation {
  return change("register", "sites", (sites) =>
    (sites as readonly Record<string, Value>[]).map((one) => (one.name === name ? { ...one, ...more } : one)),
  );
}

/** An environment value of the only container of a job. */
function environment(name: string, variable: string, to: string): Mutation {
  return change(
    name,
    `${job}.template.spec.containers`,
    (containers) =>
      (containers as readonly { env: readonly { name: string }[] }[]).map((container) => ({
        ...container,
        env: container.env.map((one) => (one.name === variable ? { ...one, value: to } : one)),
      })) as Value,
  );
}

const provider =
  (name: string, more: Record<string, Value>): Mutation =>
  (graph) => ({
    resources: graph.resources.map((one) => ({
      ...one,
      ...(one.name === name ? { props: { ...one.props, ...more } } : {}),
      ...(one.provider?.name === name
        ? { provider: { ...one.provider, props: { ...one.provider.props, ...more } } }
        : {}),
    })),
  });

const drill = (more: Record<string, Value>): Mutation =>
  registered("drills", {
    id: "last",
    asset: "omendb/data",
    path: "restore-in-secondary",
    date: "2026-11-20",
    took: "20m",
    bytes: 3_432_000_000,
    verified: true,
    ...more,
  });

const waiver = (more: Record<string, Value>): Mutation =>
  registered("waivers", {
    rule: "rto-is-met",
    asset: "omendb/data",
    owner: "me",
    reason: "later",
    ticket: "X-1",
    expires: "2027-03-01",
    ...more,
  });

/** What weakens the recoveries of production, and what they need, or what the register says of them. */
export const weakerRecovery: [title: string, mutation: Mutation, rule: string, says: string[]][] = [
  [
    "a schedule of 31 February",
    set(incremental, "spec.schedule", "0 0 31 2 *"),
    "schedules-run",
    ["0 0 31 2 *", "never runs"],
  ],
  [
    "a size that is a list of something unknown",
    set(`${claims}-omendb-data`, "spec.resources.requests.storage", [UNKNOWN]),
    "volumes-hold-their-data",
    ["not a quantity"],
  ],
  [
    "a deadline of almost 2^53 s and retries",
    all(
      set(incremental, `${job}.activeDeadlineSeconds`, Number.MAX_SAFE_INTEGER),
      set(incremental, `${job}.backoffLimit`, Number.MAX_SAFE_INTEGER),
    ),
    "runs-are-bounded",
    ["a whole number up to"],
  ],
  [
    "a lost region without a restore",
    all(without(step("restore")), set(step("start"), said("after"), "find")),
    "restores-fit-their-deadline",
    ["restore in secondary", "none of its steps restores anything"],
  ],
  [
    "a restore that does not say that it restores",
    unset(step("restore"), said("effect")),
    "rpo-is-met",
    ["region", "none of its steps restores anything"],
  ],
  [
    "only stopping writes after corruption",
    all(
      ...["scope", "find-clean", "restore", "start", "replay", "validate", "resume"].map((one) => without(clean(one))),
    ),
    "restores-fit-their-deadline",
    ["restore clean", "stop-writes"],
  ],
  [
    "only the first step in the clean room",
    all(...steps.slice(1).map((one) => without(room(one)))),
    "restores-fit-their-deadline",
    ["rebuild in clean room", "activate"],
  ],
  [
    "all steps at once",
    all(...steps.slice(1).map((one) => unset(step(one), said("after")))),
    "links-resolve",
    ["restore-in-secondary", "may run at the same time as restore"],
  ],
  [
    "a restore that waits for nothing",
    unset(step("restore"), said("after")),
    "links-resolve",
    ["activate, deploy, find"],
  ],
  [
    "clients sent there before it is verified",
    set(step("dns"), said("after"), "start"),
    "links-resolve",
    ["dns sends clients there before verify"],
  ],
  [
    "no verification before clients come",
    all(without(step("verify")), set(step("dns"), said("after"), "start")),
    "links-resolve",
    ["restore-in-secondary", "none has the effect verifies"],
  ],
  [
    "no validation after corruption",
    all(without(clean("validate")), set(clean("resume"), said("after"), "replay")),
    "links-resolve",
    ["restore-clean", "none has the effect verifies"],
  ],
  [
    "verified before it is restored",
    all(
      set(step("start"), said("after"), "find"),
      set(step("restore"), said("after"), "dns"),
      set(step("resume"), said("after"), "restore"),
    ),
    "links-resolve",
    ["verify verifies before restore has restored"],
  ],
  [
    "clients that stay in the lost region",
    unset(step("dns"), said("redirects")),
    "links-resolve",
    ["clients would stay"],
  ],
  [
    "no step that sends clients elsewhere",
    all(without(step("dns")), set(step("resume"), said("after"), "verify")),
    "links-resolve",
    ["restore-in-secondary", "which name it repoints"],
  ],
  [
    "a restore from another bucket",
    environment(step("restore"), "BUCKET", "another"),
    "links-resolve",
    ["company-omendb-prod-backups", step("restore")],
  ],
  [
    "steps at a site that their provider does not reach",
    set(step("restore"), said("runs-at"), "primary"),
    "links-resolve",
    ["runs at site primary", "elsewhere"],
  ],
  ["no standby", without(standby), "links-resolve", ["restore-in-secondary", "0 replicas"]],
  ["a standby that does not say so", unset(standby, said("asset")), "links-resolve", ["restore-in-secondary"]],
  ["a standby that runs", set(standby, "spec.replicas", 3), "links-resolve", ["must have 0 replicas"]],
  ["a standby without a Lease", unset(standby, said("lease")), "links-resolve", ["names no Lease"]],
  [
    "no Lease for the standby",
    without("omendb-secondary-database-lease"),
    "links-resolve",
    ["Deployment prod-omendb", "holdfast.dev/lease", "names no Lease"],
  ],
  [
    "a standby in another namespace",
    set(standby, "metadata.namespace", "other"),
    "links-resolve",
    ["restore-in-secondary"],
  ],
  [
    "a standby on a storage class that its site does not have",
    set(`${farClaims}-omendb-data`, "spec.storageClassName", "local"),
    "links-resolve",
    ["site secondary", "storage class local"],
  ],
  [
    "a standby that forgets what it is given",
    change(
      standby,
      `${pod}.volumes`,
      (volumes) =>
        (volumes as readonly { name: string }[]).map(({ name, ...rest }) =>
          name === "data" ? { name, emptyDir: {} } : { name, ...rest },
        ) as Value,
    ),
    "links-resolve",
    ["volume data lives and dies with its pod"],
  ],
  [
    "no claims for the standby",
    all(...["data", "wal"].map((one) => without(`${farClaims}-omendb-${one}`))),
    "links-resolve",
    ["volume data", "Deployment prod-omendb", "names no claim"],
  ],
  ["no recovery kit", without(kit), "links-resolve", ["path rebuild-in-clean-room", "holdfast.dev/kit"]],
  ["no users in the recovery kit", without("omendb-kit-users"), "links-resolve", ["holdfast.dev/kit"]],
  ["a recovery kit that can be deleted", unset(kit, "objectLockMode"), "links-resolve", ["COMPLIANCE"]],
  [
    "a recovery kit whose lock has ended",
    set(kit, "objectLockRetainUntilDate", "2026-11-19T00:00:00Z"),
    "links-resolve",
    ["its lock ended on 2026-11-19"],
  ],
  ["an empty recovery kit", set(kit, "content", "{}"), "links-resolve", ["rebuild-in-clean-room", "CronJobs"]],
  [
    "a clean room that needs no kit",
    all(...steps.map((one) => unset(room(one), said("kit")))),
    "links-resolve",
    ["rebuild-in-clean-room", "holdfast.dev/kit"],
  ],
  ...(
    [
      ["suspend", true],
      ["parallelism", 0],
      ["completions", 0],
      ["activeDeadlineSeconds", 0],
      ["managedBy", "example.com/other"],
    ] as const
  ).map(([property, value]): (typeof weakerRecovery)[number] => [
    `a backup that does nothing: ${property}`,
    set(incremental, `${job}.${property}`, value),
    "links-resolve",
    [property, "no run ever does anything"],
  ]),
  ["a drill of one byte", drill({ bytes: 1 }), "recovery-is-rehearsed", ["less than a tenth"]],
  [
    "a drill that does not say of how much",
    drill({ bytes: 0 }),
    "links-resolve",
    ["bytes must be a whole number from 1"],
  ],
  ["a drill that took too long", drill({ took: "99h" }), "recovery-is-rehearsed", ["took 4d 3h"]],
  [
    "a drill that is too long for all of the data",
    drill({ bytes: 343_200_000, took: "30m" }),
    "recovery-is-rehearsed",
    ["5h", "for all of its data"],
  ],
  ["a drill of another path", drill({ path: "prayer" }), "links-resolve", ["path prayer"]],
  ["a drill of another asset", drill({ asset: "omendb/other" }), "links-resolve", ["omendb/other"]],
  [
    "a waiver of what does not resolve",
    all(without(kit), waiver({ rule: "links-resolve" })),
    "links-resolve",
    ["holdfast.dev/kit"],
  ],
  ["a waiver of no rule", waiver({ rule: "all-is-well" }), "links-resolve", ["there is no such rule"]],
  ["a waiver of no asset", waiver({ asset: "omendb/other" }), "links-resolve", ["omendb/other"]],
  ["a waiver for ever", waiver({ expires: "2099-01-01" }), "links-resolve", ["366 days"]],
  [
    "assumptions for ever",
    change("register", "assumptions", (entries) =>
      (entries as readonly Record<string, Value>[]).map((entry) => ({ ...entry, expires: "9999-12-31" })),
    ),
    "links-resolve",
    ["366 days"],
  ],
  ["an assumption of nobody", set("register", "assumptions[0].owner", " "), "links-resolve", ["owner must be a text"]],
  [
    "two sites behind one context",
    site("secondary", { context: "prod-eu-central-1" }),
    "links-resolve",
    ["one Kubernetes context"],
  ],
  [
    "one zone under three names",
    site("primary", { zones: ["eu-central-1a", "eu-central-1a"] }),
    "links-resolve",
    ["each zone once"],
  ],
  [
    "a clean room in the account of this program",
    site("clean-room", { account: "111111111111", cloud: "AWS" }),
    "rpo-is-met",
    ["compromise", "reached with credentials of this program"],
  ],
  [
    "a provider that only writes files",
    provider("primary", { renderYamlToDirectory: "out" }),
    "rpo-is-met",
    ["writes files"],
  ],
  [
    "a provider whose context another cluster overrides",
    provider("primary", { cluster: "other" }),
    "rpo-is-met",
    ["names a cluster of its own"],
  ],
  ["no users", without("omendb-primary-users"), "links-resolve", ["Deployment prod-omendb", "names no Secret"]],
  [
    "no certificate",
    without("omendb-primary-database-certificate"),
    "links-resolve",
    ["Deployment prod-omendb", "names no Secret"],
  ],
  ["no job scripts", without("omendb-secondary-jobs"), "links-resolve", ["names no ConfigMap"]],
  [
    "no settings for the standby",
    without("omendb-secondary-config"),
    "links-resolve",
    ["Deployment prod-omendb", "names no ConfigMap"],
  ],
  [
    "no identity for backups",
    without("omendb-primary-backup-account"),
    "links-resolve",
    ["serviceAccountName", "names no ServiceAccount"],
  ],
  ["no scratch for jobs", without(`${claims}-omendb-scratch`), "links-resolve", ["volume scratch", "names no claim"]],
  [
    "a backup as nobody",
    set(incremental, `${job}.template.spec.serviceAccountName`, "nobody"),
    "links-resolve",
    ["serviceAccountName of CronJob omendb-backup-incremental", "names no ServiceAccount"],
  ],
];
