import type { CloudRole, LockedObject, MaintenanceRuns, Safeguard } from "../safeguard";
import { assetName } from "./assets";
import { type Form, flag, named, text, word } from "./form";
import { list } from "./list";
import { map, may, must, or, ownSource } from "./map";
import { place } from "./places";
import { schedule } from "./schedules";
import { below, isMap, own, refuse, shown } from "./spot";
import { term } from "./terms";
import { instant, maybe } from "./values";

const rules = { title: (textOf: (key: string) => string) => textOf("name") };

const lockedObject = map<LockedObject>(
  {
    kind: must(word(["locked-object"]), "An object with a lock of its own, such as a file of a recovery kit."),
    name: must(text("recovery-kit/orders.json"), "Its name."),
    assets: or(
      list(assetName, { once: { what: "an asset", of: (one) => one } }),
      "Assets of which a recovery needs it. @default none",
      () => [],
    ),
    mode: must(maybe(word(["compliance", "governance", "none"])), "compliance: nobody shortens it."),
    until: may(maybe(instant), "Until when its own lock keeps it: a day, or seconds since 1970."),
    source: ownSource,
  },
  rules,
);

const maintenance = map<MaintenanceRuns>(
  {
    kind: must(word(["maintenance"]), "A job that keeps up what recovery counts on, such as a check of a site."),
    name: must(text("site-check"), "Its name."),
    at: must(maybe(place), "Where it runs."),
    schedule: must(maybe(schedule), "When its runs are due."),
    suspended: or(maybe(flag), "Whether it is switched off. @default false", (): boolean => false),
    startSlack: must(term("late start"), "How late a run may start."),
    run: must(term("run"), "How long a run may take: its deadline."),
    apartFrom: may(
      list(assetName, { once: { what: "an asset", of: (one) => one } }),
      "Assets beside whose restore points being taken no run of it may run. @default none",
    ),
    source: ownSource,
  },
  rules,
);

const role = map<CloudRole>(
  {
    kind: must(word(["role"]), "Credentials of a cloud that jobs take."),
    name: must(text("orders-backup"), "Its name."),
    at: must(maybe(place), "Where it is."),
    boundary: may(maybe(text("prod-boundary")), "The policy that bounds what it may do. @default nothing bounds it"),
    source: ownSource,
  },
  rules,
);

const kinds = { "locked-object": lockedObject, maintenance, role };
const kind = word(Object.keys(kinds) as (keyof typeof kinds)[]);

const safeguard: Form<Safeguard> = named("safeguard", {
  read: (value, at) => {
    if (!isMap(value)) return refuse(at, `must be a map with kind and name, got ${shown(value)}`);
    const known = kind.read(own(value, "kind"), below(at, "kind"));
    return known && kinds[known].read(value, at);
  },
  write: (value) => (kinds[value.kind] as Form<Safeguard>).write(value),
  schema: (definitions) => ({ anyOf: Object.values(kinds).map((one) => one.schema(definitions)) }),
});

/** What recovery rests on and no number is made from. */
export const safeguards: Form<Safeguard[]> = list(safeguard);
