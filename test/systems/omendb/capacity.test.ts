import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  chainBytes,
  closedLogLoss,
  formulaBytes,
  gibibytes,
  guideStorage,
  scratchBytes,
  volumeBytes,
  windowBytes,
  windowCounts,
} from "../../../systems/omendb/capacity";

const records = 100_000_000;
const day = 86_400;

describe("the guide's formula", () => {
  test("gives 9.61 GB for the guide's own 100,000,000 records", () => {
    expect(formulaBytes(records)).toEqual({
      data: 3_120_000_000,
      wal: 312_000_000,
      backup: 2_059_200_000,
      total: 9_609_600_000,
    });
    expect((formulaBytes(records).total / 1e9).toFixed(2)).toBe("9.61");
  });

  test("stays in whole bytes and never rounds down", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), (n) => {
        const { data, wal, backup, total } = formulaBytes(n);
        expect([data, wal, backup, total].every(Number.isSafeInteger)).toBe(true);
        expect(data * 10).toBeGreaterThanOrEqual(n * 312);
        expect(wal * 10).toBeGreaterThanOrEqual(data);
        expect(backup * 10).toBeGreaterThanOrEqual((data + wal) * 6);
      }),
    );
  });

  test.each([0, -1, 1.5])("refuses %s records", (n) => {
    expect(() => formulaBytes(n)).toThrow("records must be a whole number from 1");
  });
});

describe("the volumes", () => {
  test("of production are the recommended 500 GB, ten parts data and one part log", () => {
    const { data, wal } = volumeBytes(records, guideStorage.recommended);
    expect(data + wal).toBeGreaterThanOrEqual(500e9);
    expect([gibibytes(data), gibibytes(wal)]).toEqual(["424Gi", "43Gi"]);
  });

  test("of the smallest machine are the guide's 100 GB", () => {
    const { data, wal } = volumeBytes(records, guideStorage.minimum);
    expect(data + wal).toBeGreaterThanOrEqual(100e9);
    expect([gibibytes(data), gibibytes(wal)]).toEqual(["85Gi", "9Gi"]);
  });

  test("follow the formula once it asks for more than the minimum", () => {
    const many = 20_000_000_000;
    expect(volumeBytes(many, guideStorage.recommended)).toEqual({
      data: formulaBytes(many).data,
      wal: formulaBytes(many).wal,
    });
  });

  test("hold the bytes whatever the rounding", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 50 }), (bytes) => {
        expect(Number.parseInt(gibibytes(bytes), 10) * 2 ** 30).toBeGreaterThanOrEqual(bytes);
      }),
    );
  });
});

describe("backups", () => {
  const asWritten = windowCounts(30 * day, 7 * day, day, true);

  test("of the guide's 30 days are 5 fulls and 26 incrementals, not 3", () => {
    expect(asWritten).toEqual({ fulls: 5, incrementals: 26 });
  });

  test("of the guide's 30 days may fill 63.8 GB where its total counts 6.2 GB", () => {
    const { total, data, wal } = formulaBytes(records);
    expect(total - data - wal).toBe(6_177_600_000);
    expect(windowBytes(records, asWritten)).toBe(63_835_200_000);
  });

  test("are smaller where the rate of change is known", () => {
    const rhythm = { fullGap: 7 * day, incrementalGap: day, changePerHour: 1e6 };
    expect(windowBytes(records, asWritten, rhythm)).toBe(5 * 2_059_200_000 + 26 * 14_400_000);
  });

  test("of a full beside its incrementals are counted each for itself", () => {
    expect(windowCounts(day, 6 * 3600, 180, false)).toEqual({ fulls: 5, incrementals: 481 });
  });

  test("of one chain hold the full and what changes until the next", () => {
    // 1 GB an hour is 50 MB in 3 minutes, 30 MB compressed; 120 of them in 6 hours.
    expect(chainBytes(records, { fullGap: 6 * 3600, incrementalGap: 180 })).toBe(2_059_200_000 + 120 * 30_000_000);
  });

  test("never count an incremental larger than a full", () => {
    const rhythm = { fullGap: day, incrementalGap: day, changePerHour: 1e12 };
    expect(chainBytes(records, rhythm)).toBe(2 * formulaBytes(records).backup);
  });

  test("keep two chains in scratch while the third is opened", () => {
    const rhythm = { fullGap: 6 * 3600, incrementalGap: 180 };
    expect(scratchBytes(records, rhythm)).toBe(2 * chainBytes(records, rhythm) + 2_059_200_000);
    expect(gibibytes(scratchBytes(records, rhythm))).toBe("13Gi");
  });
});

test("shipping only closed log files can lose the guide's 24 hours or 100 MiB", () => {
  expect(closedLogLoss({ rotation_interval_hours: 24, max_file_size_mb: 100 })).toEqual({
    seconds: day,
    bytes: 104_857_600,
  });
});
