import fc from "fast-check";
import {
  criticalPath,
  heartbeatGap,
  placementOf,
  probeDetection,
  prometheusDetection,
  seconds,
  sum,
} from "../../../recovery";
import { source, step } from "../../recovery/build";
import { secondsOf } from "./claim";
import { family, type Played } from "./family";
import { type Probe, slowestDeath } from "./probe";
import { slowestBeat, slowestNotice } from "./prometheus";
import { fractions } from "./shares";
import { ends, type Task } from "./steps";
import { slowestTurns, type Turn } from "./turns";

const setting = (value: number) => ({ value: seconds(value), source: source("setting") });
const few = (min: number, max: number) => fc.integer({ min, max });

const watches = fc
  .record({ scrape: few(1, 20), late: few(0, 19), evaluation: few(1, 20), holds: few(0, 90), groupWait: few(0, 60) })
  .map(({ late, ...watch }) => ({ ...watch, timeout: 1 + (late % watch.scrape) }));

/** Probes whose timeout is no longer than their period, as the API server does not ask for but everybody sets. */
const probes: fc.Arbitrary<Probe> = fc
  .record({ initialDelay: few(0, 20), period: few(1, 10), timeout: few(1, 10), failures: few(1, 5) })
  .map((probe) => ({ ...probe, timeout: Math.min(probe.timeout, probe.period) }));

const slowProbes: fc.Arbitrary<Probe> = fc.record({
  initialDelay: few(0, 20),
  period: few(1, 5),
  timeout: few(1, 12),
  failures: few(1, 5),
});

/** Steps of which each comes after some of those before it. */
function graphs<T>(most: number, more: fc.Arbitrary<T>): fc.Arbitrary<(Task & T)[]> {
  return fc.array(fc.tuple(fc.nat(60), fc.nat(63), more), { minLength: 1, maxLength: most }).map((drawn) =>
    drawn.map(([takes, after, rest], place) => ({
      ...rest,
      name: `s${place}`,
      takes,
      after: drawn.flatMap((_, other) => (other < place && (after >> other) % 2 === 1 ? [`s${other}`] : [])),
    })),
  );
}

const things = fc.record({ uses: fc.subarray(["operator", "link"]) });

const pathOf = (steps: readonly (Task & Partial<Turn>)[]) =>
  secondsOf(
    criticalPath(
      steps.map(({ name, takes, after, uses = [] }) => step(name, `${takes}s`, { after: [...after], uses: [...uses] })),
    ).total,
  );

/** How long things take: notice, recoveries, and the parts of data that a loss of members leaves. */
export const timeFamilies: Played[] = [
  family({
    name: "Prometheus",
    drawn: watches,
    plans: 600,
    exact: true,
    compare: (watch) => {
      const { scrape, timeout, evaluation, holds, groupWait } = watch;
      const terms = prometheusDetection({
        scrape: setting(scrape),
        scrapeTimeout: setting(timeout),
        evaluation: setting(evaluation),
        for: setting(holds),
        wait: setting(groupWait),
      });
      return [{ claim: secondsOf(sum(terms.map(({ value }) => value))), played: slowestNotice(watch) }];
    },
  }),
  family({
    name: "heartbeats",
    drawn: fc.record({ interval: few(1, 600), repeat: few(1, 7_200) }),
    plans: 500,
    exact: true,
    compare: ({ interval, repeat }) => [
      {
        claim: secondsOf(heartbeatGap(seconds(interval), seconds(repeat))),
        played: slowestBeat(interval, repeat),
      },
    ],
  }),
  ...(
    [
      ["probes", probes, true],
      ["probes slower than their period", slowProbes, false],
    ] as const
  ).map(([name, drawn, exact]) =>
    family({
      name,
      drawn,
      plans: 300,
      exact,
      compare: (probe) => {
        const { initialDelay, period, timeout, failures } = probe;
        const claim = probeDetection({
          initialDelay: seconds(initialDelay),
          period: seconds(period),
          timeout: seconds(timeout),
          failures,
        });
        return [{ claim: secondsOf(claim), played: slowestDeath(probe) }];
      },
    }),
  ),
  family({
    name: "steps",
    drawn: graphs(7, fc.constant({})),
    plans: 2_000,
    exact: true,
    compare: (tasks) => [{ claim: pathOf(tasks), played: Math.max(...ends(tasks).values()) }],
  }),
  family({
    name: "steps that take turns",
    drawn: fc.tuple(graphs(5, things), fc.array(fc.constantFrom(0, 1, 2), { minLength: 1, maxLength: 5 })),
    plans: 800,
    exact: false,
    compare: ([turns, parts]) => {
      const claim = pathOf(turns);
      const hurried = turns.map((turn, at) => ({
        ...turn,
        takes: (turn.takes * (parts[at % parts.length] ?? 2)) >> 1,
      }));
      // A step that is done early can let another go first and make all of them late.
      return [
        { claim, played: slowestTurns(turns) },
        ...(slowestTurns(hurried) > claim ? [{ claim, played: slowestTurns(hurried) }] : []),
      ];
    },
  }),
  family({
    name: "members down",
    drawn: fc.record({ total: few(1, 6), part: fc.nat(5), spare: few(0, 3), lost: few(0, 4) }),
    plans: 500,
    exact: true,
    compare: ({ total, part, spare, lost }) => {
      const needed = 1 + (part % total);
      const members = total + spare;
      const down = Math.min(lost, members);
      const { objects, degraded, unreadable } = fractions({ total, needed }, members, down);
      const claim = placementOf(total, needed, members, down);
      return [
        { claim: (claim.degraded.of * objects) / claim.degraded.in, played: degraded },
        { claim: (claim.unreadable.of * objects) / claim.unreadable.in, played: unreadable },
      ];
    },
  }),
];
