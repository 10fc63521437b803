import type { Meta } from "../../evidence";
import type { Assessment, Candidate, Sum } from "../../recovery/assess/assessment";
import { type Bound, sum } from "../../recovery/bound";
import { duration, isProblem } from "../../recovery/duration";
import type { Finding, Judgement } from "../../recovery/finding";
import { type Disruption, type Limit, type Objective, parseLimit } from "../../recovery/objective";
import type { Asset, Assumption, Place, Plan, RestorePoints, Source, Term } from "../../recovery/plan";

/** Midnight UTC of 21 November 2026, a Saturday. */
export const asOf = Date.UTC(2026, 10, 21) / 1000;

/** What the reports of these tests say about themselves. */
export const meta: Meta = { stack: "prod", program: ".", asOf, engine: "offline", seconds: 2.94, commit: "4fc09e4" };

/** An instant in UTC, in seconds since 1970. */
export function utc(text: string): number {
  return Date.parse(`${text}Z`) / 1000;
}

/** A resource of the made-up program. */
export function from(name: string, property?: string): Source {
  const [kind, id] = name.split(" ");
  return {
    resource: `urn:pulumi:prod::holdfast::kubernetes:${kind}::${id}`,
    name,
    ...(property === undefined ? {} : { property }),
  };
}

/** A number of a verdict. */
export function term(name: string, value: string | Bound, source: Source, more: Partial<Term> = {}): Term {
  return { name, value: typeof value === "string" ? duration(value) : value, grade: "guaranteed", source, ...more };
}

/** Terms with their total. */
export function total(...terms: Term[]): Sum {
  return { total: sum(terms.map(({ value }) => value)), terms };
}

/** A promise as written. */
export function objective(rpo: string, rto: string): Objective {
  return { rpo: limit(rpo), rto: limit(rto), owner: "omendb-oncall", reason: "guide, line 493" };
}

function limit(text: string): Limit {
  const value = parseLimit(text);
  if (isProblem(value)) throw new Error(value.problem);
  return value;
}

const incremental = "CronJob omendb-backup-incremental";
const bucket = from("Bucket omendb-restore-points", "objectLockConfiguration.rule.defaultRetention");
const lease = from("Lease prod-omendb", "spec.leaseDurationSeconds");

const primary: Place = {
  cloud: "aws",
  account: "111111111111",
  region: "eu-central-1",
  zones: ["a", "b", "c"],
  deployed: true,
};

function takeover(started: string): Candidate {
  const none = total(term("acknowledged and not durable", "0s", from("ConfigMap omendb-config", "wal.sync_on_write")));
  return {
    path: "omendb/data:lease-takeover",
    protection: "omendb/data:volume",
    label: "lease takeover",
    rpo: [none, none],
    rto: total(
      term("lease expires", "15s", lease),
      term("database starts", started, from("Lease prod-omendb", "holdfast.dev/start-deadline"), { grade: "measured" }),
    ),
  };
}

function restored(label: string, more: Term[] = [], part?: "before"): Candidate {
  const at = part === undefined ? {} : { part };
  const tail = [
    term("start slack", "10s", from(incremental, "spec.startingDeadlineSeconds"), at),
    term("longest run", "2m", from(incremental, "spec.jobTemplate.spec.activeDeadlineSeconds"), at),
    ...more,
  ];
  return {
    path: `omendb/data:${label.replaceAll(" ", "-")}`,
    protection: "omendb/data:restore-points",
    label,
    rpo: [
      total(term("longest gap between runs", "3m", from(incremental, "spec.schedule"), at), ...tail),
      total(term("longest gap with one failed run", "6m", from(incremental, "spec.schedule"), at), ...tail),
    ],
    rto: total(
      term("OmenDBDown fires", "1m30s", from("PrometheusRule omendb", "spec.groups[0].rules[0].for")),
      term(
        "acknowledge",
        "5m",
        { resource: "register:page", name: "assumption page" },
        { grade: "assumed", assumption: "page" },
      ),
      term(
        "activate the site",
        "5m",
        from("CronJob omendb-restore-activate", "spec.jobTemplate.spec.activeDeadlineSeconds"),
        {
          grade: "assumed",
          assumption: "undrilled-restore",
        },
      ),
      term("restore", "30m", from("CronJob omendb-restore", "spec.jobTemplate.spec.activeDeadlineSeconds"), {
        grade: "assumed",
        assumption: "undrilled-restore",
      }),
      term("DNS answers expire", "1m", from("Record omendb", "ttl")),
    ),
  };
}

function assessment(
  disruption: Disruption,
  promised: Objective,
  chosen: Candidate,
  more: Partial<Assessment> = {},
): Assessment {
  return {
    asset: "omendb/data",
    system: "omendb",
    disruption,
    objective: promised,
    verdict: "proven",
    broken: [],
    chosen,
    others: [],
    dropped: [],
    bindings: {},
    counterexamples: {},
    assumptions: [],
    ...more,
  };
}

