import {
  type Alert,
  type Archive,
  awsBackup,
  duration,
  factSeconds,
  freshest,
  kubernetes,
  longestGap,
  relayedAge,
  seconds,
  stoppedArchive,
} from "../../../recovery";
import { against, cron } from "../../recovery/answers";
import { alert, asOf, copy, here, path, points, series, source, term } from "../../recovery/build";
import { date, events, nextRun } from "./calendar";
import { daily, lost, told } from "./running";
import { added, chosen, columns, days, finite, h, hours, joined, lossLines, type Section, valuesOf } from "./words";

/** A bar under the columns of a timeline, from one to another, with what it spans. */
function bar(from: number, to: number, span: string): string {
  const dashes = to - from - span.length - 3;
  return `${" ".repeat(from)}|${"-".repeat(Math.floor(dashes / 2))} ${span} ${"-".repeat(Math.ceil(dashes / 2))}|`;
}

const timeline = (every: string, failed: string): string[] => [
  "Sat 02:00        Sun 02:00        Mon 02:00  02:30          02:40",
  "captured         fails            |-- run ---|-- transfer --|",
  `${bar(0, 60, failed)}  lost just before the point of Monday is usable`,
  `${bar(17, 60, every)}  the same, had Sunday's run succeeded`,
];

function restorePoints(): string[][] {
  const running = lost(daily());
  const [every = "", failed = ""] = chosen(running).rpo.map(({ total }) => hours(total));
  const managed = points({
    series: [
      series({
        schedule: { scheduler: "aws", expression: "cron(0 5 * * ? *)", timeZone: "Etc/UTC" },
        overlap: "allow",
        startSlack: { ...term("start window", "0s"), value: factSeconds(awsBackup.startWindow) },
        run: { ...term("completion window", "0s"), value: factSeconds(awsBackup.completionWindow) },
      }),
    ],
    transfer: term("transfer", "0s"),
  });
  const hourly = { expression: "0 * * * *", run: "90m", transfer: "0s" };
  const met = (["allow", "forbid", "replace"] as const).map((overlap) => {
    const { rpo } = chosen(lost(daily(hourly, { overlap })));
    const [healthy, one] = rpo.map(({ terms, total }) =>
      typeof total === "number" ? added(valuesOf(terms).filter((value) => value !== 0)) : hours(total),
    );
    return [overlap, `every run ${healthy}`, `one failed ${one}`];
  });
  const full = series({ schedule: cron("0 2 * * 0"), run: term("run", "30m") });
  const increments = series({ name: "increments", role: "incremental", schedule: cron("0 2 * * 1-6") });
  const stream = (...all: (typeof increments)[]) =>
    chosen(lost(points({ series: all, transfer: term("transfer", "0s") })));
  const lossesOf = (all: ReturnType<typeof stream>) => all.rpo.map(({ total }) => hours(total));
  const captures = (["start", "end", "fuzzy"] as const).map((capture) =>
    hours(chosen(lost({ ...daily(), capture })).rpo[1].total),
  );
  if (new Set(captures).size !== 1) throw new Error(`captures differ: ${captures.join(", ")}`);
  return [
    timeline(every, failed),
    joined(
      [`input       ${told()}`, ...lossLines(running)],
      [
        `input       AWS Backup daily, its default windows: start ${hours(factSeconds(awsBackup.startWindow))}, completion ${days(factSeconds(awsBackup.completionWindow))}`,
        ...lossLines(lost(managed)),
      ],
    ),
    [`input    ${told(hourly)}`, ...columns(met)],
    columns([
      ["schedules", "every run", "one failed"],
      ["full 0 2 * * 0", ...lossesOf(stream(full))],
      ["full 0 2 * * 0 and incremental 0 2 * * 1-6", ...lossesOf(stream(full, increments))],
    ]),
  ];
}

