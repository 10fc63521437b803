import { UNKNOWN, type Value } from "../../../policies/graph";
import { add, all, append, change, type Mutation, set, unset, without } from "../mutate";

type Weaker = [title: string, mutation: Mutation, rule: string, says: string[]];

const bucket = "omendb-backups-bucket";
const lock = "omendb-backups-lock";
const lifecycle = "omendb-backups-lifecycle";
const policy = "omendb-backups-policy";
const encryption = "omendb-backups-encryption";
const near = "omendb-primary-alerts-rules";
const far = "omendb-secondary-alerts-rules";
const nearRoutes = "omendb-primary-alerts-routes";
const farRoutes = "omendb-secondary-alerts-routes";
const probe = "omendb-secondary-probe-probe";
const drill = "omendb-secondary-drill-cron";
const verify = "omendb-primary-verify-cron";
const database = "omendb-primary-database-deployment";

/** Replaces a text wherever a property of a resource has it. */
function reword(name: string, path: string, from: string | RegExp, to: string): Mutation {
  return change(name, path, (value) => {
    const walk = (one: Value): Value => {
      if (typeof one === "string") return one.replace(from, to);
      if (Array.isArray(one)) return one.map(walk);
      if (typeof one !== "object" || one === null) return one;
      return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, walk(inner)]));
    };
    const changed = walk(value);
    if (JSON.stringify(changed) === JSON.stringify(value)) throw new Error(`${name} nowhere says ${from}`);
    return changed;
  });
}

/** Changes one alert of a rule resource. */
function alert(
  rules: string,
  name: string,
  to: (rule: { [key: string]: Value }) => { [key: string]: Value },
): Mutation {
  return change(rules, "spec.groups", (groups) =>
    (groups as readonly { rules: readonly { [key: string]: Value }[] }[]).map((group) => ({
      ...group,
      rules: group.rules.map((rule) => (rule.alert === name ? to(rule) : rule)),
    })),
  );
}

const expr = (rules: string, name: string, to: (expression: string) => string): Mutation =>
  alert(rules, name, (rule) => ({ ...rule, expr: to(String(rule.expr)) }));
const told = (rules: string, name: string, labels: { [key: string]: Value }): Mutation =>
  alert(rules, name, (rule) => ({ ...rule, labels }));
const dropped = (rules: string, name: string): Mutation => alert(rules, name, (rule) => ({ ...rule, annotations: {} }));

const stale = (to: (expression: string) => string): Mutation =>
  all(expr(near, "OmenDBRestorePointLate", to), expr(near, "OmenDBRestorePointStale", to));

/** Adds a branch before all others of the routes. */
function routedFirst(routes: string, branch: { [key: string]: Value }): Mutation {
  return change(routes, "spec.route.routes", (list) => [branch, ...(list as readonly Value[])]);
}

const critical = [{ name: "severity", matchType: "=", value: "critical" }];
const statement = (Action: string) => ({
  Effect: "Deny",
  Principal: "*",
  Action,
  Resource: "arn:aws:s3:::company-omendb-prod-backups/*",
});
const withStatement = (one: Value): Mutation =>
  change(policy, "policy", (text) => {
    const parsed = JSON.parse(String(text)) as { Statement: Value[] };
    return JSON.stringify({ ...parsed, Statement: [...parsed.Statement, one] });
  });

