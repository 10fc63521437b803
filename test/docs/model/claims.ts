import {
  criticalPath,
  jointLoss,
  type Member,
  type RestorePoints,
  runs,
  type Schedule,
  type Step,
  seconds,
} from "../../../recovery";
import { mostWalked } from "../../../recovery/loss/series";
import { cron } from "../../recovery/answers";
import { asOf, asset, path, plan, points, series, source, step, term } from "../../recovery/build";
import { sure } from "./calendar";
import { about, chosen, columns, hours, type Section } from "./words";

const days = 60;
const due = (schedule: Schedule) => sure(runs(schedule, asOf, asOf + days * 86_400));

function dense(): string[] {
  const schedule = cron("* * * * *");
  const run = 10;
  const member = (id: string): RestorePoints => ({
    ...points({ series: [series({ schedule, run: term("run", `${run}s`) })], transfer: term("transfer", "0s") }),
    id: `${id}/points`,
    asset: id,
  });
  const ids = ["s/assets", "s/database"];
  const answer = about(
    "s/database",
    plan({
      assets: ids.map((id) => asset({ region: ["24h", "8h"] }, { id })),
      protections: ids.map(member),
      paths: ids.map((id) => path({ id: `${id}/restore`, asset: id, protection: `${id}/points` })),
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
    }),
  );
  const stream = {
    kind: "runs",
    due: due(schedule).slice(0, 60),
    slack: 0,
    run,
    transfer: 0,
    capture: "start",
  } as const;
  const members: Member[] = [
    { name: "assets", stream, refersTo: [] },
    { name: "database", stream, refersTo: [0] },
  ];
  const joint = jointLoss(members);
  if (!Array.isArray(joint)) throw new Error("no answer");
  return [
    `two assets that must fit, each minute, runs of ${hours(seconds(run))}`,
    hours(chosen(answer).rpo[0].total),
    hours(joint[0].loss),
  ];
}

/** Layers of two steps of a minute, each after both of the layer before; those of the last share a link. */
const layered = (count: number): Step[] =>
  Array.from({ length: count }, (_, layer) =>
    ["a", "b"].map((name) =>
      step(`${count}${name}${layer}`, "1m", {
        after: layer === 0 ? [] : [`${count}a${layer - 1}`, `${count}b${layer - 1}`],
        ...(layer === count - 1 ? { uses: [`link ${count}`] } : {}),
      }),
    ),
  ).flat();

/** A step of the layer n ends two to the power of n - 1 chains: in all as many as `mostChains` of criticalPath.ts. */
const layers = [12, 9, 8, 7, 3, 2];
const chains = layers.reduce((all, count) => all + 2 ** (count + 1) - 2, 0);

function chained(extra: number): string[] {
  const alone = Array.from({ length: extra }, (_, place) => step(`alone ${place}`, "1m"));
  const all = [...layers.flatMap(layered), ...alone];
  // One layer after the other, and at last the two that share a link take turns.
  const played = seconds((Math.max(...layers) + 1) * 60);
  const count = (chains + extra).toLocaleString("en-US");
  return [
    `${all.length} steps of 1m in ${count} chains, some share a link`,
    hours(criticalPath(all).total),
    hours(played),
  ];
}

/** Where the model claims more than can happen. */
export const chapter: Section[] = [
  {
    heading: "Where it claims too much",
    blocks: () => [columns([["example", "claimed", "can happen"], dense(), chained(4), chained(5)])],
    figures: [mostWalked.toLocaleString("en-US")],
  },
];
