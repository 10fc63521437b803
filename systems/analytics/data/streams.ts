/** What is written to the event hubs. */
export interface StreamLoad {
  /** The document's 1.2 million. */
  eventsPerSecond: number;
  /** The document's 4.2 GB: all of it is taken to be written, since it does not say how much is read. */
  bytesPerSecond: number;
}

/** How much of Event Hubs takes a load. */
export interface StreamSize {
  namespaces: number;
  /** Processing units of each namespace. */
  units: number;
  /** Partitions of the topic in each namespace. */
  partitions: number;
}

/**
 * Bytes that one processing unit takes in a second: about 5 to 10 MB with 100 partitions, by which Microsoft plans and
 * which it does not promise (MicrosoftDocs/azure-docs articles/event-hubs/event-hubs-scalability.md): the lower end.
 */
export const BYTES_PER_UNIT = 5_000_000;

/** Processing units that a namespace of the Premium tier may have (the same text). */
export const UNITS = [1, 2, 4, 8, 12, 16] as const;

/** What one partition takes in a second: as much as one throughput unit, which the same text bounds. */
export const PARTITION = { bytesPerSecond: 1_000_000, eventsPerSecond: 1_000 } as const;

/** Partitions of an event hub, and of all in a namespace for each processing unit (event-hubs-tier-limits.md). */
export const MOST_PARTITIONS = { ofHub: 100, perUnit: 200 } as const;

/**
 * The fewest namespaces of the most units that take a load, and the partitions over which each spreads its share.
 *
 * 4.2 GB/s by 16 units of 5 MB/s: 4 200 / 80 = 52.5, so 53 namespaces; each takes 79.2 MB/s and 22 642 events/s. Partitions
 * of each: 80 for its bytes (79.2 / 1), 23 for its events (22.6 / 1); 80 fit into one event hub, which takes 100. Events of
 * 35 days are 12.7 PB, of which 53 x 16 units hold 1 TB each without a further charge; what is above is paid by the GB.
 * Throws a `RangeError` where a share does not fit into one event hub.
 */
export function streamSize({ eventsPerSecond, bytesPerSecond }: StreamLoad, bytesPerUnit = BYTES_PER_UNIT): StreamSize {
  const most = UNITS[UNITS.length - 1] ?? 1;
  const needed = Math.max(1, Math.ceil(bytesPerSecond / bytesPerUnit));
  const namespaces = Math.ceil(needed / most);
  const each = Math.ceil(needed / namespaces);
  const units = UNITS.find((one) => one >= each) ?? most;
  const partitions = Math.max(
    Math.ceil(bytesPerSecond / namespaces / PARTITION.bytesPerSecond),
    Math.ceil(eventsPerSecond / namespaces / PARTITION.eventsPerSecond),
  );
  if (partitions > MOST_PARTITIONS.ofHub || partitions > units * MOST_PARTITIONS.perUnit)
    throw new RangeError(
      `must fit into event hubs of ${MOST_PARTITIONS.ofHub} partitions, got ${partitions} for each of ${namespaces} namespaces: name fewer events a second`,
    );
  return { namespaces, units, partitions };
}

/** Bytes that one processing unit hands out in a second: 10 to 20 MB by the same text, for all readers: the lower end. */
export const READ_PER_UNIT = 10_000_000;

/** Workers of a SQL warehouse by its size, smallest first (Microsoft Learn, "SQL warehouse sizing, scaling, and queuing behavior"). */
export const WAREHOUSES = {
  "2X-Small": 1,
  "X-Small": 2,
  Small: 4,
  Medium: 8,
  Large: 16,
  "X-Large": 32,
  "2X-Large": 64,
  "3X-Large": 128,
  "4X-Large": 256,
} as const;

/**
 * Bytes of events that one worker reads, compares with what is there and writes in a second: 10 MB for each of its 8 cores.
 * Taken, and promised by nobody: the rate of the register rests on it until a drill has measured one.
 */
export const REPLAYED_PER_WORKER = 80_000_000;

/** The node of which a cluster that reads events again has as many as a warehouse: warehouses are made of the same. */
export const REPLAY_NODE = "Standard_E8ds_v4";

/** What reads events again, and how fast. */
export interface ReplaySize {
  /** Workers of the cluster that reads them of the event hubs. */
  workers: number;
  /** Of the same size, for what was captured. */
  warehouse: keyof typeof WAREHOUSES;
  bytesPerSecond: number;
}

/**
 * The workers of the smallest warehouse that reads events again a fifth faster than they came, and what these and the namespaces
 * allow.
 *
 * 4.2 GB/s and a fifth more are 5.04 GB/s, by workers of 80 MB/s: 63, so a 2X-Large of 64, which reads 5.12 GB/s; 53
 * namespaces of 16 units hand out 8.48 GB/s, of which the pipelines take 4.2 where they run. So an hour takes 49 minutes with
 * pipelines that stand still, and an hour beside them. Throws a `RangeError` where no warehouse is large enough.
 */
export function replaySize(load: StreamLoad): ReplaySize {
  const wanted = Math.ceil(load.bytesPerSecond * 1.2);
  const sizes = Object.entries(WAREHOUSES) as [keyof typeof WAREHOUSES, number][];
  const found = sizes.find(([, workers]) => workers * REPLAYED_PER_WORKER >= wanted);
  if (found === undefined)
    throw new RangeError(
      `must be read again by one warehouse, of ${256 * REPLAYED_PER_WORKER} bytes a second at most, got ${wanted}: name fewer bytes a second`,
    );
  const { namespaces, units } = streamSize(load);
  const [warehouse, workers] = found;
  return {
    workers,
    warehouse,
    bytesPerSecond: Math.min(workers * REPLAYED_PER_WORKER, namespaces * units * READ_PER_UNIT),
  };
}
