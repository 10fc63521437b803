import {
  type Bound,
  duration,
  jointLoss,
  keptTerm,
  longestChain,
  type Member,
  type Plan,
  type RestorePoints,
  reachBack,
  restoreTime,
  runs,
  seconds,
  spanOf,
} from "../../../recovery";
import { cron } from "../../recovery/answers";
import { asOf, asset, copy, here, path, plan, points, series, source, step, term, there } from "../../recovery/build";
import { events, sure } from "./calendar";
import { daily } from "./running";
import { about, added, chosen, columns, days, finite, hours, joined, plain, type Section, valuesOf } from "./words";

function rebuilt(): string[][] {
  const from = (at: typeof here) =>
    about(
      "s/index",
      plan({
        assets: [asset({}, { at }), asset({ region: ["30h", "8h"] }, { id: "s/index" })],
        protections: [
          daily(),
          { kind: "rebuild", id: "rebuild", asset: "s/index", label: "rebuild", from: "s/data", source: source("r") },
        ],
        paths: [
          path(),
          path({ id: "reindex", asset: "s/index", protection: "rebuild", steps: [step("reindex", "2h")] }),
        ],
      }),
    );
  const row = (what: string, answer: ReturnType<typeof from>) => {
    const { rpo, rto } = chosen(answer);
    return [what, `loses ${hours(rpo[1].total)}`, `back in ${added(valuesOf(rto.terms))}`];
  };
  return [
    [
      "input   an index made in 2h from the data of the running example, which is restored in 1h",
      ...columns([
        row("data and index in the region that is lost", from(here)),
        row("the data elsewhere", from(there)),
      ]),
    ],
  ];
}

interface Pair {
  what: string;
  assets: string;
  database: string;
  slack: string;
}

const pair = ({ assets, database, slack }: Pair): Plan => {
  const member = (id: string, expression: string): RestorePoints => ({
    ...daily({ expression, slack, run: "0s", transfer: "0s" }),
    id: `${id}/points`,
    asset: id,
  });
  return plan({
    assets: ["s/assets", "s/database"].map((id) => asset({ region: ["24h", "8h"] }, { id })),
    protections: [member("s/assets", assets), member("s/database", database)],
    paths: ["s/assets", "s/database"].map((id) => path({ id: `${id}/restore`, asset: id, protection: `${id}/points` })),
    groups: [
      {
        id: "s/pair",
        members: [
          { asset: "s/assets", refersTo: [] },
          { asset: "s/database", refersTo: ["s/assets"] },
        ],
        source: source("pair"),
      },
    ],
  });
};

function groups(): string[][] {
  const pairs: Pair[] = [
    { what: "assets on Sundays", assets: "0 1 * * 0", database: "0 2 * * *", slack: "0s" },
    { what: "assets on two days", assets: "0 2 * * 1,2", database: "0 2 * * 2", slack: "0s" },
    { what: "at the same time", assets: "0 2 * * *", database: "0 2 * * *", slack: "0s" },
    { what: "a minute of slack", assets: "0 2 * * *", database: "0 2 * * *", slack: "1m" },
  ];
  const row = (one: Pair) => {
    const { rpo } = chosen(about("s/database", pair(one)));
    return [one.what, one.assets, one.database, ...rpo.map(({ total }) => hours(total))];
  };
  const [sundays] = pairs;
  if (sundays === undefined) throw new Error("no pair");
  const until = asOf + 60 * 86_400;
  const member = (name: string, expression: string, refersTo: number[]): Member => ({
    name,
    stream: {
      kind: "runs",
      due: sure(runs(cron(expression), asOf, until)),
      slack: 0,
      run: 0,
      transfer: 0,
      capture: "start",
    },
    refersTo,
  });
  const joint = jointLoss([member("assets", sundays.assets, []), member("database", sundays.database, [0])]);
  const witness = Array.isArray(joint) ? joint[0].witness : undefined;
  if (witness === undefined || !Array.isArray(joint)) throw new Error("no witness");
  const [assets, database] = witness.captured;
  return [
    [
      `input  assets ${sundays.assets}, database ${sundays.database}; the database refers to the assets`,
      "",
      ...events([
        [database?.at ?? 0, "database dump: the last that is not newer than the assets' copy"],
        [assets?.at ?? 0, "assets copied; each later dump may refer to assets that this copy lacks"],
        [witness.at, "just before the next copy of the assets is usable, the region is lost"],
      ]),
      `lost ${hours(joint[0].loss)}`,
    ],
    columns([["", "assets", "database", "every run", "one failed"], ...pairs.map(row)]),
  ];
}

