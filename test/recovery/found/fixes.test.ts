import { describe, expect, it } from "vitest";
import { type Disruption, mend, type Plan, type Schedule } from "../../../recovery";
import { assess } from "../../../recovery/assess";
import { cron } from "../answers";
import { asOf, asset, cleanRoom, copy, path, plan, points, series, term } from "../build";

function changesFor(one: Plan, disruption: Disruption): string[] | undefined {
  const missed = assess(one, asOf).find((answer) => answer.disruption === disruption);
  if (missed?.verdict !== "missed") throw new Error(`${disruption} is ${missed?.verdict}`);
  return mend(one, missed, asOf)?.changes.map(({ what }) => what);
}

const noticed = (id: string, disruption: Disruption, detect: string) =>
  path({ id, runsAt: cleanRoom, detect: [term("detect", detect)], disruptions: [disruption] });

describe("a fix", () => {
  it("keeps a larger number for a count to reach further back, whether or not another promise needs the runs as they are", () => {
    const counted = (region: string): Plan =>
      plan({
        assets: [asset({ region: [region, "5h"], corruption: ["30h", "8h"] })],
        protections: [
          points({
            series: [series({ schedule: cron("0 * * * *"), run: term("run", "10m") })],
            copies: [copy({ newest: 5 })],
          }),
        ],
        paths: [noticed("undo", "corruption", "6h"), noticed("restore", "region", "0s")],
      });
    for (const region of ["26h", "3h"]) {
      expect(changesFor(counted(region), "corruption")).toEqual(["keep the newest 14 restore points (bucket)"]);
    }
  });

  it("shortens no retention: where the lock is too short for what hostile credentials leave, it locks longer", () => {
    const locked = plan({
      assets: [asset({ corruption: ["1000h", "1000h"], compromise: ["1000h", "1000h"] })],
      protections: [
        points({
          copies: [
            copy({ keptFor: term("kept", "45d"), lock: { mode: "compliance", keptFor: term("locked", "10d") } }),
          ],
        }),
      ],
      paths: [noticed("undo", "corruption", "35d"), noticed("clean", "compromise", "11d")],
    });
    expect(changesFor(locked, "compromise")).toEqual(["lock restore points for 14d (bucket)"]);
  });

  it.each([
    ["R/2026-01-01T02:00:00+00:00/P1D", '"R/2026-01-01T02:00:00+00:00/PT4H" (Etc/UTC)'],
    ['["R/2026-01-01T02:00:00+00:00/P1D"]', '"R/2026-01-01T02:00:00+00:00/PT4H" (Etc/UTC)'],
    [
      '{"frequency":"Day","interval":1,"schedule":{"hours":[2],"minutes":[0]}}',
      '{"frequency":"Hour","interval":4,"startTime":"2026-01-01T02:00:00"} (Etc/UTC)',
    ],
  ])("of Azure is written as that which runs it reads it: %s", (expression, says) => {
    const schedule: Schedule = { scheduler: "azure", expression, timeZone: "Etc/UTC" };
    const daily = plan({
      assets: [asset({ region: ["10h", "5h"] })],
      protections: [points({ series: [series({ schedule })] })],
    });
    expect(changesFor(daily, "region")).toEqual([`spec.schedule of backup: ${says}`]);
  });
});
