import type { Alert, Plan, PlannedWork, Store } from "../plan";
import {
  type Aspect,
  amount,
  either,
  elsewhere,
  flag,
  list,
  placeText,
  ranked,
  span,
  take,
  takes,
  told,
  word,
} from "./aspects";
import type { Change } from "./comparison";
import { keyOf } from "./keys";
import { rehearsalsAt, scheduleText } from "./runs";
import { changesOf, type Kind } from "./things";

/** What changed in what watches, rehearses and holds what must be recovered, and in the work that takes it away. */
export function watchingChanges(before: Plan, after: Plan, asOf: number): Change[] {
  return [
    ...changesOf(alerts, before.alerts, after.alerts),
    ...changesOf(rehearsalsAt(asOf), before.rehearsals, after.rehearsals),
    ...changesOf(stores, before.stores, after.stores),
    ...changesOf(works, before.work, after.work),
  ];
}

/** What is there, and the worse for it. */
function blemish<T>(called: string, verbs: readonly [string, string]): Aspect<T | undefined> {
  return ranked(called, (value) => [value === undefined ? 0 : 1], told, verbs);
}

const alerts: Kind<Alert> = {
  noun: "alert",
  id: ({ name, asset, cluster }) => keyOf([`name ${name}`, `asset ${asset}`, cluster]),
  name: ({ name }) => name,
  asset: ({ asset }) => asset,
  added: "stronger",
  text: ({ guards, severity }) => `${guards}, ${told(severity)}`,
  aspects: {
    name: elsewhere,
    asset: elsewhere,
    cluster: elsewhere,
    guards: either("what the alert guards"),
    disruptions: list("disruptions of the alert", "lost"),
    threshold: amount("threshold", "more", "worst", span),
    role: either("restore points that the alert watches", (role) => role ?? "every kind"),
    protection: either("what the alert watches", (id) => id ?? "restore points"),
    coversAbsence: flag("firing when its series is absent", false, ["lost", "gained"]),
    severity: word<string>("severity", ["critical", "error", "warning", "info", "none"], ["lowered", "raised"]),
    complete: flag("completeness of the alert", false, ["lost", "gained"]),
    at: either("place of the alert", placeText),
    service: either("what evaluates the alert", (service) => service ?? "its cluster"),
    flaw: blemish("flaw", ["gained", "mended"]),
    detect: take("detection"),
    ageFrom: either("what the age is counted from", (from) => from ?? "capture"),
    rerun: take("time until a failed run runs again", "weak"),
    source: elsewhere,
  },
};

const bytes = (value: number) => `${value} bytes`;

const stores: Kind<Store> = {
  noun: "store",
  id: ({ name }) => name,
  name: ({ name }) => name,
  asset: ({ asset }) => asset,
  added: "other",
  text: ({ asset, size }) => [asset ?? "of no asset", ...(size === undefined ? [] : [sized(size)])].join(", "),
  aspects: {
    name: elsewhere,
    asset: ranked(
      "promise for the store",
      (asset) => [asset === undefined ? 1 : 0],
      (asset) => asset ?? "none",
      ["lost", "gained"],
    ),
    size: amount("size", "less", "worst", bytes),
    needed: either("room that is needed", (value) => (value === undefined ? undefined : bytes(value))),
    source: elsewhere,
  },
};

function sized(size: NonNullable<Store["size"]>): string {
  return typeof size === "number" ? bytes(size) : "of a size that is not known";
}

const works: Kind<PlannedWork> = {
  noun: "planned work",
  id: ({ system, name }) => `${system} ${name}`,
  name: ({ system, name }) => `${name} of ${system}`,
  added: "weaker",
  text: ({ schedule, effect }) => `${effect}, ${scheduleText(schedule)}`,
  aspects: {
    name: elsewhere,
    system: elsewhere,
    schedule: either("schedule", scheduleText),
    lasts: takes("length of planned work"),
    effect: word("effect of planned work", ["none", "read-only", "down"], ["made worse", "made lighter"]),
    source: elsewhere,
  },
};