function chains(): string[][] {
  const rate = { perLink: term("link", "2s"), bytesPerSecond: 50_000_000, baseBytes: 3_000_000_000 };
  const full = series({ schedule: cron("0 2 * * 0"), run: term("run", "4h") });
  const weekly = points({
    series: [full, series({ name: "increments", role: "incremental", schedule: cron("0 2 * * 1-6") })],
    transfer: term("transfer", "0s"),
    restoreRate: rate,
  });
  const cycles = ([0, 1] as const).map((missed) => spanOf(full, missed, asOf));
  const run = full.run.value;
  const reach = (text: string) => reachBack(weekly, duration(text), asOf);
  const back = (text: string) => `${text} - ${days(cycles[1] ?? run)} - ${days(run)}`;
  const asked = finite(duration("30d"));
  const needed = (cycle: Bound | undefined) => added([seconds(asked), cycle ?? run, run], days);
  const enough = needed(cycles[1]).split(" = ")[1] ?? "";
  if (finite(reach(enough.replaceAll(" ", ""))) !== asked) throw new Error("what is needed reaches elsewhere");
  const links = longestChain(weekly, asOf);
  const perLink = finite(rate.perLink.value);
  const time = restoreTime(weekly, asOf) ?? { unknown: "no rate" };
  const large = { perLink: term("link", "0s"), bytesPerSecond: 4_200_000_000, baseBytes: 2_300_000_000_000_000 };
  const huge = restoreTime(points({ restoreRate: large }), asOf) ?? { unknown: "no rate" };
  const counted = (zone: string) =>
    keptTerm(
      points({ series: [series({ schedule: cron("0 2 * * *", zone), startSlack: term("late", "0s") })] }),
      copy({ keptFor: term("kept", "365d"), newest: 30 }),
      asOf,
    ).value;
  return [
    joined(
      [
        "input               full on Sundays at 02:00, run 4h; incrementals on the other days",
        `${days(seconds(asked))} back need       ${needed(cycles[1])}`,
        `every run           ${needed(cycles[0])}`,
        `kept 30d reaches    ${back("30d")} = ${days(reach("30d"))}`,
        `kept 7d reaches     ${days(reach("7d"))}`,
      ],
      [
        `longest chain  (${hours(cycles[1] ?? run)} + ${hours(run)}) / 24h, rounded up = ${finite(links)} incrementals`,
        `restore        ${rate.baseBytes / 1e9} GB / ${rate.bytesPerSecond / 1e6} MB/s + ${finite(links)} x ${perLink} s = ${plain(time)} s`,
        `restore        ${large.baseBytes / 1e15} PB / ${large.bytesPerSecond / 1e9} GB/s = ${plain(huge)} s = ${hours(huge)}`,
      ],
    ),
    joined([
      `30 daily points, 02:00 Europe/Berlin   ${hours(counted("Europe/Berlin"))}: 29 gaps, one of them the hour that October repeats`,
      `30 daily points, 02:00 Etc/UTC         ${hours(counted("Etc/UTC"))}`,
    ]),
  ];
}

/** What is made from something else, must fit it, or hangs on it. */
export const chapter: Section[] = [
  { heading: "Rebuild", blocks: rebuilt },
  { heading: "Groups", blocks: groups },
  { heading: "Chains and retention", blocks: chains },
];
