import type { Alert, Rehearsal, Store } from "../plan";
import { assetName, disruptionList } from "./assets";
import { type Form, flag, text, whole, word } from "./form";
import { list } from "./list";
import { map, may, must, or, ownSource } from "./map";
import { place } from "./places";
import { schedule } from "./schedules";
import { founded, term, terms } from "./terms";
import { maybe, span } from "./values";

/** What an alert may guard. */
export const guarded = ["freshness", "detection", "drill", "verification", "watchdog", "capacity", "health"] as const;

const guards = text("freshness");

/** By hand one of the words; a program may say another, which is a finding. */
const guardsForm: Form<string> = {
  ...guards,
  read: (value, at) => (at.reading.byHand ? word(guarded).read(value, at) : guards.read(value, at)),
};

/** Alerts that guard promises. */
export const alerts: Form<Alert[]> = list(
  map<Alert>(
    {
      name: must(text("OrdersBackupStale"), "Its name."),
      asset: must(assetName, "The asset it guards."),
      guards: must(guardsForm, `What it guards: ${guarded.join(", ")}.`),
      disruptions: or(disruptionList(), "The disruptions it notices. @default any", () => []),
      threshold: may(maybe<number>(span), "Age of the newest restore point at which a freshness alert fires."),
      role: may(word(["full", "incremental"]), "The one kind of restore point it watches. @default every kind"),
      protection: may(text("orders-log"), "The one archive or replica whose age it watches. @default restore points"),
      coversAbsence: must(flag, "Whether it fires when its series is absent."),
      severity: must(maybe(text("critical")), "critical wakes somebody."),
      complete: must(flag, "Whether it has a severity, summary, description and runbook."),
      at: must(maybe(place), "Where it is evaluated."),
      cluster: may(text("prod"), "The cluster that evaluates it. @default one and the same"),
      service: may(text("CloudWatch"), "The service of a cloud that evaluates it, where no cluster does."),
      flaw: may(maybe(text("it watches the wrong series")), "Why it does not notice what it guards."),
      detect: must(terms("notice"), "From the fault to the notification."),
      ageFrom: may(
        word(["capture", "completion"]),
        "What the age counts from: the moment a point holds, or the end of its run. @default capture",
      ),
      rerun: may(
        terms("rerun", founded(term("rerun"))),
        "From the notification until a failed run runs again: it earns a freshness alert its credit.",
      ),
      source: ownSource,
    },
    {
      title: (textOf) => `alert ${textOf("name")}`,
      about: ({ asset }) => (typeof asset === "string" ? { asset } : {}),
    },
  ),
);

/** Drills and verifications that run by themselves. */
export const rehearsals: Form<Rehearsal[]> = list(
  map<Rehearsal>(
    {
      name: must(text("orders-restore-drill"), "Its name."),
      role: must(word(["verification", "drill"]), "Whether it checks restore points or rehearses a recovery."),
      asset: must(assetName, "The asset it is for."),
      schedule: must(maybe(schedule), "When its runs are due."),
      suspended: or(maybe(flag), "Whether it is switched off. @default false", (): boolean => false),
      startSlack: may(term("late start"), "How late a run may start."),
      run: must(term("run"), "How long a run may take: its deadline."),
      source: ownSource,
    },
    { title: (textOf) => `${textOf("role")} ${textOf("name")}` },
  ),
);

/** Everything that keeps data. */
export const stores: Form<Store[]> = list(
  map<Store>(
    {
      name: must(text("volume of db-1"), "Its name."),
      asset: may(assetName, "The asset whose promise covers it; a store without one is a finding."),
      size: may(maybe(whole(0, 200_000_000_000)), "Bytes of a volume."),
      needed: may(whole(0, 100_000_000_000), "Bytes that its asset needs there."),
      source: ownSource,
    },
    { title: (textOf) => textOf("name") },
  ),
);
