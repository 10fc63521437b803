import { isBounded, isUnknown } from "../../bound";
import { formatSeconds } from "../../duration";
import { factSeconds } from "../../facts/fact";
import { kubernetes } from "../../facts/kubernetes";
import type { Copy, Lock, Series } from "../protection";
import type { Term } from "../term";
import { type Form, flag, named, text, whole, word } from "./form";
import { list } from "./list";
import { map, may, must, or, ownSource } from "./map";
import { need, place } from "./places";
import { schedule } from "./schedules";
import { below, isMap, refuse, type Spot, shown } from "./spot";
import { term } from "./terms";
import { instant, maybe } from "./values";

const overlap: Form<Series["overlap"]> = maybe(word(["allow", "forbid", "replace"]));

/** A schedule that takes restore points, or carries them on. */
export const series: Form<Series> = named(
  "series",
  map<Series>(
    {
      name: must(text("orders-dump"), "What people call it."),
      role: must(word(["full", "incremental"]), "Whether a point stands alone or needs the ones before it."),
      schedule: must(maybe(schedule), "When its runs are due."),
      suspended: or(maybe(flag), "Whether it is switched off. @default false", (): boolean => false),
      overlap: must(overlap, "What happens to a run that is due while another runs."),
      startSlack: must(term("late start"), "How late a run may start."),
      run: must(term("run"), "How long a run may take, retries included: its deadline."),
      source: ownSource,
    },
    { title: (textOf) => textOf("name"), check: noteSlack },
  ),
);

const leastSlack = factSeconds(kubernetes.leastStartingDeadline);

function noteSlack({ schedule: read, startSlack }: Partial<Series>, at: Spot): void {
  if (startSlack === undefined || !isBounded(startSlack.value) || startSlack.value >= leastSlack) return;
  if (read === undefined || isUnknown(read) || read.scheduler !== "kubernetes") return;
  const spot = below(at, "startSlack");
  refuse(
    spot,
    `must be at least ${formatSeconds(leastSlack)} for a CronJob, which may else never run, got ${formatSeconds(startSlack.value)}`,
  );
}

const wholeLock = map<Lock>({
  mode: must(
    maybe(word(["compliance", "governance", "none"])),
    "compliance: nobody shortens it; governance: a permission does.",
  ),
  keptFor: must(term("locked"), "How long it holds for each point."),
  graceUntil: may(instant, "Until then the lock itself can be removed: a day, or seconds since 1970."),
});

/** A lock, or the word `none`. */
export const lock: Form<Lock> = named("lock", {
  read: (value, at) => {
    if (value !== "none") {
      return isMap(value)
        ? wholeLock.read(value, at)
        : refuse(at, `must be none, or a map with mode and keptFor, got ${shown(value)}`);
    }
    const keptFor = term("locked").read(0, at);
    return keptFor && { mode: "none", keptFor };
  },
  write: (value) => wholeLock.write(value),
  schema: (definitions) => ({ anyOf: [{ const: "none" }, wholeLock.schema(definitions)] }),
});

/** A place where restore points or a log are kept. */
export const copy = named(
  "copy",
  map<Copy>(
    {
      at: must(place, "Where it is."),
      keptFor: must(
        term("kept"),
        "Until something deletes a point by itself, or moves it where a restore waits for hours; unbounded when nothing does.",
      ),
      newest: may(whole(1, 30), "How many points are kept at most: the newest, whatever keptFor says."),
      deletedBy: may(term("deleted by"), "Until every point has been deleted. @default keptFor"),
      lock: must(lock, "What keeps it from being deleted, or none."),
      needs: may(list(need), "Keys and catalogues without which it cannot be read."),
      relay: may(series, "The job that carries points here from the other copies, on a schedule of its own."),
      source: ownSource,
    },
    {
      title: (textOf, { keys }) => `copy ${textOf("at") === "" ? Number(keys.at(-1)) + 1 : `in ${textOf("at")}`}`,
      check: noteKept,
    },
  ),
);

function noteKept({ keptFor, deletedBy, lock: held }: Partial<Copy>, at: Spot): void {
  if (keptFor === undefined) return;
  if (deletedBy === undefined) {
    const hint = "; where keptFor only hides or moves a point, say when it is gone: deletedBy";
    noteLock({ what: "keptFor", gone: keptFor, lock: held, hint }, at);
    return;
  }
  noteLock({ what: "deletedBy", gone: deletedBy, lock: held, hint: "" }, at);
  const [kept, gone] = [keptFor.value, deletedBy.value];
  if (!isBounded(kept) || !isBounded(gone) || gone >= kept) return;
  refuse(below(at, "deletedBy"), `must be at least keptFor, ${kept} seconds, got ${gone}`);
}

/** Something that is locked, and when something else is said to delete it. */
interface Locked {
  /** The setting that says when it is gone. */
  what: string;
  gone: Term | undefined;
  lock: Lock | undefined;
  hint: string;
}

/** A lock keeps what something is said to have deleted: one of the two is not true. */
export function noteLock({ what, gone, lock: held, hint }: Locked, at: Spot): void {
  if (held?.mode !== "compliance" || gone === undefined) return;
  const [locked, deleted] = [held.keptFor.value, gone.value];
  if (!isBounded(locked) || !isBounded(deleted) || locked <= deleted) return;
  refuse(
    below(below(at, "lock"), "keptFor"),
    `must be at most ${what}, ${deleted} seconds: nothing deletes what a compliance lock holds, got ${locked}${hint}`,
  );
}
