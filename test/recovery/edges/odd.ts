import fc from "fast-check";
import {
  type Bound,
  grades,
  type Path,
  type Schedule,
  type Seconds,
  type Step,
  schedulers,
  type Term,
} from "../../../recovery";
import { asOf, path, source } from "../build";

/** Numbers that nobody means, beside some that one may. */
export const number = fc.constantFrom(
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, -90, -0, 0, 0.5, 1.5, 1, 3, 60, 3_600, 1e12],
  ...[Number.MAX_SAFE_INTEGER, 1e300, 253_402_300_799, asOf, asOf + 0.5, asOf * 1_000],
);

/** Texts that say nothing, beside some that do. */
export const text = fc.oneof(
  fc.constantFrom("", " ", "garbage", "-5m", "0.5h", "1e3s", "under 0s", "15m", "__proto__", "\u0000"),
  fc.constantFrom("2026-11-21", "9999-12-31", "999999-01-01", "2026-02-30", "2026-11-21T02:00:00+99:99"),
  fc.string(),
);

const circular: Record<string, unknown> = {};
circular.itself = circular;

/** Anything that JSON, or a program, may have in the place of a value. */
export const anything = fc.oneof(
  number,
  text,
  fc.constantFrom<unknown>(undefined, null, true, 5n, [], [5n], {}, { at: Number.NaN }, circular, Object.create(null)),
  fc.constantFrom<unknown>(new Date(Number.NaN), Symbol("odd"), () => 1, { toJSON: () => undefined }),
);

/** A bound: reasons, numbers that are spans and that are none, and what JSON has where nothing is. */
export const bound = fc.oneof(
  number,
  fc.constantFrom<unknown>({ unknown: "x" }, { unbounded: "x" }, null, undefined, "1h", {}),
) as fc.Arbitrary<Bound>;

/** What was taken for seconds without a look. */
export const span = number as fc.Arbitrary<Seconds>;

/** A bound with where it was read. */
export const setting = fc.record({ value: bound, source: fc.constant(source("x")) });

/** A count with where it was read. */
export const count = fc.record({
  value: fc.oneof(number, fc.constant({ unknown: "x" })),
  source: fc.constant(source("x")),
});

/** A term of a verdict. */
export const term: fc.Arbitrary<Term> = fc.record({
  name: text,
  value: bound,
  grade: fc.constantFrom(...grades),
  source: fc.constant(source("x")),
});

/** Several terms, or none. */
export const terms = fc.array(term, { maxLength: 3 });

const name = fc.constantFrom("a", "b", "c", "d", "");

/** Steps that wait for each other, for themselves, and for steps that do not exist. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    name,
    bound: term,
    after: fc.array(name, { maxLength: 2 }),
    uses: fc.array(name, { maxLength: 2 }),
    stopsWrites: fc.boolean(),
    source: fc.constant(source("x")),
  }),
  { maxLength: 5 },
);

/** A way back made of such. */
export const way: fc.Arbitrary<Path> = fc
  .record({ id: text, asset: text, detect: terms, decide: terms, steps, redirect: terms })
  .map((edit) => path(edit));

/** A record of a drill. */
export const drill = fc.record({
  id: text,
  asset: fc.constantFrom("a", "b"),
  path: fc.constantFrom("a", "b"),
  date: fc.constantFrom("2026-11-01", "2026-02-30", "", "garbage", "9999-12-31", "2026-11-21"),
  seconds: span,
  bytes: number,
  verified: fc.boolean(),
});

const expressions = fc.constantFrom(
  ...["0 2 * * *", "* * * * *", "0 0 31 2 *", "@daily", "@every 1s", "TZ=UTC 0 2 * * *", "61 2 * * *", "*/0 * * * *"],
  ...["cron(0 2 * * ? *)", "cron(0 2 * * ? 2020)", "rate(1 minute)", "rate(999999999 days)", "rate(0 days)"],
  ...["* * * * * ?", "0 0 2 ? * SUN#5", "0 0 2 * * ? 2199", "0 0 2 15W * ?"],
  ...[
    "R/2026-01-01T02:00:00Z/P1D",
    "R/9999-12-31T23:59:59Z/P9999W",
    '["R/2026-01-01T02:00:00Z/PT1M"]',
    "[]",
    "{}",
    "null",
  ],
  ...[
    '{"frequency":"Day"}',
    '{"frequency":"Second","interval":1,"startTime":"2026-01-01T00:00:00"}',
    '{"frequency":"Month","interval":9999999,"startTime":"9999-12-31T23:59:59"}',
    '{"frequency":"Day","startTime":"2026-01-01T00:00:00","endTime":"2025-01-01T00:00:00"}',
    '{"frequency":"Week","interval":-1}',
    '{"interval":12}',
    '{"interval":24,"times":["24:00"]}',
  ],
);

/** Schedules of every scheduler, mostly in the words of another. */
export const schedule = fc.record({
  scheduler: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...schedulers) }, { weight: 1, arbitrary: text }),
  expression: fc.oneof(
    { weight: 6, arbitrary: expressions },
    { weight: 1, arbitrary: text },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 5, undefined) },
  ),
  timeZone: fc.constantFrom<unknown>(
    "Etc/UTC",
    "UTC",
    "Europe/Berlin",
    "Pacific/Chatham",
    "",
    "garbage",
    "Etc/GMT+99",
    null,
  ),
}) as fc.Arbitrary<Schedule>;
