import { isUnknown } from "../../recovery/bound";
import { factSeconds, kubernetes } from "../../recovery/facts";
import { type Disruption, disruptions } from "../../recovery/objective";
import type { Assumption, DrillRecord, Register, Site, Source, Waiver } from "../../recovery/plan";
import { type RegisterArgs, rateTerms, spanTerms, statementTerms } from "../../recovery/plan";
import type { Resource } from "../graph";
import { disruptionsOf } from "./annotations";
import { sourceOf } from "./names";
import type { Problems } from "./problems";
import { facts } from "./read";
import { RegisterEntry } from "./registerEntry";

/** Type of the component that says what is judged beside the resources. */
export const registerType = "holdfast:register:Register";

const secondsPerDay = 86_400;
/** Days ahead that an entry may reach: what nobody looks at for longer than a year is forgotten. */
const longestDays = 366;
const domains = ["process", "node", "zone", "region"] as const;
const terms: readonly string[] = [...spanTerms, ...rateTerms, ...statementTerms];

/** Reads and merges every register of a program; entries that are wrong or past their last day do not count. */
export function readRegister(resources: readonly Resource[], asOf: number, problems: Problems): Register {
  const read = <T>(list: List<T>) => distinct(list, resources, problems);
  const current = <T extends { expires: string }>(list: List<T>) =>
    read(list).filter(({ value, source }) => {
      const end = Date.parse(value.expires) / 1000;
      if (end - asOf > longestDays * secondsPerDay) {
        const what = `${list.noun} ${list.idOf(value)} expires on ${value.expires}`;
        problems.add(source, `${what}, more than ${longestDays} days ahead: somebody must look at it once a year`);
      }
      if (asOf < end + secondsPerDay) return true;
      const what = `${list.noun} ${list.idOf(value)} expired on ${value.expires}`;
      problems.add(source, `${what}: renew it with a reason, or mend what it stands for`);
      return false;
    });
  const past = (list: List<DrillRecord>) =>
    read(list).filter(({ value, source }) => {
      if (Date.parse(value.date) / 1000 <= asOf) return true;
      problems.add(source, `${list.noun} ${value.id} is dated ${value.date}, which has not come yet`);
      return false;
    });
  const sites = current(siteList);
  noteShared(sites, problems);
  return {
    sites: sites.map(({ value }) => value),
    assumptions: current(assumptionList).map(({ value }) => value),
    waivers: current(waiverList).map(({ value }) => value),
    drills: past(drillList).map(({ value }) => value),
  };
}

/** A context leads to one cluster: of two sites that name it, one describes another. */
function noteShared(sites: readonly { value: Site; source: Source }[], problems: Problems): void {
  for (const [index, { value, source }] of sites.entries()) {
    const earlier = sites
      .slice(0, index)
      .find((one) => value.context !== undefined && one.value.context === value.context);
    if (earlier === undefined) continue;
    problems.add(source, `sites ${earlier.value.name} and ${value.name} name one Kubernetes context: keep one of them`);
  }
}

/** One list of a register: where it lies, what an entry is called, and how to read one. */
interface List<T> {
  property: keyof RegisterArgs;
  noun: string;
  label: string;
  idOf(entry: T): string;
  read(entry: RegisterEntry): T;
}

const siteList: List<Site> = {
  property: "sites",
  noun: "site",
  label: "name",
  idOf: ({ name }) => name,
  read: siteOf,
};

const assumptionList: List<Assumption> = {
  property: "assumptions",
  noun: "assumption",
  label: "id",
  idOf: ({ id }) => id,
  read: assumptionOf,
};

const waiverList: List<Waiver> = {
  property: "waivers",
  noun: "waiver",
  label: "rule",
  idOf: ({ rule, asset, disruption }) => [rule, "for", asset, disruption ?? ""].join(" ").trim(),
  read: waiverOf,
};

const drillList: List<DrillRecord> = {
  property: "drills",
  noun: "drill record",
  label: "id",
  idOf: ({ id }) => id,
  read: drillOf,
};

