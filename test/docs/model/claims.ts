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
import { mostKept } from "../../../recovery/time/turns";
import { cron } from "../../recovery/answers";
import { asOf, asset, path, plan, points, series, source, step, term } from "../../recovery/build";
import { fought } from "../../support/simulator/battle";
import { claimed } from "../../support/simulator/claim";
import { lossFamilies } from "../../support/simulator/lossFamilies";
import { anything, planOf, type Subject, type Taking, worldOf } from "../../support/simulator/subject";
import { timeFamilies } from "../../support/simulator/timeFamilies";
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

/**
 * Layers of two steps of a minute, each after both of the layer before. Each shares something with one more step of its
 * layer, which shares something else with the last step of all.
 */
const layered = (count: number): Step[] => {
  const sides = ["a", "b"];
  const places = Array.from({ length: count }, (_, layer) => sides.map((side) => `${side}${layer}`));
  const steps = places.flatMap((layer, place) =>
    layer.flatMap((name) => {
      const after = places[place - 1] ?? [];
      return [
        step(name, "1m", { after, uses: [name] }),
        step(`beside ${name}`, "1m", { after, uses: [name, `end of ${name}`] }),
      ];
    }),
  );
  const uses = places.flat().map((name) => `end of ${name}`);
  return [...steps, step("last", "1m", { after: places[count - 1] ?? [], uses })];
};

function chained(count: number): string[] {
  const all = layered(count);
  // In each layer first those beside, then the two that share something with them; and at last one more.
  const played = seconds((2 * count + 1) * 60);
  return [
    `${all.length} steps of 1m in ${count} layers, of which most share something`,
    hours(criticalPath(all).total),
    hours(played),
  ];
}

/** The fewest hours that points must be kept so that something is left to restore. */
function fewest(enough: (kept: number) => boolean): string {
  const most = 60 * 24;
  let [none, some] = [0, most];
  while (some - none > 1) {
    const middle = (none + some) >> 1;
    if (enough(middle * 3_600)) some = middle;
    else none = middle;
  }
  return hours(seconds(some * 3_600));
}

function weekly(): string[] {
  const taking = (role: Taking["role"], schedule: Schedule): Taking => ({
    role,
    schedule,
    slack: 0,
    run: 0,
    overlap: "forbid",
  });
  const takings = [taking("full", cron("0 1 * * 0")), taking("incremental", cron("0 2 * * 1-5"))];
  const keeping = (kept: number): Subject => ({ ...anything, takings, kept });
  return [
    "weekly fulls, incrementals on weekdays, to be kept",
    fewest((kept) => Number.isFinite(claimed(planOf(keeping(kept), "region"), "region")?.failed)),
    fewest((kept) => Number.isFinite(fought(worldOf(keeping(kept)), { tried: 3, sweeps: 1, days: [15] })[1])),
  ];
}

/** Generated plans of all kinds that are played, in tens of thousands. */
const generated =
  10_000 * Math.floor([...lossFamilies, ...timeFamilies].reduce((all, { plans }) => all + plans, 0) / 10_000);

/** How the claims are checked, and where the model claims more than can happen. */
export const chapter: Section[] = [
  { heading: "How it is proven", blocks: () => [], figures: [generated.toLocaleString("en-US")] },
  {
    heading: "Where it claims too much",
    blocks: () => [columns([["example", "claimed", "can happen"], dense(), weekly(), chained(8), chained(9)])],
    figures: [mostWalked, mostKept].map((most) => most.toLocaleString("en-US")),
  },
];
