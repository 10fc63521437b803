import {
  formatBound,
  habits,
  runs,
  type Schedule,
  type Scheduler,
  schedulers,
  seconds,
  worstGaps,
} from "../../../recovery";
import { cron } from "../../recovery/answers";
import { asOf } from "../../recovery/build";
import { date, events, onTheWall, sure } from "./calendar";
import { columns, hours, type Section, table } from "./words";

/** A daily run at 02:30 in the words of each scheduler. */
const nightly: Record<Scheduler, string> = {
  kubernetes: "30 2 * * *",
  aws: "cron(30 2 * * ? *)",
  quartz: "0 30 2 * * ?",
  azure: '{"frequency":"Day","schedule":{"hours":[2],"minutes":[30]}}',
  debian: "30 2 * * *",
  dlm: "cron(30 2 * * ? *)",
};
const berlin = "Europe/Berlin";
const spring = Date.parse("2027-03-28T00:00:00Z") / 1_000;
const autumn = Date.parse("2027-10-31T00:00:00Z") / 1_000;

function schedules(): string[][] {
  const rows = schedulers.map((scheduler) => {
    const timeZone = scheduler === "dlm" ? "Etc/UTC" : berlin;
    const schedule: Schedule = { scheduler, expression: nightly[scheduler], timeZone };
    const during = (from: number) => {
      const found = sure(runs(schedule, from - 1, from + 12 * 3_600)).map((at) => onTheWall(at, timeZone));
      return found.length === 0 ? "-" : found.join(", ");
    };
    const { maxGapSeconds } = sure(worstGaps(schedule, asOf));
    const { startSlack, longestRun } = habits[scheduler];
    return [
      `\`${scheduler}\``,
      during(spring),
      during(autumn),
      ...maxGapSeconds.slice(0, 2).map((gap) => hours(seconds(gap))),
      formatBound(startSlack.bound),
      formatBound(longestRun.bound),
    ];
  });
  const skipped = cron("0 2 * * *", berlin);
  const { maxGapSeconds, maxGapAfter } = sure(worstGaps(skipped, asOf));
  const [before = 0] = maxGapAfter;
  const after = before + (maxGapSeconds[0] ?? 0);
  const wall = (at: number) => `runs at ${onTheWall(at, berlin)}`;
  const gapsOf = (expression: string, zone: string, scheduler: Scheduler = "kubernetes") => {
    const found = sure(worstGaps({ scheduler, expression, timeZone: zone }, asOf)).maxGapSeconds;
    return [expression, zone, scheduler, ...found.slice(0, 2).map((gap) => hours(seconds(gap)))];
  };
  return [
    table(
      [
        "scheduler",
        date(spring).slice(0, 10).concat(" 2027"),
        date(autumn).slice(0, 10).concat(" 2027"),
        "gap",
        "one failed",
        "start slack, unless set",
        "run, unless set",
      ],
      rows,
    ),
    [
      `input  CronJob ${skipped.expression} ${berlin}`,
      "",
      ...events([
        [before, wall(before)],
        [
          before + 24 * 3_600,
          `02:00 does not exist: the clocks go from ${onTheWall(spring + 3_599, berlin).slice(0, 3)}59 to 03:00`,
        ],
        [after, wall(after)],
      ]),
      `${hours(seconds(after - before))} between two runs`,
    ],
    columns([
      ["expression", "zone", "scheduler", "gap", "one failed"],
      gapsOf("0 2 * * *", "Etc/UTC"),
      gapsOf("0 2 * * *", berlin),
      gapsOf("0 2 * * *", berlin, "debian"),
      gapsOf("0 2 * * 0", berlin),
      gapsOf("0 2 * * 1-5", "Etc/UTC"),
      gapsOf("0 0 1-7 * 1", "Etc/UTC"),
      gapsOf("0 2 31 * *", "Etc/UTC"),
      gapsOf("0 2 29 2 *", "Etc/UTC"),
    ]),
  ];
}

/** When runs are due. */
export const chapter: Section[] = [{ heading: "Schedules", blocks: schedules }];