function noticed(): string[][] {
  const taken = daily({ transfer: "0s" });
  const [threshold, notified, acknowledged] = ["25h", "1m", "30m"] as const;
  const watching: Alert = alert({
    threshold: duration(threshold),
    detect: [term("notified", notified)],
    rerun: [term("acknowledge", acknowledged)],
  });
  const answer = against("region", taken, { alerts: [watching] });
  const [, failed] = chosen(answer).rpo;
  const without = chosen(lost(taken)).rpo[1];
  const longest = (rpo: string, detection: string, run: string, ageFrom: "capture" | "completion" = "capture") => {
    const value = longestGap({
      rpo: duration(rpo),
      detection: duration(detection),
      slack: 0,
      run: duration(run),
      transfer: 0,
      ageFrom,
    });
    const times = ageFrom === "capture" ? 2 : 3;
    return [
      `RPO ${h(rpo)}, noticed in ${h(detection)}, run ${h(run)}, age from ${ageFrom}`,
      `${h(rpo)} - ${h(detection)} - ${times} x ${h(run)} = ${hours(value ?? { unknown: "none" })}`,
    ];
  };
  return [
    joined(
      [
        `input           ${told({ transfer: "0s" })}`,
        `                alert at an age of ${threshold}, notified in ${notified}, acknowledged in ${acknowledged}`,
        `with the alert  ${added(valuesOf(failed.terms))}`,
        `without         ${added(valuesOf(without.terms))}`,
      ],
      columns([longest("24h", "30m", "40m"), longest("24h", "30m", "40m", "completion"), longest("4h", "15m", "30m")]),
    ),
  ];
}

function relayed(): string[][] {
  const backup = daily({ run: "90m", transfer: "0s" });
  const schedule = cron("0 3 * * *");
  const relay = series({ name: "copy job", schedule, run: term("run", "20m") });
  const carried = { ...backup, copies: [copy({ at: here }), copy({ relay })] };
  const [every, failed] = chosen(lost(carried)).rpo.map(({ total }) => hours(total));
  const cadence = freshest(backup, asOf);
  if (cadence === undefined) throw new Error("nothing takes points");
  const { age, witness } = relayedAge(carried, cadence, relay, 0, asOf);
  if (witness === undefined || hours(age) !== every) throw new Error("the walk has no witness");
  const run = duration("20m");
  const captured = witness.captured[0]?.at ?? 0;
  const missed = nextRun(cron("0 2 * * *"), captured);
  const carrying = nextRun(schedule, missed);
  const last = nextRun(schedule, carrying);
  return [
    [
      `input  backup 0 2 * * *, run ${h("90m")}; copy job ${schedule.expression}, run ${h("20m")}`,
      "",
      ...events([
        [captured, "backup starts: the state that will be brought back"],
        [missed, `the next backup starts, and runs until ${date(missed + duration("90m")).slice(-5)}`],
        [carrying, "copy job starts, and can take Saturday's only"],
        [last, "copy job starts again"],
        [witness.at, "just before its copy is usable, the region is lost"],
      ]),
      `lost ${hours(seconds(finite(age) - run))} + ${hours(run)} = ${every}; with one failed run ${failed}`,
    ],
  ];
}

/** A log of the running example. */
const archive: Archive = {
  kind: "archive",
  id: "log",
  asset: "s/data",
  label: "log",
  base: "points",
  ship: term("archive_timeout", "60s"),
  upload: term("upload", "30s"),
  copies: [copy()],
  source: source("log"),
};

function logged(): string[][] {
  const answer = (base = daily(), disruption: "region" | "corruption" = "region") =>
    against(disruption, archive, { protections: [base, archive], paths: [path({ protection: "log" })] });
  const [every, failed] = chosen(answer()).rpo;
  const [ship, upload, notified] = ["60s", "30s", "150s"].map(duration);
  const stopped = stoppedArchive(ship ?? 0, upload ?? 0, notified ?? 0);
  const kept = "3d";
  const window = chosen(answer({ ...daily(), copies: [copy({ keptFor: term("kept", kept) })] }, "corruption")).window;
  const oldest = chosen(lost(daily())).rpo[1].total;
  return [
    joined(
      [
        `input       archive_timeout ${ship} s, upload ${upload} s, alert on the age of the last upload notified in ${notified} s`,
        `every run   ${every.terms.map(({ value }) => value).join(" + ")} = ${every.total} s`,
        `one failed  ${failed.terms.map(({ value }) => value).join(" + ")} = ${failed.total} s`,
        `stopped     ${[ship, upload, upload, notified].join(" + ")} = ${stopped} s when the alert fires`,
      ],
      [
        `input       daily bases as above, base and log kept ${h(kept)}`,
        `reaches     ${h(kept)} - ${hours(oldest)} = ${hours(window?.available ?? { unknown: "no window" })} back`,
      ],
    ),
  ];
}

/** What is taken on a schedule, noticed, carried on and logged. */
export const chapter: Section[] = [
  {
    heading: "Restore points",
    blocks: restorePoints,
    figures: [factSeconds(kubernetes.leastStartingDeadline)],
  },
  { heading: "A failed run that an alert notices", blocks: noticed },
  { heading: "A copy with a schedule of its own", blocks: relayed },
  { heading: "A log: archive and point in time", blocks: logged },
];