const volumeDropped = {
  declared: true,
  unknown: false,
  path: "omendb/data:lease-takeover",
  label: "lease takeover",
  reason: "survives the loss of a zone at most",
};

function assessments(): Assessment[] {
  const noticed = (value: string, id: string): Term =>
    term(
      "damage is noticed",
      value,
      { resource: `register:${id}`, name: `assumption ${id}` },
      { grade: "assumed", assumption: id, part: "after" },
    );
  return [
    assessment("process", objective("0s", "under 2m"), takeover("1m17s")),
    assessment("node", objective("under 1m", "under 5m"), takeover("1m35s")),
    assessment("zone", objective("under 5m", "under 15m"), takeover("1m35s"), {
      others: [restored("restore in eu-west-1")],
    }),
    assessment("region", objective("under 15m", "under 1h"), restored("restore in eu-west-1"), {
      verdict: "assumed",
      dropped: [volumeDropped],
      assumptions: ["page", "undrilled-restore"],
    }),
    assessment(
      "corruption",
      objective("1h", "2h"),
      {
        ...restored("newest clean restore point", [noticed("40m", "damage-noticed")], "before"),
        window: { needed: duration("4h"), available: duration("30d") },
      },
      {
        verdict: "assumed",
        dropped: [{ ...volumeDropped, reason: "copies the corruption" }],
        assumptions: ["damage-noticed", "page", "undrilled-restore"],
      },
    ),
    assessment(
      "compromise",
      objective("24h", "8h"),
      {
        ...restored("locked copy, clean-room site", [noticed("4h", "intrusion-noticed")], "before"),
        window: { needed: duration("7h"), available: duration("44d") },
      },
      {
        verdict: "assumed",
        dropped: [{ ...volumeDropped, reason: "hostile credentials can delete it" }],
        assumptions: ["intrusion-noticed", "page", "site:clean-room", "undrilled-restore"],
      },
    ),
  ];
}

function assumption(id: string, about: string, value: string | undefined, more: Partial<Assumption> = {}): Assumption {
  return {
    id,
    term: about,
    assets: ["omendb/*"],
    ...(value === undefined ? {} : { seconds: duration(value) }),
    owner: "omendb-oncall",
    reason: "The guide names a contact and no time. It was agreed with the team.",
    drill: "omendb-page",
    expires: "2027-03-01",
    ...more,
  };
}

const asset: Asset = {
  id: "omendb/data",
  system: "omendb",
  kind: "database",
  at: primary,
  bytes: 107_374_182_400,
  objectives: {},
  retention: { atLeast: duration("30d") },
  source: from("Deployment prod-omendb"),
};

const points: RestorePoints = {
  kind: "restore-points",
  id: "omendb/data:restore-points",
  asset: "omendb/data",
  label: "backups in omendb-restore-points",
  capture: "fuzzy",
  series: [],
  transfer: term("transfer", "0s", bucket),
  copies: [],
  source: bucket,
};

const plan: Plan = {
  assets: [asset],
  protections: [
    {
      kind: "redundancy",
      id: "omendb/data:volume",
      asset: "omendb/data",
      label: "volume",
      survives: "zone",
      loss: [],
      source: from("PersistentVolumeClaim omendb-data"),
    },
    points,
  ],
  paths: [],
  stores: [],
  groups: [],
  work: [],
  availability: [],
  safeguards: [],
  alerts: [
    {
      name: "OmenDBDown",
      asset: "omendb/data",
      guards: "health",
      disruptions: [],
      coversAbsence: true,
      severity: "critical",
      complete: true,
      at: primary,
      detect: [term("OmenDBDown fires", "1m30s", from("PrometheusRule omendb", "spec.groups[0].rules[0].for"))],
      source: from("PrometheusRule omendb"),
    },
  ],
  rehearsals: [],
  register: {
    sites: [
      {
        name: "clean-room",
        place: { cloud: "aws", account: "999999999999", region: "eu-north-1", zones: ["a"], deployed: false },
        nodeGrace: duration("50s"),
        controllerTimeZone: "Etc/UTC",
        storageClasses: {
          standard: { survives: "node", shared: false },
          "efs-regional": { survives: "zone", shared: true },
        },
        owner: "platform",
        drill: "clean-room-check",
        expires: "2027-03-01",
      },
    ],
    assumptions: [
      assumption("page", "acknowledge", "5m"),
      assumption("undrilled-restore", "undrilled", undefined, {
        path: "restore-in-eu-west-1",
        reason: "The path is new.",
        drill: "omendb-restore",
        expires: "2026-12-31",
      }),
      assumption("damage-noticed", "detection", "40m", { disruptions: ["corruption"], owner: "security" }),
      assumption("intrusion-noticed", "detection", "4h", { disruptions: ["compromise"], owner: "security" }),
    ],
    waivers: [],
    drills: [
      {
        id: "2026-09-01-takeover",
        asset: "omendb/data",
        path: "lease-takeover",
        date: "2026-09-01",
        seconds: duration("58s"),
        bytes: 107_374_182_400,
        verified: true,
      },
    ],
  },
};