/** Buckets that are weaker than they look. */
const buckets: Weaker[] = [
  [
    "a second lock of one day",
    add(lock, "second-lock", { rule: { defaultRetention: { mode: "COMPLIANCE", days: 1 } } }),
    "a-copy-cannot-be-deleted",
    ["locked 24h"],
  ],
  [
    "a second lock in governance mode",
    add(lock, "second-lock", { rule: { defaultRetention: { mode: "GOVERNANCE", days: 45 } } }),
    "links-resolve",
    ["omendb-backups-lock and second-lock", "the weaker counts"],
  ],
  [
    "a second lifecycle of one day",
    add(lifecycle, "second-lifecycle", { rules: [{ id: "all", status: "Enabled", expiration: { days: 1 } }] }),
    "restore-points-are-kept",
    ["kept"],
  ],
  [
    "versioning suspended by a second resource",
    add("omendb-backups-versioning", "second", { versioningConfiguration: { status: "Suspended" } }),
    "a-copy-cannot-be-deleted",
    ["no lock"],
  ],
  [
    "a lifecycle of a bucket that nobody knows",
    add(lifecycle, "stray", { bucket: UNKNOWN, rules: [{ id: "all", status: "Enabled", expiration: { days: 1 } }] }),
    "links-resolve",
    ["may settle the lifecycle of any bucket"],
  ],
  [
    "rules of the bucket itself that expire everything in one day",
    set(bucket, "lifecycleRules", [{ id: "all", enabled: true, expiration: { days: 1 } }]),
    "links-resolve",
    ["Bucket omendb-backups-bucket itself and omendb-backups-lifecycle", "lifecycle differently"],
  ],
  [
    "a lock of the bucket itself in governance mode",
    set(bucket, "objectLockConfiguration", {
      objectLockEnabled: "Enabled",
      rule: { defaultRetention: { mode: "GOVERNANCE", days: 1 } },
    }),
    "a-copy-cannot-be-deleted",
    ["governance"],
  ],
  [
    "a key of our own, said by the bucket itself",
    set(bucket, "serverSideEncryptionConfiguration", {
      rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:aws:kms:key" } },
    }),
    "a-copy-cannot-be-deleted",
    ["needs its key"],
  ],
  [
    "an archive from which nothing comes back for hours",
    set(lifecycle, "rules[0].transitions", [{ days: 0, storageClass: "GLACIER" }]),
    "restore-points-are-kept",
    ["kept 0s"],
  ],
  [
    "an archive for older versions",
    append(lifecycle, "rules", {
      id: "archive",
      status: "Enabled",
      noncurrentVersionTransitions: [{ noncurrentDays: 0, storageClass: "DEEP_ARCHIVE" }],
      expiration: { days: 5 },
    }),
    "restore-points-are-kept",
    ["kept 5d"],
  ],
  [
    "an expiry of other objects than the points",
    set(lifecycle, "rules[0].filter.prefix", "tmp/"),
    "restore-points-are-kept",
    ["must be deleted", "unbounded"],
  ],
  [
    "an expiry of tagged objects only",
    set(lifecycle, "rules[0].filter", { tag: { key: "a", value: "b" } }),
    "restore-points-are-kept",
    ["must be deleted", "unbounded"],
  ],
  [
    "a policy that lets nobody write",
    withStatement(statement("s3:PutObject")),
    "links-resolve",
    ["no restore point reaches", "denies s3:PutObject"],
  ],
  [
    "a policy that lets nobody read",
    withStatement(statement("s3:Get*")),
    "rpo-is-met",
    ["it cannot read", "denies s3:GetObject"],
  ],
  [
    "a policy without the clean room",
    change(policy, "policy", (text) => String(text).replaceAll("222222222222", "999999999999")),
    "rpo-is-met",
    ["compromise", "222222222222"],
  ],
  ["no policy at all", without(policy), "rpo-is-met", ["compromise", "no policy lets read"]],
  ["a policy that is not known", set(policy, "policy", UNKNOWN), "rpo-is-met", ["compromise", "not known"]],
  [
    "a key of AWS, which no other account can use",
    set(encryption, "rules[0].applyServerSideEncryptionByDefault", { sseAlgorithm: "aws:kms" }),
    "rpo-is-met",
    ["compromise", "222222222222 cannot use"],
  ],
];

