import {
  placementOf,
  type Replica,
  type Shares,
  toleratedLosses,
  type Versions,
  windowOfVulnerability,
} from "../../../recovery";
import { against } from "../../recovery/answers";
import { here, path, redundancy, source, step, term, there } from "../../recovery/build";
import { added, chosen, columns, h, hours, joined, type Section, valuesOf } from "./words";

const replica: Replica = {
  kind: "replica",
  id: "replica",
  asset: "s/data",
  label: "replica",
  at: there,
  lag: term("lag", "15m"),
  carries: "data",
  source: source("replica"),
};

function replicas(): string[][] {
  const row = (what: string, edit: Partial<Replica>) => {
    const answer = against("region", { ...replica, ...edit }, {}, ["15m", "8h"]);
    return [what, `loses ${hours(chosen(answer).rpo[1].total)}`, answer.verdict];
  };
  return [
    columns([
      row("writes are refused beyond a lag of 15m", {}),
      row("a lag of 15m by a contract", { lag: term("lag", "15m", "contractual") }),
      row("as fast as it goes", { lag: term("lag", { unbounded: "nothing holds writes back" }, "assumed") }),
    ]),
  ];
}

function shares(): string[][] {
  const [needed, total, members] = [4, 6, 7];
  const down = [1, 2, 3].map((lost) => {
    const { degraded, unreadable } = placementOf(total, needed, members, lost);
    const percent = `${Math.round((100 * unreadable.of) / unreadable.in)} %`;
    return [
      `${lost} down`,
      `degraded ${degraded.of}/${degraded.in}`,
      `unreadable ${unreadable.of}/${unreadable.in} = ${percent}`,
    ];
  });
  const stands = (what: string, survives: Shares, member = "") => {
    const answer = against("zone", redundancy({ survives }), {}, ["0s", "8h"]);
    const away = survives.away === undefined ? "" : `${survives.away} ${member} away`;
    return [what, away, answer.chosen ? "stands" : (answer.dropped[0]?.reason ?? "")];
  };
  const racks: Shares = { needed, total, together: { zone: 2 } };
  const quorum: Shares = { needed: 2, total: 3, together: { node: 1, zone: 1 } };
  const code: Shares = { needed, total, together: { node: 1 }, members, rebuild: term("rebuild", "2h15m") };
  const window = (some: number) => {
    const value = windowOfVulnerability({ ...code, members: some });
    return typeof value === "object" && "unbounded" in value
      ? value.unbounded
      : `${hours(value)} to rebuild, then whole again`;
  };
  return [
    [`input   ${needed} of ${total} shares suffice, on ${total} of ${members} nodes`, ...columns(down)],
    joined(
      [
        "input  a rack or zone is lost, at once with what planned work has taken away",
        ...columns([
          stands(`${needed} of ${total}, two in a rack`, racks),
          stands("the same", { ...racks, away: 1 }, "rack"),
          stands(`${quorum.needed} of ${quorum.total}, one in a zone`, quorum),
          stands("the same", { ...quorum, away: 1 }, "node"),
        ]),
      ],
      columns([
        [`${needed} of ${total} on ${members} nodes`, `${toleratedLosses(code)} may be lost at once`, window(members)],
        [
          `${needed} of ${total} on ${total} nodes`,
          `${toleratedLosses({ ...code, members: total })} may be lost at once`,
          window(total),
        ],
      ]),
    ),
  ];
}

const versions: Versions = {
  kind: "versions",
  id: "versions",
  asset: "s/data",
  label: "versions",
  at: here,
  undoes: ["overwrite", "delete"],
  keptFor: term("kept", "7d"),
  lock: { mode: "none", keptFor: term("locked", "0s") },
  source: source("versions"),
};

function kept(): string[][] {
  const row = (notice: string, edit: Partial<Versions> = {}) => {
    const steps = [
      step("stop writes", "5m", { stopsWrites: true }),
      step("restore", "1h", { restores: true, after: ["stop writes"] }),
    ];
    const paths = [path({ protection: "versions", detect: [term("noticed", notice)], steps })];
    const answer = against("corruption", { ...versions, ...edit }, { paths });
    if (answer.chosen === undefined) return ["soft delete only", answer.dropped[0]?.reason ?? ""];
    const { rpo, window } = answer.chosen;
    const needed = hours(window?.needed ?? { unknown: "no window" });
    const values = valuesOf(rpo[1].terms);
    const loss = values.every((value) => typeof value === "number") ? added(values) : hours(rpo[1].total);
    return [`noticed after ${h(notice)}`, `needs ${needed} of ${h("7d")}`, `loses ${loss}`];
  };
  return [
    [
      `input              kept ${h("7d")}, writes stopped in ${h("5m")}, restored in ${h("1h")}`,
      ...columns([row("10m"), row("8d"), row("10m", { undoes: ["delete"] })]),
    ],
  ];
}

/** What keeps data elsewhere, in shares, or beside itself. */
export const chapter: Section[] = [
  { heading: "Replicas", blocks: replicas },
  { heading: "Redundancy, shares and quorum", blocks: shares },
  { heading: "Versions and soft delete", blocks: kept },
];