/** OmenDB with every promise kept. */
export function healthy(): Judgement {
  return {
    asOf,
    plan: structuredClone(plan),
    resources: 312,
    problems: [],
    notAssessed: [],
    rules: [{ name: "rpo-is-met", level: "mandatory" }],
    assessments: assessments(),
    findings: [],
    notes: [
      {
        kind: "undrilled",
        message: "restore in eu-west-1 was never rehearsed; its register entry counts until 2026-12-31",
        assets: ["omendb/data"],
      },
    ],
  };
}

/** OmenDB with a schedule too sparse for its region, one missing lock behind several assets, and a waived finding. */
export function broken(): Judgement {
  const judgement = healthy();
  const sparse = restored("restore in eu-west-1");
  const schedule = from(incremental, "spec.schedule");
  const tail = sparse.rpo[1].terms.slice(1);
  sparse.rpo = [
    total(term("longest gap between runs", "2h", schedule), ...tail),
    total(term("longest gap with one failed run", "4h", schedule), ...tail),
  ];
  const miss = "0 */2 * * *";
  const fix = {
    change: `spec.schedule of ${incremental}: "*/3 * * * *"`,
    source: schedule,
    result: "RPO 8m 10s (under 15m), RTO 42m 30s (under 1h)",
  };
  const counterexample = {
    events: [
      { at: utc("2026-12-31T20:00:00"), what: "incremental starts: the newest state that will be usable" },
      { at: utc("2026-12-31T22:00:00"), what: "incremental fails" },
      { at: utc("2027-01-01T00:00:10"), what: "incremental starts, as late as 10s" },
      { at: utc("2027-01-01T00:02:10"), what: "just before it is usable, the region is lost" },
    ],
    conclusion: "lost 4h 2m 10s, 2h 2m 10s with every run succeeding; RPO is under 15m",
  };
  judgement.assessments = judgement.assessments.map((one): Assessment => {
    if (one.disruption === "region") {
      const [gap] = sparse.rpo[1].terms;
      return {
        ...one,
        verdict: "missed",
        broken: ["rpo"],
        chosen: sparse,
        counterexamples: { rpo: counterexample },
        fix,
        bindings: gap ? { rpo: { term: gap, largest: 769 } } : {},
      };
    }
    if (one.disruption !== "compromise") return one;
    const { chosen: _, ...rest } = one;
    return {
      ...rest,
      verdict: "cannot prove",
      broken: ["rpo", "rto"],
      assumptions: [],
      dropped: [
        ...one.dropped,
        {
          path: "omendb/data:locked",
          label: "locked copy, clean-room site",
          declared: true,
          unknown: true,
          reason: "its lock is not known: mode is an output",
        },
      ],
    };
  });
  const lock: Finding = {
    rule: "a-copy-cannot-be-deleted",
    level: "mandatory",
    assets: ["omendb/data", "omendb/users", "omendb/config", "omendb/certificate"],
    disruption: "compromise",
    source: bucket,
    message: "the lock of Bucket omendb-restore-points cannot be read before deployment",
    cannotProve: true,
  };
  judgement.findings = [
    {
      rule: "alerts-have-runbooks",
      level: "advisory",
      assets: ["omendb/data"],
      source: from("PrometheusRule omendb", "spec.groups[0].rules[3].annotations.runbook_url"),
      message: "WALSizeGrowth names no runbook",
    },
    {
      rule: "runs-do-not-overlap",
      level: "mandatory",
      assets: ["omendb/data"],
      source: from("CronJob omendb-backup-full", "spec.concurrencyPolicy"),
      message: "runs of omendb-backup-full may overlap: concurrencyPolicy is Allow",
      waiver: {
        rule: "runs-do-not-overlap",
        asset: "omendb/data",
        owner: "db-team",
        reason: "the upgrade job needs it",
        ticket: "OPS-12",
        expires: "2026-12-15",
      },
    },
    lock,
    {
      rule: "rpo-is-met",
      level: "mandatory",
      assets: ["omendb/data"],
      disruption: "region",
      source: schedule,
      message: "RPO is under 15m, the plan can lose 4h 2m 10s (2h 2m 10s)",
      counterexample,
      binding: `longest gap with one failed run of ${incremental}, spec.schedule ${miss}: 12m 49s at most`,
      fix,
    },
  ];
  return judgement;
}