/** Alerts that reach nobody, or too late. */
const routes: Weaker[] = [
  [
    "routes of another namespace",
    set(farRoutes, "metadata.namespace", "other"),
    "rto-is-met",
    ["region", "no AlertmanagerConfig of namespace omendb-prod"],
  ],
  [
    "alerts without the label by which routes get them",
    told(far, "OmenDBRegionLost", { severity: "critical", team: "on-call" }),
    "rto-is-met",
    ["region", "no label namespace"],
  ],
  ["no receivers", set(farRoutes, "spec.receivers", []), "rto-is-met", ["primary-on-call is not among the receivers"]],
  [
    "receivers that send nothing",
    all(
      unset(farRoutes, "spec.receivers[0].webhookConfigs"),
      unset(farRoutes, "spec.receivers[0].slackConfigs"),
      unset(farRoutes, "spec.receivers[1].emailConfigs"),
      unset(farRoutes, "spec.receivers[1].slackConfigs"),
    ),
    "rto-is-met",
    ["sends nothing"],
  ],
  [
    "a first route that swallows what is critical",
    all(
      routedFirst(farRoutes, { receiver: "nobody", matchers: critical }),
      append(farRoutes, "spec.receivers", { name: "nobody" }),
    ),
    "rto-is-met",
    ["receiver nobody sends nothing"],
  ],
  [
    "a first route that may swallow what its series say",
    all(
      routedFirst(farRoutes, { receiver: "nobody", matchers: [{ name: "job", matchType: "=~", value: ".*" }] }),
      append(farRoutes, "spec.receivers", { name: "nobody" }),
    ),
    "rto-is-met",
    ["receiver nobody sends nothing"],
  ],
  [
    "routes that are silent at night",
    all(
      set(farRoutes, "spec.route.routes[3].muteTimeIntervals", ["nights"]),
      set(farRoutes, "spec.route.routes[6].activeTimeIntervals", ["days"]),
    ),
    "rto-is-met",
    ["silent at times"],
  ],
  [
    "everything inhibited by the watchdog",
    set(farRoutes, "spec.inhibitRules", [
      { sourceMatch: [{ name: "alertname", value: "HoldfastWatchdog" }], targetMatch: critical },
    ]),
    "rto-is-met",
    ["inhibits"],
  ],
  [
    "routes of which one leads nowhere: the operator refuses them all",
    set(farRoutes, "spec.route.receiver", "nobody"),
    "rto-is-met",
    ["receiver nobody is not among the receivers"],
  ],
  [
    "a watchdog that never fires",
    expr(near, "HoldfastWatchdog", () => "vector(0) == 1"),
    "each-objective-has-an-alert",
    ["alerting that stopped", "vector(1)"],
  ],
  [
    "no watchdog beside what notices a lost region",
    dropped(far, "HoldfastWatchdog"),
    "each-objective-has-an-alert",
    ["alerting that stopped in eu-west-1"],
  ],
  [
    "a heartbeat without an address",
    unset(nearRoutes, "spec.receivers[5].webhookConfigs"),
    "each-objective-has-an-alert",
    ["alerting that stopped", "heartbeat sends nothing"],
  ],
  [
    "a watchdog that writes mails",
    set(nearRoutes, "spec.route.routes[0].receiver", "security-team"),
    "each-objective-has-an-alert",
    ["alerting that stopped", "no webhook"],
  ],
];

