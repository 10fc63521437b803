import {
  type Bound,
  budgets,
  type Fact,
  facts,
  fixOf,
  type Grade,
  gapOfChange,
  isUnknown,
  type PlannedWork,
  type Schedule,
  seconds,
  spansTaken,
  staleFacts,
} from "../../../recovery";
import { against, cron } from "../../recovery/answers";
import { asOf, asset, path, plan, redundancy, source, step, term } from "../../recovery/build";
import { events, sure } from "./calendar";
import { daily, lost, told } from "./running";
import { added, chosen, columns, hours, joined, plain, type Section, valuesOf } from "./words";

function changes(): string[][] {
  const [was, is] = [cron("0 23 * * *"), cron("0 1 * * *")];
  const year = { from: asOf, to: asOf + 365 * 86_400 };
  const gap = (before: Schedule, after: Schedule) => sure(gapOfChange(before, after, year));
  const { lastRun, changedAt, firstRun, seconds: longest } = gap(was, is);
  return [
    [
      `input  CronJob ${was.expression} becomes ${is.expression}`,
      "",
      ...events([
        [lastRun, "last run of the old schedule"],
        [changedAt + 1, "changed just before the next one, which never starts"],
        [firstRun, "first run of the new schedule"],
      ]),
      `${hours(seconds(longest))} without a run; the other way round ${hours(seconds(gap(is, was).seconds))}`,
    ],
  ];
}

function planned(): string[][] {
  const over = seconds(30 * 86_400);
  const row = (what: string, expression: string, edit: Partial<PlannedWork> = {}) => {
    const work: PlannedWork = {
      name: "upgrade",
      system: "s",
      schedule: cron(expression),
      lasts: term("window", "4h"),
      effect: "down",
      source: source("upgrade"),
      ...edit,
    };
    const promise = {
      system: "s",
      perMillion: 999_900,
      over,
      readOnlyCounts: false,
      owner: "test",
      reason: "test",
      source: source("promise"),
    };
    const [budget] = budgets(plan({ work: [work], availability: [promise] }), asOf);
    if (budget === undefined) throw new Error("no budget");
    const windows = budget.work[0]?.windows ?? seconds(0);
    const taken = plain(budget.planned);
    const times =
      budget.planned === 0 ? "none" : `${taken} / ${budget.allowed}, rounded up = ${spansTaken(budget)} of them`;
    return { allowed: budget.allowed, cells: [what, expression, `${plain(windows)} x 4h = ${taken} s`, times] };
  };
  const quarterly = row("once a quarter", "0 2 1 */3 *");
  const monthly = row("once a month", "0 2 1 * *");
  const readOnly = row("once a month, read-only", "0 2 1 * *", { effect: "read-only" });
  return [
    [
      `input  99.99 % of 30 days; windows of 4h`,
      `allowed  30 x 86,400 x 0.0001, rounded down = ${quarterly.allowed} s`,
      ...columns([
        quarterly.cells,
        monthly.cells,
        [...readOnly.cells.slice(0, 2), `0 s, which the promise does not count`],
      ]),
    ],
  ];
}

