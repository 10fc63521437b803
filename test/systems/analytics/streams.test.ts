import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BYTES_PER_UNIT,
  MOST_PARTITIONS,
  PARTITION,
  replaySize,
  streamSize,
  UNITS,
} from "../../../systems/analytics/data/streams";
import { readRegister } from "../../../systems/config/register";

describe("the size of Event Hubs", () => {
  it.each([
    ["the document's load", 1_200_000, 4_200_000_000, { namespaces: 53, units: 16, partitions: 80 }],
    ["a twentieth of it", 60_000, 210_000_000, { namespaces: 3, units: 16, partitions: 70 }],
    ["what one unit takes", 1_000, BYTES_PER_UNIT, { namespaces: 1, units: 1, partitions: 5 }],
    ["a byte more", 1_000, BYTES_PER_UNIT + 1, { namespaces: 1, units: 2, partitions: 6 }],
    [
      "three units, of which there is no namespace",
      1_000,
      3 * BYTES_PER_UNIT,
      { namespaces: 1, units: 4, partitions: 15 },
    ],
    ["small events, many of them", 50_000, 1_000_000, { namespaces: 1, units: 1, partitions: 50 }],
    ["as much as one namespace takes", 80_000, 16 * BYTES_PER_UNIT, { namespaces: 1, units: 16, partitions: 80 }],
  ])("for %s is the least that takes it", (_, eventsPerSecond, bytesPerSecond, size) => {
    expect(streamSize({ eventsPerSecond, bytesPerSecond })).toEqual(size);
  });

  it("is refused where one namespace would take more events than its partitions do", () => {
    expect(() => streamSize({ eventsPerSecond: 200_000, bytesPerSecond: 1_000_000 })).toThrow(
      "must fit into event hubs of 100 partitions, got 200 for each of 1 namespaces: name fewer events a second",
    );
  });

  it("takes any load, within what Azure allows, and a namespace less would not", () => {
    const load = fc.record({
      eventsPerSecond: fc.integer({ min: 1, max: 100_000 }),
      bytesPerSecond: fc.integer({ min: 1, max: 20_000_000_000 }),
    });
    fc.assert(
      fc.property(load, ({ eventsPerSecond, bytesPerSecond }) => {
        const { namespaces, units, partitions } = streamSize({ eventsPerSecond, bytesPerSecond });
        expect(UNITS).toContain(units);
        expect(partitions).toBeLessThanOrEqual(MOST_PARTITIONS.ofHub);
        expect(namespaces * units * BYTES_PER_UNIT).toBeGreaterThanOrEqual(bytesPerSecond);
        expect(namespaces * partitions * PARTITION.bytesPerSecond).toBeGreaterThanOrEqual(bytesPerSecond);
        expect(namespaces * partitions * PARTITION.eventsPerSecond).toBeGreaterThanOrEqual(eventsPerSecond);
        expect((namespaces - 1) * 16 * BYTES_PER_UNIT).toBeLessThan(bytesPerSecond);
      }),
    );
  });
});

describe("what reads events again", () => {
  const prod = { eventsPerSecond: 1_200_000, bytesPerSecond: 4_200_000_000 };
  const staging = { eventsPerSecond: 60_000, bytesPerSecond: 210_000_000 };

  it.each([
    ["the document's load", prod, { workers: 64, warehouse: "2X-Large", bytesPerSecond: 5_120_000_000 }],
    ["a twentieth of it", staging, { workers: 4, warehouse: "Small", bytesPerSecond: 320_000_000 }],
    [
      "what few units hand out more slowly than workers read",
      { eventsPerSecond: 1_000, bytesPerSecond: 5_000_000 },
      { workers: 1, warehouse: "2X-Small", bytesPerSecond: 10_000_000 },
    ],
  ])("for %s is the smallest warehouse that is a fifth faster", (_, load, size) => {
    expect(replaySize(load)).toEqual(size);
  });

  it("is refused where no warehouse is as large", () => {
    expect(() => replaySize({ eventsPerSecond: 1_000_000, bytesPerSecond: 20_000_000_000 })).toThrow(
      "must be read again by one warehouse, of 20480000000 bytes a second at most, got 24000000000",
    );
  });

  it.each([
    ["prod", prod],
    ["staging", staging],
  ])("is not slower than the register of %s says", (stack, load) => {
    const { entries } = readRegister(".", [`registers/${stack}/analytics-recovery.yaml`]);
    const rates = entries.assumptions.filter(
      ({ term, assets }) => term === "restore-rate" && assets.includes("analytics/kafka"),
    );
    expect(rates).toHaveLength(1);
    expect(rates[0]?.bytesPerSecond).toBeLessThanOrEqual(replaySize(load).bytesPerSecond);
  });
});