/** Alerts whose expressions notice less than they say. */
const expressions: Weaker[] = [
  [
    "a threshold compared again",
    stale((text) => text.replace(/> (\d+)/, "> $1 > 99999")),
    "links-resolve",
    ["its expr is not of the form"],
  ],
  [
    "a threshold around the whole",
    stale((text) => `(${text}) > 99999999`),
    "links-resolve",
    ["its expr is not of the form"],
  ],
  [
    "an age multiplied by nothing",
    stale((text) => text.replace(/(\}\)) >/, "$1 * 0 >")),
    "links-resolve",
    ["its expr is not of the form"],
  ],
  [
    "an AND in capitals",
    stale((text) => `${text} AND on() vector(0) == 1`),
    "links-resolve",
    ["its expr is not of the form"],
  ],
  [
    "an expression in a comment",
    stale((text) => `vector(0) == 1 # ${text}`),
    "links-resolve",
    ["its expr is not of the form"],
  ],
  [
    "absence in a comment",
    all(
      stale((text) => text.replace(" or ", " # or ")),
      expr(near, "OmenDBFullBackupOverdue", (text) => text.replace(" or ", " # or ")),
    ),
    "each-objective-has-an-alert",
    ["not measured at all"],
  ],
  [
    "freshness watched where nothing is pushed",
    (graph) => {
      const other = graph.resources.find(({ name }) => name === far)?.provider;
      if (other === undefined) throw new Error(`${far} names no provider`);
      return { resources: graph.resources.map((one) => (one.name === near ? { ...one, provider: other } : one)) };
    },
    "each-objective-has-an-alert",
    ["another cluster than the jobs"],
  ],
  [
    "freshness that wakes nobody",
    alert(near, "OmenDBRestorePointStale", (rule) => ({
      ...rule,
      labels: { ...(rule.labels as object), severity: "warning" },
    })),
    "each-objective-has-an-alert",
    ["age of its newest restore point", "critical"],
  ],
  [
    "a verification that is overdue after ten years",
    expr(near, "OmenDBVerificationOverdue", (text) => text.replace(/> \d+/, "> 315360000")),
    "each-objective-has-an-alert",
    ["overdue verification", "3650d"],
  ],
  [
    "a drill that is overdue after ten years",
    expr(far, "OmenDBDrillOverdue", (text) => text.replace(/> \d+/, "> 315360000")),
    "each-objective-has-an-alert",
    ["an overdue drill", "3650d"],
  ],
  [
    "a drill whose alert waits for months",
    alert(far, "OmenDBDrillOverdue", (rule) => ({ ...rule, for: "2000h" })),
    "each-objective-has-an-alert",
    ["an overdue drill", "92d"],
  ],
  [
    "a verification alert about nothing",
    expr(near, "OmenDBVerificationOverdue", () => "vector(0) == 1 or absent(up)"),
    "each-objective-has-an-alert",
    ["overdue verification", "not of the form"],
  ],
  [
    "a verification alert about the audit",
    expr(near, "OmenDBVerificationOverdue", (text) => text.replaceAll("omendb-verify", "omendb-audit")),
    "each-objective-has-an-alert",
    ["overdue verification", "omendb-verify"],
  ],
  [
    "no verification alert, and one on the audit that says it is",
    all(
      dropped(near, "OmenDBVerificationOverdue"),
      alert(near, "OmenDBAuditOverdue", (rule) => ({
        ...rule,
        annotations: { ...(rule.annotations as object), holdfast_guards: "verification" },
      })),
    ),
    "each-objective-has-an-alert",
    ["overdue verification", "OmenDBAuditOverdue"],
  ],
  [
    "absence of something else than the drill",
    expr(far, "OmenDBDrillOverdue", (text) => text.replace(/absent\(.*\)/, "absent(up)")),
    "each-objective-has-an-alert",
    ["an overdue drill is not measured at all"],
  ],
  [
    "a lost region that no expression asks for",
    expr(far, "OmenDBRegionLost", () => "vector(0) == 1"),
    "rto-is-met",
    ["region", "not of the form"],
  ],
  [
    "a lost region that stays silent without its series",
    expr(far, "OmenDBRegionLost", (text) => text.replace(/ or absent.*/, "")),
    "rto-is-met",
    ["region", "stays silent"],
  ],
  [
    "an expression that is not known",
    alert(far, "OmenDBRegionLost", (rule) => ({ ...rule, expr: UNKNOWN })),
    "rto-is-met",
    ["region", "not known"],
  ],
  [
    "a probe of another name than the alert's",
    set(probe, "spec.jobName", "other"),
    "rto-is-met",
    ["region", "no monitor of omendb/data"],
  ],
  [
    "a lost region that wakes nobody",
    alert(far, "OmenDBRegionLost", (rule) => ({ ...rule, labels: { ...(rule.labels as object), severity: "none" } })),
    "rto-is-met",
    ["region", "wakes nobody"],
  ],
];

