import { expect, test } from "vitest";
import { json, markdown, terminal } from "../../evidence";
import { workLines } from "../../evidence/plannedWork";
import { type Availability, duration, type PlannedWork } from "../../recovery";
import { plan, term } from "../recovery/build";
import { meta } from "./judgement";
import { available, events, judged, work } from "./plans";

const promised = available("analytics", 999_900);
const roomy = available("analytics", 990_000);
const beside = (availability: Availability, ...some: PlannedWork[]) =>
  judged(plan({ availability: [availability], work: some }));

test.each<[string, Availability, PlannedWork[], string, boolean | undefined]>([
  [
    "an upgrade of hours beside four nines",
    promised,
    [work("upgrade", "0 4 1 */3 *", "4h")],
    "analytics: 99.99 % available leaves 4m 19s in 30d; planned work takes 4h (upgrade, read-only, counts): 56 times as much",
    false,
  ],
  [
    "a little more than there is",
    promised,
    [work("restart", "0 4 1 */3 *", "5m")],
    "analytics: 99.99 % available leaves 4m 19s in 30d; planned work takes 5m (restart, read-only, counts): 41s too much",
    false,
  ],
  [
    "exactly what there is",
    promised,
    [work("restart", "0 4 1 */3 *", "4m19s")],
    "analytics: 99.99 % available leaves 4m 19s in 30d; planned work takes 4m 19s (restart, read-only, counts): exactly as much",
    true,
  ],
  [
    "several windows in the worst month, beside work that nobody notices",
    roomy,
    [
      work("rotation", "0 0 * * *", "5m", { effect: "none" }),
      work("failover test", "0 4 * * 0", "1h", { effect: "down" }),
    ],
    "analytics: 99 % available leaves 7h 12m in 30d; planned work takes 5h (failover test, 5 windows of 1h, down, counts; " +
      "rotation, 30 windows of 5m, not noticed, does not count): 2h 12m to spare",
    true,
  ],
  [
    "work without writes where that does not count",
    { ...promised, readOnlyCounts: false },
    [work("upgrade", "0 4 1 */3 *", "4h")],
    "analytics: 99.99 % available leaves 4m 19s in 30d; no planned work counts (upgrade, read-only, does not count)",
    true,
  ],
  [
    "no work at all",
    promised,
    [],
    "analytics: 99.99 % available leaves 4m 19s in 30d; no planned work is declared",
    true,
  ],
  [
    "work of another system only",
    promised,
    [work("upgrade", "0 4 * * *", "4h", { system: "shop" })],
    "analytics: 99.99 % available leaves 4m 19s in 30d; no planned work is declared",
    true,
  ],
  [
    "a promise without any room",
    available("analytics", 1_000_000),
    [work("restart", "0 4 1 */3 *", "1m")],
    "analytics: 100 % available leaves no time in 30d; planned work takes 1m (restart, read-only, counts): 1m too much",
    false,
  ],
  [
    "six nines over a year",
    available("analytics", 999_999, { over: duration("365d") }),
    [work("restart", "0 4 1 1 *", "10s")],
    "analytics: 99.9999 % available leaves 31s in 365d; planned work takes 10s (restart, read-only, counts): 21s to spare",
    true,
  ],
  [
    "windows without end",
    promised,
    [work("upgrade", "0 4 1 */3 *", "4h", { lasts: term("window", { unbounded: "until it is done" }) })],
    "analytics: 99.99 % available leaves 4m 19s in 30d; nothing bounds planned work (upgrade, read-only, counts): until it is done",
    false,
  ],
  [
    "a schedule that cannot be read yet",
    promised,
    [work("upgrade", "0 4 1 */3 *", "4h", { schedule: { unknown: "the schedule is an output" } })],
    "analytics: 99.99 % available leaves 4m 19s in 30d; nobody can tell what planned work takes (upgrade, read-only, counts): the schedule is an output",
    undefined,
  ],
])("planned work beside a promise of availability: %s", (_, availability, some, text, fits) => {
  expect(workLines(beside(availability, ...some))).toEqual([{ text, ...(fits === undefined ? {} : { fits }) }]);
});

test.each([80, 120])("it is a short block of the report at %i columns, painted where it does not fit", (width) => {
  const text = terminal(judged(events()), meta, { colour: false, width });
  const block = text.split("\n\n").find((one) => one.startsWith("  analytics: 99.99 % available"));
  expect(block?.replace(/\n {4}/g, " ")).toBe(
    "  analytics: 99.99 % available leaves 4m 19s in 30d; planned work takes 4h (upgrade, read-only, counts): 56 times as much\n" +
      "  shop: 99.9 % available leaves 43m 12s in 30d; no planned work is declared",
  );
  const coloured = terminal(judged(events()), meta, { colour: true, width });
  expect(coloured).toContain("\u001b[33m  analytics: 99.99 %");
  expect(coloured).not.toContain("\u001b[33m  shop");
});

test("in Markdown it is folded, and what does not fit carries a mark", () => {
  const text = markdown(judged(events()), meta);
  expect(text).toContain(
    "<summary>Planned work beside promises of availability: room is missing or unproven for 1 of 2</summary>",
  );
  expect(text).toContain("\n- ! analytics: 99.99 % available leaves 4m 19s in 30d; ");
  expect(text).toContain("\n- shop: 99.9 % available");
});

test("where no availability is promised, nothing is said of planned work", () => {
  const judgement = judged({ ...events(), availability: [] });
  expect(terminal(judgement, meta, { colour: false, width: 120 })).not.toContain("available");
  expect(markdown(judgement, meta)).not.toContain("Planned work");
  expect(JSON.parse(json(judgement, meta))).not.toHaveProperty("availability");
});

test("the order of promises and of work changes nothing", () => {
  const whole = events();
  whole.work.push(work("drain", "0 5 * * 1", "1m"));
  whole.availability.push(available("analytics", 995_000, { over: duration("7d") }));
  const turned = { ...whole, work: [...whole.work].reverse(), availability: [...whole.availability].reverse() };
  for (const write of [json, markdown]) expect(write(judged(turned), meta)).toBe(write(judged(whole), meta));
});

test("machines read the same seconds, and why there are none", () => {
  const unread = work("drain", "0 5 * * 1", "1m", { schedule: { unknown: "an output" } });
  const report = JSON.parse(json(beside(promised, work("upgrade", "0 4 1 */3 *", "4h"), unread), meta));
  expect(report.availability).toMatchObject([
    {
      system: "analytics",
      perMillion: 999_900,
      over: 2_592_000,
      allowed: 259,
      planned: { unknown: "an output" },
      work: [
        { name: "drain", windows: { unknown: "an output" }, counts: true },
        { name: "upgrade", effect: "read-only", windows: 1, counts: true, lasts: { value: 14_400 } },
      ],
    },
  ]);
});
