import {
  type Assumption,
  type DrillRecord,
  drillLifeDays,
  duration,
  facts,
  isUnbounded,
  type ManagedSettings,
  managed,
  managedFailover,
  measuredTime,
  recoveryTerms,
  route53Redirection,
} from "../../../recovery";
import { against } from "../../recovery/answers";
import { asOf, path, source, term } from "../../recovery/build";
import { date } from "./calendar";
import { daily } from "./running";
import { added, chosen, columns, hours, inSeconds, type Section, setting, total, valuesOf } from "./words";

const entry: Assumption = {
  id: "failover-time",
  term: "failover",
  assets: ["s/data"],
  seconds: duration("2m"),
  owner: "platform",
  reason: "the longest of three in the last year",
  drill: "reboot-with-failover",
  expires: "2027-03-01",
};

function vendors(): string[][] {
  const settings: ManagedSettings = {
    detect: [term("alert", "2m")],
    decide: [term("acknowledged", "5m"), term("decided", "10m")],
    redirect: [term("TTL", "5s")],
    source: source("instance"),
  };
  const row = (what: string, which: (typeof managed)[keyof typeof managed], more: Partial<ManagedSettings>) => {
    const terms = recoveryTerms(path(managedFailover(which, { ...settings, ...more })));
    const all = total(terms);
    return [what, isUnbounded(all) ? `unbounded: ${all.unbounded}` : added(valuesOf(terms))];
  };
  return [
    columns([
      row("Multi-AZ as such", managed.rdsMultiAzInstance, {}),
      row("Multi-AZ, entry 2m", managed.rdsMultiAzInstance, { assumption: entry }),
      row("account, entry 2m", managed.azureStorageRegion, { assumption: entry }),
    ]),
  ];
}

function redirects(): string[][] {
  const row = (interval: string, timeout: string) => {
    const { detect, redirect } = route53Redirection({
      interval: setting(interval),
      timeout: setting(timeout),
      threshold: { value: 3, source: source("threshold") },
      ttl: setting("60s"),
      clientCache: setting("0s"),
    });
    return [`3 checks, ${interval} apart, timeout ${timeout}, TTL 60s`, inSeconds([...detect, ...redirect])];
  };
  return [columns([row("30s", "0s"), row("10s", "0s"), row("10s", "4s")])];
}

const drill: DrillRecord = {
  id: "last",
  asset: "s/data",
  path: "restore",
  date: "2026-11-20",
  seconds: duration("40m"),
  bytes: 1_000,
  verified: true,
};

function drills(): string[][] {
  const row = (what: string, ...records: Partial<DrillRecord>[]) => {
    const time = measuredTime(
      records.map((one) => ({ ...drill, ...one })),
      asOf,
      1_000,
    );
    return [what, time === undefined ? "measures nothing" : hours(time)];
  };
  return [
    [
      `input  1,000 GB of data, as of ${date(asOf).slice(0, 10)} 2026`,
      ...columns([
        row("40m for all of it", {}),
        row("40m for all of it, 1h a month before", {}, { seconds: duration("1h"), date: "2026-10-20" }),
        row("40m for 500 GB", { bytes: 500 }),
        row("40m for 100 GB", { bytes: 100 }),
        row("40m for 99 GB", { bytes: 99 }),
        row("40m for all of it on 23 Aug, 90 days ago", { date: "2026-08-23" }),
        row("40m for all of it on 22 Aug", { date: "2026-08-22" }),
        row("40m, not verified", { verified: false }),
      ]),
    ],
  ];
}

function reprotection(): string[][] {
  const again = [term("next backup is due", "24h"), term("run", "30m"), term("transfer", "10m")];
  const { reprotect } = chosen(against("region", daily(), { paths: [path({ reprotect: again })] }));
  return [
    [
      "input            the next backup is due within 24h, runs for 30m and is transferred in 10m",
      `protected again  ${added(valuesOf(reprotect?.terms ?? []))} after service is back`,
    ],
  ];
}

/** Who takes over, how clients follow, and what shows that it works. */
export const chapter: Section[] = [
  { heading: "Failovers of vendors", blocks: vendors },
  { heading: "Redirects", blocks: redirects },
  {
    heading: "Drills",
    blocks: drills,
    figures: [
      drillLifeDays,
      Number(facts.find(({ id }) => id === "model.drill-factor")?.value) / 100,
      Number(facts.find(({ id }) => id === "model.extrapolation")?.value),
    ],
  },
  { heading: "After a failover", blocks: reprotection },
];
