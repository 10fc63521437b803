import {
  awsBackup,
  type Disruption,
  disruptions,
  duration,
  factSeconds,
  keeps,
  type Protection,
  parseLimit,
} from "../../../recovery";
import { against, taken } from "../../recovery/answers";
import { asOf, cleanRoom, copy, here, path, redundancy, source, term, there } from "../../recovery/build";
import { date, events, sure } from "./calendar";
import { daily, lost, told } from "./running";
import { chosen, columns, hours, type Section, table } from "./words";

function asked(): string[][] {
  const answer = lost(daily());
  const [every, failed] = chosen(answer).rpo.map(({ total }) => hours(total));
  const lag = duration("5m");
  const verdicts = ["5m", "under 5m"].map((rpo) => {
    const limit = sure(parseLimit(rpo));
    return `RPO ${rpo}: ${keeps(lag, limit) === "yes" ? "kept" : "broken"}`;
  });
  return [
    [`loss at worst ${hours(lag)}   ${verdicts.join("   ")}`],
    [
      `input  ${told()}; the region is lost`,
      "",
      ...events((answer.counterexamples.rpo?.events ?? []).map(({ at, what }) => [at, what])),
      `lost ${failed}, ${every} with every run succeeding`,
    ],
  ];
}

const unlocked = { mode: "none", keptFor: term("locked", "0s") } as const;
const replica: Protection = {
  kind: "replica",
  id: "replica",
  asset: "s/data",
  label: "replica",
  at: there,
  lag: term("lag", "5m"),
  carries: "data",
  source: source("replica"),
};
const versions: Protection = {
  kind: "versions",
  id: "versions",
  asset: "s/data",
  label: "versions",
  at: here,
  undoes: ["overwrite", "delete"],
  keptFor: term("kept", "30d"),
  lock: unlocked,
  source: source("versions"),
};

/** How one protection fares that is restored in a place which nothing here can strike. */
const fares = (disruption: Disruption, protection: Protection, edit: Parameters<typeof path>[0] = {}) =>
  against(disruption, protection, { paths: [path({ protection: protection.id, runsAt: cleanRoom, ...edit })] });

function survival(): string[][] {
  const rows: [what: string, protection: Protection][] = [
    ["storage that spans the zones", redundancy()],
    ["replica in another region", replica],
    ["earlier versions, beside the data", versions],
    ["restore points in the asset's region", taken({}, { copies: [copy({ at: here, lock: unlocked })] })],
    ["restore points in another region", taken({}, { copies: [copy({ lock: unlocked })] })],
    ["the same under a compliance lock", taken()],
  ];
  const reason = (answer: ReturnType<typeof fares>) => answer.dropped[0]?.reason ?? "counts";
  const grace = asOf + factSeconds(awsBackup.vaultLockGrace);
  const lock = { mode: "compliance", keptFor: term("locked", "45d"), graceUntil: grace } as const;
  const graced = taken({}, { copies: [copy({ lock })] });
  const key = { what: "its key", at: here, source: source("key") };
  const later = against("compromise", graced, { paths: [path({ runsAt: cleanRoom })] }, undefined, grace);
  const cases: string[][] = [
    ["copy in the asset's region", "region", reason(fares("region", taken({}, { copies: [copy({ at: here })] })))],
    [
      "copy elsewhere, its key here",
      "region",
      reason(fares("region", taken({}, { copies: [copy({ needs: [key] })] }))),
    ],
    ["recovery runs here", "region", reason(fares("region", taken(), { runsAt: here }))],
    [
      "copy without a lock",
      "compromise",
      reason(fares("compromise", taken({}, { copies: [copy({ lock: unlocked })] }))),
    ],
    [
      "lock in governance mode",
      "compromise",
      reason(fares("compromise", taken({}, { copies: [copy({ lock: { ...lock, mode: "governance" } })] }))),
    ],
    [`vault lock set on ${date(asOf)}`, "compromise", reason(fares("compromise", graced))],
    [`the same from ${date(grace)} on`, "compromise", reason(later)],
  ];
  return [
    table(
      ["", ...disruptions],
      rows.map(([what, protection]) => [
        what,
        ...disruptions.map((disruption) => (fares(disruption, protection).chosen ? "yes" : "-")),
      ]),
    ),
    columns(cases),
  ];
}

/** What is promised, and what survives. */
export const chapter: Section[] = [
  { heading: "What is asked", blocks: asked },
  { heading: "Survival first", blocks: survival },
];