function graded(): string[][] {
  const row = (what: string, value: string | Bound, grade: Grade, rto = "2h") => {
    const steps = [{ ...step("restore", "1h"), bound: term("restore", value, grade) }];
    const answer = against(
      "region",
      redundancy({ survives: "region" }),
      { paths: [path({ protection: "storage", steps })] },
      ["0s", rto],
    );
    return [what, typeof value === "object" && isUnknown(value) ? "" : grade, answer.verdict];
  };
  const read = (day: string): Fact => {
    const found = facts.find((one) => one.read === day);
    if (found === undefined) throw new Error(`no fact was read ${day}`);
    return found;
  };
  const due = (day: string) => {
    const { id, reviewBy } = read(day);
    const stale = (at: number) => staleFacts(at).some((one) => one.id === id);
    const last = Date.parse(`${reviewBy}T23:59:59Z`) / 1_000;
    if (stale(last) || !stale(last + 1)) throw new Error(`${id} is not stale after ${reviewBy}`);
    return [`read ${day}`, `counts without a note through ${reviewBy}`];
  };
  return [
    [
      "input  RPO 0s, RTO 2h; storage that outlives the region, and one step: restore",
      ...columns([
        row("deadline of 1h, kept by a drill", "1h", "measured"),
        row("1h by a register entry", "1h", "assumed"),
        row("1h by a contract", "1h", "contractual"),
        row("deadline of 3h, kept by a drill", "3h", "measured"),
        row("no deadline", { unbounded: "no deadline" }, "measured"),
        row("a deadline that preview cannot read", { unknown: "not known before deployment" }, "guaranteed"),
      ]),
    ],
    columns([due("2026-11-21"), due("2025")]),
  ];
}

function choosing(): string[][] {
  const ways = {
    protections: [
      redundancy({ id: "replica", survives: "region" as const, loss: [term("lag", "15m")] }),
      redundancy({ id: "backup", survives: "region" as const, loss: [term("age", "24h")] }),
    ],
    paths: [
      path({ id: "promote", label: "promote", protection: "replica", steps: [step("promote", "6h")] }),
      path({ id: "restore", label: "restore", protection: "backup", steps: [step("restore", "1h")] }),
    ],
  };
  const promised = (rpo: string, rto: string) => {
    const answer = against("region", redundancy(), { ...ways }, [rpo, rto]);
    const { label } = chosen(answer);
    const way = answer.verdict === "missed" ? `missed, nearest ${label}` : `${answer.verdict} by ${label}`;
    const { term: binding, largest } = answer.bindings.rpo ?? {};
    return [
      `RPO ${rpo}, RTO ${rto}`,
      way,
      binding === undefined
        ? ""
        : `binding: ${binding.name} ${hours(binding.value)}, at most ${hours(seconds(largest ?? 0))}`,
    ];
  };
  const each = against("region", redundancy(), ways, ["1h", "2h"]);
  const rows = [chosen(each), ...each.others]
    .map(({ label, rpo, rto }) => [label, `loses ${hours(rpo[1].total)}`, `back in ${hours(rto.total)}`])
    .sort();
  const broken = lost(daily());
  const { rpo } = broken.bindings;
  const fixed = fixOf(plan({ assets: [asset({ region: ["24h", "8h"] })], protections: [daily()] }), broken, asOf);
  if (rpo === undefined || fixed === undefined) throw new Error("nothing to mend");
  const rest = valuesOf(chosen(broken).rpo[1].terms.filter((one) => one !== rpo.term && one.value !== 0)).map(hours);
  const eight = lost(daily({ expression: "0 */8 * * *" }));
  if (!fixed.change.includes("0 */8 * * *")) throw new Error(`another fix: ${fixed.change}`);
  return [
    joined(
      [...columns(rows), "", ...columns([promised("1h", "2h"), promised("1h", "6h"), promised("24h", "2h")])],
      [
        `input    ${told()}; RPO 24h`,
        `binding  ${rpo.term.name}, ${hours(rpo.term.value)}; at most ${["24h", ...rest].join(" - ")} = ${hours(seconds(rpo.largest ?? 0))}`,
        `fix      ${fixed.change}`,
        `checked  ${added(valuesOf(chosen(eight).rpo[1].terms))}`,
      ],
    ),
  ];
}

/** What changes, what is planned, how well numbers are founded, and which way is told. */
export const chapter: Section[] = [
  { heading: "The day a schedule changes", blocks: changes },
  {
    heading: "Planned work",
    blocks: planned,
    figures: [(Date.parse("2027-03-01") - Date.parse("2027-02-01")) / 86_400_000],
  },
  { heading: "Grades and verdicts", blocks: graded },
  { heading: "Choosing a path", blocks: choosing },
];