/** Rehearsals that are none, and stores that nobody promised anything about. */
const others: Weaker[] = [
  ["a drill each year", set(drill, "spec.schedule", "0 5 1 1 *"), "recovery-is-rehearsed", ["omendb-drill", "366d"]],
  ["a drill on 29 February", set(drill, "spec.schedule", "0 5 29 2 *"), "recovery-is-rehearsed", ["omendb-drill"]],
  [
    "a verification each year",
    set(verify, "spec.schedule", "0 5 1 1 *"),
    "verification-comes-before-expiry",
    ["omendb-verify"],
  ],
  [
    "a drill without an end",
    unset(drill, "spec.jobTemplate.spec.activeDeadlineSeconds"),
    "recovery-is-rehearsed",
    ["omendb-drill", "activeDeadlineSeconds"],
  ],
  [
    "a drill that may never start",
    set(drill, "spec.startingDeadlineSeconds", 5),
    "recovery-is-rehearsed",
    ["omendb-drill", "below 10"],
  ],
  [
    "another workload that keeps data on its node",
    add(database, "other", {
      metadata: { name: "other", namespace: "omendb-prod" },
      spec: {
        template: {
          spec: {
            containers: [{ name: "other", volumeMounts: [{ name: "data", mountPath: "/data" }] }],
            volumes: [{ name: "data", hostPath: { path: "/var/lib/other" } }],
          },
        },
      },
    }),
    "data-stores-have-objectives",
    ["/var/lib/other", "Deployment other"],
  ],
  ...[
    "aws:rds/instance:Instance",
    "aws:dynamodb/table:Table",
    "aws:efs/fileSystem:FileSystem",
    "azure-native:storage/v20240101:StorageAccount",
    "azure-native:sql:Database",
  ].map(
    (type): Weaker => [
      `a store of type ${type}`,
      add(bucket, "other-store", { bucket: undefined }, type),
      "data-stores-have-objectives",
      ["other-store"],
    ],
  ),
];

/** What weakens how production is watched, where its copies are and what is rehearsed. */
export const watching: Weaker[] = [...buckets, ...routes, ...expressions, ...others];

/** What adds to how production is watched, and takes nothing away. */
export const watchingHarmless: [title: string, mutation: Mutation][] = [
  [
    "a slow route for warnings",
    all(
      routedFirst(nearRoutes, {
        receiver: "database-team",
        groupWait: "1h",
        matchers: [{ name: "severity", value: "warning" }],
      }),
      routedFirst(farRoutes, {
        receiver: "database-team",
        groupWait: "1h",
        matchers: [{ name: "severity", value: "warning" }],
      }),
    ),
  ],
  [
    "slow routes of another namespace",
    add(farRoutes, "others", {
      metadata: { name: "others", namespace: "others" },
      spec: { route: { receiver: "nobody", groupWait: "12h" }, receivers: [] },
    }),
  ],
  [
    "warnings inhibited by what is critical",
    set(farRoutes, "spec.inhibitRules", [
      { sourceMatch: critical, targetMatch: [{ name: "severity", value: "warning" }] },
    ]),
  ],
  ["an expression on several lines with a comment", stale((text) => `# the age\n${text.replace(" or ", "\n  OR\n")}`)],
  ["the bucket's own view of its settings", set(bucket, "versioning", { enabled: false })],
  [
    "a policy that refuses old versions of TLS",
    withStatement({ ...statement("s3:*"), Condition: { NumericLessThan: { "s3:TlsVersion": 1.2 } } }),
  ],
  [
    "a table that the asset's tag covers",
    add(
      bucket,
      "table",
      { bucket: undefined, tags: { "holdfast.dev/asset": "omendb/data" } },
      "aws:dynamodb/table:Table",
    ),
  ],
  ["an alert of another team about nothing of ours", reword(near, "spec.groups[0].name", "omendb", "omendb-and-more")],
];
