/** Bytes the guide's formula gives for a number of records. */
export interface FormulaBytes {
  data: number;
  wal: number;
  /** One backup. */
  backup: number;
  /** `data + wal + 3 x backup`, as the guide adds it up. */
  total: number;
}

/** The guide's storage sizes, bytes: what a machine must have, and what it recommends for production. */
export const guideStorage = { minimum: 100e9, recommended: 500e9 } as const;

/** Backups the guide's total counts, "(retention)"; its own 30 days hold about ten times as many. */
export const guideBackups = 3;

/** Net log growth the guide allows before it alerts, bytes an hour: the only rate of change it states. */
export const guideWalGrowthPerHour = 1e9;

/** The guide's formula in whole bytes, each part rounded up: records x 24 B x 1.3; log 10 % of it; backup 0.6 of both. */
export function formulaBytes(records: number): FormulaBytes {
  if (!Number.isSafeInteger(records) || records < 1)
    throw new RangeError(`records must be a whole number from 1, got ${records}`);
  const data = Math.ceil((records * 24 * 13) / 10);
  const wal = Math.ceil(data / 10);
  const backup = Math.ceil(((data + wal) * 6) / 10);
  return { data, wal, backup, total: data + wal + guideBackups * backup };
}

/** Sizes of the two volumes, bytes. */
export interface VolumeBytes {
  data: number;
  wal: number;
}

/**
 * Volume sizes: the formula's, and not below the guide's storage size. The guide gives that size for the whole machine,
 * its formula makes the log a tenth of the data, so the size is split 10 : 1. Backups get no share: they leave for the
 * bucket, and a folder beside the data shares the fate of the data. Scratch comes on top (`scratchBytes`).
 */
export function volumeBytes(records: number, storage: number): VolumeBytes {
  const { data, wal } = formulaBytes(records);
  return { data: Math.max(data, Math.ceil((storage * 10) / 11)), wal: Math.max(wal, Math.ceil(storage / 11)) };
}

/** How often restore points are taken, in seconds, and how fast data changes. */
export interface BackupRhythm {
  /** Longest gap between two fulls, the failure of one included. */
  fullGap: number;
  /** Longest gap between two incrementals. */
  incrementalGap: number;
  /** Bytes written to the log in an hour. @default guideWalGrowthPerHour */
  changePerHour?: number;
}

/** Bytes of one chain: a full, and everything that changes until the next; an incremental never exceeds a full. */
export function chainBytes(records: number, rhythm: BackupRhythm): number {
  const { backup } = formulaBytes(records);
  return backup + Math.ceil(rhythm.fullGap / rhythm.incrementalGap) * incrementalBytes(records, rhythm);
}

/** Scratch the backups need: the chains kept locally, and the full that opens the next before the oldest is deleted. */
export function scratchBytes(records: number, rhythm: BackupRhythm, chainsKept = 2): number {
  return chainsKept * chainBytes(records, rhythm) + formulaBytes(records).backup;
}

/** Restore points that a window holds. */
export interface WindowCounts {
  fulls: number;
  incrementals: number;
}

/** Restore points in a window, both ends included; in the guide's script the full takes the incremental's place. */
export function windowCounts(
  windowSeconds: number,
  fullEvery: number,
  incrementalEvery: number,
  fullReplacesIncremental: boolean,
): WindowCounts {
  const fulls = Math.floor(windowSeconds / fullEvery) + 1;
  const runs = Math.floor(windowSeconds / incrementalEvery) + 1;
  return { fulls, incrementals: fullReplacesIncremental ? runs - fulls : runs };
}

/** Bytes that a window's restore points fill; without a rhythm an incremental counts as large as a full. */
export function windowBytes(records: number, counts: WindowCounts, rhythm?: BackupRhythm): number {
  const { backup } = formulaBytes(records);
  const incremental = rhythm ? incrementalBytes(records, rhythm) : backup;
  return counts.fulls * backup + counts.incrementals * incremental;
}

/**
 * What shipping only *closed* log files can lose: a file closes at `rotation_interval_hours` or `max_file_size_mb`,
 * 24 h or 100 MiB as the guide has it, whichever comes first. Prod ships no log files; whoever starts to must ship open
 * ones, or lower both keys.
 */
export function closedLogLoss(wal: { rotation_interval_hours: number; max_file_size_mb: number }): {
  seconds: number;
  bytes: number;
} {
  return { seconds: wal.rotation_interval_hours * 3600, bytes: wal.max_file_size_mb * 1_048_576 };
}

/** A Kubernetes quantity that holds the bytes: whole Gi, rounded up. */
export function gibibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_073_741_824)}Gi`;
}

function incrementalBytes(records: number, { incrementalGap, changePerHour }: BackupRhythm): number {
  const changed = Math.ceil(((changePerHour ?? guideWalGrowthPerHour) * incrementalGap) / 3600);
  return Math.min(formulaBytes(records).backup, Math.ceil((changed * 6) / 10));
}
