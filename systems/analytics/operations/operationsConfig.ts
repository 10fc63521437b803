import { z } from "zod";
import * as is from "../../config/settings";

const aks = () =>
  is.matching(
    "the id of a cluster of AKS, such as /subscriptions/.../managedClusters/analytics",
    /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerService\/managedClusters\/[^/]+$/,
  );

const group = () => is.guid("the object id of a group of the directory");

const endpoint = () =>
  is.matching(
    "the id of a private endpoint, such as /subscriptions/.../privateEndpoints/lake",
    /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/privateEndpoints\/[^/]+$/,
  );

/** When a job of Databricks runs, as Quartz reads it, and how long it may take. */
const quartz = (at: string, deadline: string) =>
  z.strictObject({ schedule: is.words(at).default(at), deadline: is.span().default(deadline) }).prefault({});

/**
 * When the document's regular work runs. A restart begins when an export of Databricks has ended and ends before the next:
 * one taken in between would hold the names of clusters that are gone an hour later.
 */
export const choresSchema = z
  .strictObject({
    /** The document's 15 minutes, one layer after the other. */
    restartBronze: is.timing("12 2 * * 0", "1m", "15m"),
    restartSilver: is.timing("12 3 * * 0", "1m", "15m"),
    restartGold: is.timing("12 4 * * 0", "1m", "15m"),
    /** The document's 2 hours, in two stages a day apart. */
    patchSecondary: is.timing("0 10 8 * *", "10m", "1h"),
    patchPrimary: is.timing("0 10 9 * *", "10m", "1h"),
    capacity: is.timing("0 9 2 * *", "1h", "2h"),
    review: is.timing("30 6 * * *", "30m", "30m"),
    diagnostics: is.timing("20 * * * *", "2m", "10m"),
  })
  .prefault({});

/** What a stack can say about the regular work. */
export const operationsSchema = z.strictObject({
  chores: choresSchema,
  /** Work on the files of the lake. */
  /** Between two clones: what it puts together is copied once more, so it must be no more than was written since. */
  optimize: quartz("0 7/15 * * * ?", "1h"),
  optimizeDaily: quartz("0 0 1 * * ?", "3h"),
  vacuum: quartz("0 0 5 ? * SUN", "6h"),
  /** Files that nobody has written for so long go to the cold tier, which is read as any other. */
  archiveAfter: is.days().default("180d"),
  /** Clusters of AKS that run the jobs; their owner is the platform team. */
  kubernetes: z.strictObject({ primary: aks(), secondary: aks() }),
  /** Ends of the private network that are looked at. */
  privateEndpoints: z.array(endpoint()).default([]),
  /** Groups of the directory that hold the document's authority, by severity. */
  authority: z.strictObject({ critical: group(), high: group(), medium: group(), low: group() }),
  runtime: z
    .strictObject({
      /** Last day with patches of `databricks.runtime`; of 16.4 LTS by its release notes. */
      supportedUntil: is.day().default("2028-05-09"),
      /** What the next upgrade goes to; without one it cannot be prepared. */
      successor: is
        .matching('a runtime of Databricks, such as "17.3.x-scala2.13"', /^\d+\.\d+\.x-scala2\.\d+$/)
        .optional(),
    })
    .prefault({}),
  clusters: z
    .strictObject({
      /** Most workers of a cluster that grows. */
      mostWorkers: is.whole(1, 1_000, 20).default(20),
      /** A cluster of people's ends after so many idle minutes. */
      idleMinutes: is.whole(10, 1_440, 30).default(30),
      /** Bytes of the largest table that a join sends to every worker: Spark's own default, which nobody can raise. */
      broadcastBytes: is.whole(0, 1e10, 10_485_760).default(10_485_760),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** The document's average and peak of processors, in per cent. */
      averagePercent: is.whole(1, 100, 65).default(65),
      peakPercent: is.whole(1, 100, 85).default(85),
      /** A cluster whose peak stays below is too large. */
      idlePercent: is.whole(0, 100, 20).default(20),
      slowSeconds: is.whole(1, 3_600, 10).default(10),
      /** The document's 20 % above the average. */
      skewPercent: is.whole(1, 10_000, 20).default(20),
      /** Share of what there is above which a forecast is a problem. */
      fullPercent: is.whole(1, 100, 80).default(80),
      /** The newest event may be so old after an upgrade. */
      freshSeconds: is.whole(1, 3_600, 60).default(60),
    })
    .prefault({}),
});

/** What a stack says about the regular work, with what it left out filled in. */
export type Operations = z.output<typeof operationsSchema>;

/** A chore, by its key in the configuration. */
export type Chore = keyof Operations["chores"];
