import {
  type Asset,
  type Availability,
  assess,
  duration,
  kubernetes,
  type Plan,
  type PlannedWork,
  type RestorePoints,
  type Shares,
  type Term,
} from "../../recovery";
import type { Judgement } from "../../recovery/finding";
import { asOf, asset, copy, here, path, plan, points, redundancy, series, source, step, term } from "../recovery/build";
import { from } from "./judgement";

const utc = (expression: string) => ({ scheduler: "kubernetes", expression, timeZone: "Etc/UTC" }) as const;

/** A number read from a property of a resource. */
export function read(name: string, value: Term["value"] | string, resource: string, property: string): Term {
  return { ...term(name, value), source: from(resource, property) };
}

function own(id: string, limits: Parameters<typeof asset>[0], edit: Partial<Asset> = {}): Asset {
  return asset(limits, { id, system: id.split("/")[0] ?? id, ...edit });
}

function taken(id: string, job: string, expression: string, edit: Partial<RestorePoints> = {}): RestorePoints {
  const cron = `CronJob ${job}`;
  return points({
    id: `${id}/points`,
    asset: id,
    label: `points of ${job}`,
    series: [
      series({
        name: job,
        schedule: utc(expression),
        startSlack: read("start slack", "1m", cron, "spec.startingDeadlineSeconds"),
        run: read("run", "20m", cron, "spec.jobTemplate.spec.activeDeadlineSeconds"),
        source: from(cron),
      }),
    ],
    ...edit,
  });
}

/** Assets that only fit together, each with a daily backup at another hour; the first of them promises something. */
export function library(names: readonly string[], rpo = "24h"): Plan {
  const ids = names.map((name) => `omniverse/${name}`);
  return plan({
    assets: ids.map((id, place) => own(id, place === 0 ? { region: [rpo, "8h"] } : {})),
    protections: ids.map((id, place) => taken(id, `nucleus-${names[place]}-backup`, `0 ${place + 1} * * *`)),
    paths: ids.map((id, place) =>
      path({
        id: `${id}/restore`,
        asset: id,
        protection: `${id}/points`,
        label: `restore of the ${names[place]} in eu-west-1`,
        steps: [step(`restore the ${names[place]}`, place === 1 ? "5h" : "1h", { restores: true })],
      }),
    ),
    groups: [
      {
        id: "omniverse/library",
        members: ids.map((id, place) => ({ asset: id, refersTo: ids.slice(place + 1, place + 2) })),
        source: from("ConfigMap library"),
      },
    ],
  });
}

/** Five of nine shares on as many of twelve nodes, three in each of three zones, of which work takes one node away. */
export const nine: Shares = {
  needed: 5,
  total: 9,
  together: { node: 1, zone: 3 },
  away: 1,
  members: 12,
  rebuild: { ...term("rebuild", "9h", "measured"), source: from("Pool media") },
};

/** Shares of which some suffice, a copy carried on by a job of its own, and a replica whose place nobody knows. */
export function objects(survives: Shares = nine): Plan {
  const id = "media/objects";
  const relay = series({ name: "carry", schedule: utc("0 3 * * *"), source: from("CronJob carry") });
  return plan({
    assets: [own(id, { node: ["0s", "1m"], region: ["4d", "8h"] })],
    protections: [
      redundancy({ id: "shares", asset: id, label: "erasure code", survives }),
      taken(id, "snapshot", "0 2 * * *", { copies: [copy({ relay })] }),
      {
        kind: "replica",
        id: "replica",
        asset: id,
        label: "replica",
        at: { unknown: "its region is an output" },
        lag: term("lag", "5m"),
        carries: "data",
        source: source("replica"),
      },
    ],
    paths: [
      path({ id: "read-around", asset: id, protection: "shares", disruptions: ["node"], runsAt: here, steps: [] }),
      path({ id: "restore", asset: id, protection: `${id}/points`, disruptions: ["region"] }),
      path({ id: "promote", asset: id, protection: "replica", label: "promotion", disruptions: ["region"] }),
    ],
  });
}

/** A log beside its base, recovered on a platform whose own numbers count; protected again once the next base ends. */
export function orders(): Plan {
  const id = "shop/orders";
  const { toleration, evictionInterval, zoneEvictionStop } = kubernetes;
  const waits = (name: string, value: string, property: string, ...facts: { id: string }[]): Term => ({
    ...read(name, value, "Deployment orders", property),
    facts: facts.map((fact) => fact.id),
  });
  return plan({
    assets: [own(id, { region: ["5m", "2h"] })],
    protections: [
      taken(id, "base", "0 1 * * *"),
      {
        kind: "archive",
        id: "log",
        asset: id,
        label: "log",
        base: `${id}/points`,
        ship: read("log is shipped", "60s", "ConfigMap postgres", "archive_timeout"),
        upload: read("upload", "30s", "CronJob base", "upload"),
        copies: [copy()],
        source: source("log"),
      },
    ],
    paths: [
      path({
        id: "replay",
        asset: id,
        protection: "log",
        detect: [
          waits("pod is tolerated on a lost node", "5m", "spec.tolerations", toleration),
          waits("its turn to be evicted", "20s", "spec.replicas", evictionInterval, zoneEvictionStop),
        ],
        reprotect: [
          read("next base", "24h", "CronJob base", "spec.schedule"),
          { ...read("upload", "10m", "CronJob base", "upload"), grade: "measured" },
        ],
      }),
    ],
  });
}

/** Availability of a system over 30 days, read-only time counted. */
export function available(system: string, perMillion: number, edit: Partial<Availability> = {}): Availability {
  const promise = {
    system,
    perMillion,
    over: duration("30d"),
    readOnlyCounts: true,
    owner: "sales",
    reason: "contract",
  };
  return { ...promise, source: from(`Promise ${system}`), ...edit };
}

/** Work on a schedule of five fields. */
export function work(name: string, expression: string, lasts: string, edit: Partial<PlannedWork> = {}): PlannedWork {
  return {
    name,
    system: "analytics",
    schedule: utc(expression),
    lasts: read("window", lasts, `Work ${name}`, "lasts"),
    effect: "read-only",
    source: from(`Work ${name}`),
    ...edit,
  };
}

/** A quarterly upgrade of four hours beside 99.99 %, and nothing planned beside another promise. */
export function events(): Plan {
  return plan({
    assets: [own("analytics/events", { zone: ["0s", "1m"] })],
    protections: [redundancy({ id: "zones", asset: "analytics/events" })],
    paths: [path({ id: "zones", asset: "analytics/events", protection: "zones", runsAt: here, steps: [] })],
    availability: [available("shop", 999_000), available("analytics", 999_900)],
    work: [work("upgrade", "0 4 1 */3 *", "4h")],
  });
}

/** What the model says of plans together; no rule is asked. */
export function judged(...plans: Plan[]): Judgement {
  const whole = plan({
    assets: plans.flatMap((one) => one.assets),
    protections: plans.flatMap((one) => one.protections),
    paths: plans.flatMap((one) => one.paths),
    groups: plans.flatMap((one) => one.groups),
    availability: plans.flatMap((one) => one.availability),
    work: plans.flatMap((one) => one.work),
  });
  const none = { resources: 0, problems: [], notAssessed: [], rules: [], findings: [], notes: [] };
  return { asOf, plan: whole, assessments: assess(whole, asOf), ...none };
}

/** One plan with all that the model knows: a group, shares, a relay, an archive, facts, planned work. */
export function everything(): Judgement {
  return judged(library(["database", "assets"]), objects(), orders(), events());
}
