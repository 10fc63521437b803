import {
  type Bound,
  criticalPath,
  duration,
  heartbeatGap,
  isUnbounded,
  kubernetes,
  leaseTakeover,
  type NodeSettings,
  nodeRestart,
  probeDetection,
  prometheusDetection,
  restoreTime,
  type Step,
  seconds,
  spanFrom,
  type Term,
  zoneRestart,
} from "../../../recovery";
import { against } from "../../recovery/answers";
import { asOf, asset, path, plan, points, source, step, term } from "../../recovery/build";
import { daily } from "./running";
import {
  about,
  added,
  chosen,
  columns,
  h,
  hours,
  inSeconds,
  joined,
  plain,
  type Section,
  setting,
  total,
  valuesOf,
} from "./words";

function recovery(): string[][] {
  const one = path({
    detect: [term("alert", "90s")],
    decide: [term("acknowledged", "5m"), term("decided", "5m")],
    redirect: [term("TTL", "60s")],
  });
  const answer = chosen(against("region", daily(), { paths: [one] }));
  return [
    [
      "input  alert 1m 30s, acknowledged in 5m, decided in 5m, one step of 1h, DNS record of 1m",
      `RTO    ${added(valuesOf(answer.rto.terms))}`,
    ],
  ];
}

function noticing(): string[][] {
  const prometheus = (scrape: string, holds: string, wait: string): string[] => {
    const terms = prometheusDetection({
      scrape: setting(scrape),
      scrapeTimeout: setting("10s"),
      evaluation: setting(scrape),
      for: setting(holds),
      wait: setting(wait),
    });
    return [`scrape ${scrape}, timeout 10s, evaluation ${scrape}, for ${h(holds)}, wait ${h(wait)}`, inSeconds(terms)];
  };
  const probe = { initialDelay: seconds(0), period: seconds(10), timeout: seconds(1), failures: 3 };
  const beat = ["5m", "5m"].map(duration);
  const [group = seconds(0), repeat = seconds(0)] = beat;
  const gap = heartbeatGap(group, repeat);
  return [
    joined(
      columns([prometheus("30s", "60s", "30s"), prometheus("30s", "60s", "300s"), prometheus("15s", "20s", "30s")]),
      columns([
        [
          `probe: period ${hours(probe.period)}, ${probe.failures} failures, timeout ${hours(probe.timeout)}`,
          `${probe.failures} x ${plain(probe.period)} + ${plain(probe.timeout)} = ${plain(probeDetection(probe))} s`,
        ],
        [
          `heartbeat: group interval ${hours(group)}, repeat interval ${hours(repeat)}`,
          `comes every ${hours(gap)} at worst`,
        ],
      ]),
    ),
  ];
}

const bare: NodeSettings = {
  workload: "Deployment",
  nodeGrace: spanFrom(kubernetes.nodeGrace),
  toleration: spanFrom(kubernetes.toleration),
  volume: { value: "none", source: source("volume") },
  imagePull: setting("0s"),
  start: setting("0s"),
};

function restarts(): string[][] {
  const exclusive: NodeSettings = { ...bare, volume: { value: "exclusive", source: source("volume") } };
  const slow = { toleration: setting("30s"), imagePull: setting("60s"), start: setting("930s") };
  const row = (what: string, { detect, steps }: ReturnType<typeof nodeRestart>) => [
    what,
    sumOrNot([...detect, ...steps]),
  ];
  const sumOrNot = (terms: Term[]) => {
    const all = total(terms);
    return isUnbounded(all) ? `unbounded: ${all.unbounded}` : inSeconds(terms.filter(({ value }) => value !== 0));
  };
  const nodes = { value: { all: 3, lost: 3, othersStand: true }, source: source("nodes") };
  return [
    joined(
      columns([
        row("default tolerations, no volume", nodeRestart(bare)),
        row("a volume of that node alone", nodeRestart(exclusive)),
        row("the same, tolerated 30s, image 60s, start-up 930s", nodeRestart({ ...exclusive, ...slow })),
        row("the first, with a zone of three nodes", zoneRestart({ ...bare, nodes })),
        row("standby behind a Lease of 15s", { detect: leaseTakeover(setting("15s")), steps: [] }),
      ]),
      [row("StatefulSet", nodeRestart({ ...bare, workload: "StatefulSet" })).join("  ")],
    ),
  ];
}

function steps(): string[][] {
  const dag = [
    step("fence", "1m"),
    step("restore data", "40m", { after: ["fence"] }),
    step("restore configuration", "10m", { after: ["fence"] }),
    step("verify", "5m", { after: ["restore data", "restore configuration"] }),
  ];
  const sumOf = ({ steps, waits }: ReturnType<typeof criticalPath>, write: (value: Bound) => string = hours) =>
    added(
      [...steps, ...waits].map(({ bound }) => bound.value),
      write,
    );
  const terabyte = { perLink: term("link", "0s"), bytesPerSecond: 1_000_000_000, baseBytes: 1_000_000_000_000 };
  const each = restoreTime(points({ restoreRate: terabyte }), asOf) ?? { unknown: "no rate" };
  const both = (...links: string[]): Step[] =>
    links.map((link, place) => step(`restore ${place}`, each, { uses: [link] }));
  const turns = [
    step("long", "10m", { uses: ["operator"] }),
    step("short", "1m", { uses: ["operator"] }),
    step("then", "9m", { after: ["short"] }),
  ];
  return [
    joined(
      [
        "fence 1m --+-- restore data 40m ----------+-- verify 5m",
        "           +-- restore configuration 10m -+",
        `critical path ${sumOf(criticalPath(dag))}`,
      ],
      [
        `input      two restores of ${terabyte.baseBytes / 1e12} TB, ${terabyte.bytesPerSecond / 1e9} GB/s each: ${plain(each)} s`,
        `two links  ${plain(criticalPath(both("a", "b")).total)} s`,
        `one link   ${sumOf(criticalPath(both("a", "a")), plain)} s`,
      ],
      [
        "input     one operator for a step of 10m and one of 1m, which another of 9m waits for",
        `at worst  ${sumOf(criticalPath(turns))}`,
      ],
    ),
  ];
}

function waiting(): string[][] {
  const answer = about(
    "s/app",
    plan({
      assets: [asset({}), asset({ region: ["100h", "3h"] }, { id: "s/app", dependsOn: ["s/data"] })],
      protections: [points(), points({ id: "own", asset: "s/app" })],
      paths: [
        path({ detect: [term("noticed", "10m")] }),
        path({
          id: "start",
          asset: "s/app",
          protection: "own",
          detect: [term("noticed", "25m")],
          steps: [step("start", "5m")],
        }),
      ],
    }),
  );
  return [
    [
      "input  database: noticed in 10m, restored in 1h; application: noticed and decided in 25m, started in 5m",
      `RTO    ${added(valuesOf(chosen(answer).rto.terms))}`,
    ],
  ];
}

/** From the disruption until service is back. */
export const chapter: Section[] = [
  { heading: "Recovery time", blocks: recovery },
  { heading: "Noticing", blocks: noticing },
  { heading: "A lost process, node or zone", blocks: restarts },
  { heading: "Steps", blocks: steps },
  { heading: "Waiting for other assets", blocks: waiting },
];
