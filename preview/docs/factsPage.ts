import { literal } from "../../evidence/markdownText";
import { wrap } from "../../evidence/text";
import { formatSeconds } from "../../recovery/duration";
import { type Fact, type FactGroup, factGroups, gradeOf, type Standing } from "../../recovery/facts";

/** Columns of prose and of lists in the page. */
const width = 120;

/** What each standing means, and what a number of it counts for. */
const standings: Record<Standing, string> = {
  design: "follows from design or configuration",
  contract: "a contract promises it, where its conditions are met; what it pays is money, not data",
  measured: "was measured here",
  typical: "a vendor calls it usual and promises nothing",
  none: "nobody publishes a number, or one that is no promise",
  unverified: "nobody has confirmed it",
};

const intro = [
  "Made from `recovery/facts` by `npx holdfast docs`: every constant that the model, a reader of resources or a runbook reckons with, and what decides whether something survives.",
  "Each says who says so and when that was last read. Two years later, and from 2027-06-30 on at the earliest, it is to be read again: a verdict that rests on a fact past that day carries a note.",
];

/** `docs/facts.md`: every fact with its number, its standing, its source and the days it was read and is to be read again. */
export function factsPage(): string {
  return [
    "# Facts",
    "",
    ...intro.flatMap((text) => [...wrap(text, width), ""]),
    "| standing | the number | counts for |",
    "|---|---|---|",
    ...(Object.keys(standings) as Standing[]).map(
      (standing) =>
        `| ${standing} | ${standings[standing]} | ${gradeOf({ standing }) ?? "nothing without a register entry"} |`,
    ),
    "",
    ...wrap(factGroups.map(({ title }) => `[${unbroken(title)}](#${anchor(title)})`).join(" · "), width),
    "",
    ...factGroups.flatMap(chapter),
  ].join("\n");
}

function chapter({ title, facts }: FactGroup): string[] {
  const all = Object.values(facts);
  const sources = [...new Set(all.map(({ source }) => source))];
  return [
    `## ${title}`,
    "",
    "| what | number | standing | source | read | review by |",
    "|---|---|---|---|---|---|",
    ...all.map((fact) => row(fact, sources.indexOf(fact.source) + 1)),
    "",
    "Sources:",
    "",
    ...sources.map((source, i) => `${i + 1}. ${source.startsWith("https://") ? source : literal(source)}`),
    "",
  ];
}

function row(fact: Fact, source: number): string {
  const { id, says, standing, read, reviewBy } = fact;
  return `| ${literal(says)}<br>\`${id}\` | ${numberOf(fact)} | ${standing} | ${source} | ${read} | ${reviewBy} |`;
}

function numberOf({ value, unit }: Fact): string {
  if (value === undefined) return "";
  const number = value.toLocaleString("en-US");
  switch (unit) {
    case "seconds":
      return value < 60 ? `${number} s` : `${number} s (${formatSeconds(value)})`;
    case "days":
      return `${number} d`;
    case "percent":
      return `${number} %`;
    case "per million":
      return `${number} per million (${value / 10_000} %)`;
    case "bytes":
      return `${number} B`;
    case "bytes per second":
      return `${number} B/s`;
    default:
      return number;
  }
}

function unbroken(title: string): string {
  return title.replaceAll(" ", "\u00a0");
}

function anchor(title: string): string {
  return title.toLowerCase().replaceAll(" ", "-");
}