/** The complete entries of a list, each once; two of one name that differ are noted. */
function distinct<T>(
  list: List<T>,
  resources: readonly Resource[],
  problems: Problems,
): { value: T; source: Source }[] {
  const found = new Map<string, { value: T; source: Source }>();
  for (const entry of resources.flatMap((resource) => entriesOf(resource, list, problems))) {
    const value = list.read(entry);
    if (!entry.isComplete) continue;
    const id = list.idOf(value);
    const earlier = found.get(id);
    if (earlier === undefined) found.set(id, { value, source: entry.facts.source() });
    else if (JSON.stringify(earlier.value) !== JSON.stringify(value)) {
      problems.add(entry.facts.source(), `${list.noun} ${id} is written twice and differs: keep one of them`);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

function entriesOf<T>(resource: Resource, list: List<T>, problems: Problems): RegisterEntry[] {
  const items = problems.known(facts(resource).items(list.property), sourceOf(resource, list.property)) ?? [];
  return items.map((item, index) => {
    const label = item.value(list.label);
    const title = typeof label === "string" && label !== "" ? label : `number ${index + 1}`;
    return new RegisterEntry(item, `${list.noun} ${title}`, problems);
  });
}

function siteOf(entry: RegisterEntry): Site {
  const context = entry.optionalText("context");
  const zones = entry.texts("zones", "eu-central-1a");
  if (zones === undefined || zones.length === 0)
    entry.refuse("zones", 'must name at least one zone, such as ["eu-central-1a"]');
  else if (new Set(zones).size < zones.length) entry.refuse("zones", "must name each zone once");
  return {
    name: entry.text("name", "primary"),
    place: {
      cloud: entry.text("cloud", "aws"),
      account: entry.text("account", "111111111111"),
      region: entry.text("region", "eu-central-1"),
      zones: zones ?? [],
      deployed: false,
    },
    ...(context === undefined ? {} : { context }),
    nodeGrace: entry.optionalSpan("nodeGrace") ?? factSeconds(kubernetes.nodeGrace),
    controllerTimeZone: entry.optionalText("controllerTimeZone") ?? "Etc/UTC",
    storageClasses: storageClassesOf(entry),
    owner: entry.text("owner", "platform"),
    drill: entry.text("drill", "site-check"),
    expires: dayText(entry, "expires"),
  };
}

function storageClassesOf(entry: RegisterEntry): Site["storageClasses"] {
  const names = entry.facts.keys("storageClasses");
  if (names === undefined) return {};
  if (isUnknown(names)) {
    entry.refuse("storageClasses", 'must be an object such as {"ebs": {"survives": "node", "shared": false}}');
    return {};
  }
  return Object.fromEntries(
    names.map((name) => {
      const field = `storageClasses[${JSON.stringify(name)}]`;
      const survives = entry.oneOf(`${field}.survives`, domains, "process");
      return [name, { survives, shared: entry.flag(`${field}.shared`) }];
    }),
  );
}

function assumptionOf(entry: RegisterEntry): Assumption {
  const term = entry.oneOf("term", terms, "undrilled");
  const seconds = spanTerms.some((one) => one === term) ? entry.span("value") : entry.optionalSpan("value");
  const bytesPerSecond = entry.optionalCount("bytesPerSecond", 1, 50_000_000);
  if (rateTerms.some((one) => one === term) && bytesPerSecond === undefined && entry.isComplete) {
    entry.refuse("bytesPerSecond", "must be a whole number from 1 on, such as 50000000");
  }
  const path = entry.optionalText("path");
  const named = disruptionsField(entry);
  return {
    id: entry.text("id", "omendb-acknowledge"),
    term,
    assets: assetsField(entry),
    ...(named === undefined ? {} : { disruptions: named }),
    ...(path === undefined ? {} : { path }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
    owner: entry.text("owner", "database team"),
    reason: entry.text("reason", "measured once, on other hardware"),
    drill: entry.text("drill", "omendb-restore"),
    expires: dayText(entry, "expires"),
  };
}

function assetsField(entry: RegisterEntry): string[] {
  const assets = entry.texts("assets", "omendb/*");
  if (assets === undefined || assets.length === 0)
    entry.refuse("assets", 'must name at least one asset, such as ["omendb/*"]');
  return assets ?? [];
}

function disruptionsField(entry: RegisterEntry): Disruption[] | undefined {
  const words = entry.texts("disruptions", "region");
  if (words === undefined) return undefined;
  const { known, wrong } = disruptionsOf(words);
  if (wrong.length > 0) entry.refuse("disruptions", `must be among ${disruptions.join(", ")}`);
  return known;
}

function waiverOf(entry: RegisterEntry): Waiver {
  const disruption =
    entry.facts.value("disruption") === undefined ? undefined : entry.oneOf("disruption", disruptions, "process");
  return {
    rule: entry.text("rule", "rto-is-met"),
    asset: entry.text("asset", "omendb/data"),
    ...(disruption === undefined ? {} : { disruption }),
    owner: entry.text("owner", "database team"),
    reason: entry.text("reason", "accepted until the second region stands"),
    ticket: entry.text("ticket", "OPS-42"),
    expires: dayText(entry, "expires"),
  };
}

function drillOf(entry: RegisterEntry): DrillRecord {
  return {
    id: entry.text("id", "2026-11-restore"),
    asset: entry.text("asset", "omendb/data"),
    path: entry.text("path", "restore-in-secondary"),
    date: dayText(entry, "date"),
    seconds: entry.span("took"),
    bytes: entry.count("bytes", 1, 10_000_000),
    verified: entry.flag("verified"),
  };
}

function dayText(entry: RegisterEntry, field: string): string {
  return new Date(entry.day(field) * 1000).toISOString().slice(0, 10);
}
