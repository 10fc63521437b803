import { factsOf } from "./group";

const wal = { source: "https://www.postgresql.org/docs/current/runtime-config-wal.html", read: "2026-11-21" };
const archiving = { source: "https://www.postgresql.org/docs/current/continuous-archiving.html", read: "2025" };
const dumps = { source: "https://www.postgresql.org/docs/current/app-pgdump.html", read: "2026-11-21" };
const promoting = { source: "https://www.postgresql.org/docs/current/functions-admin.html", read: "2026-11-21" };
const streaming = { source: "https://www.postgresql.org/docs/current/warm-standby.html", read: "2025" };
const restoreBenchmark = { source: "https://git.uuxo.net (dbbackup, STATISTICS.md)", read: "2025" };
const baseBenchmark = { source: "https://postgres.ai/blog (2025-11-05)", read: "2025-11-05" };

/** PostgreSQL that somebody runs. */
export const postgres = factsOf("postgres", {
  dumpHoldsStart: {
    says: "A dump holds the state at its start, however long it takes.",
    standing: "design",
    ...dumps,
  },
  plainDumpIsSerial: {
    says: "A dump as plain SQL is restored by one connection: parallel jobs take another format.",
    standing: "design",
    ...dumps,
  },
  dumpRestore: {
    says: "Somebody's parallel restore of a compressed dump moved this much; measure your own.",
    value: 8_000_000,
    unit: "bytes per second",
    standing: "none",
    ...restoreBenchmark,
  },
  archiveTimeout: {
    says: "Where archive_timeout is not set, nothing but a full segment ships the log: 0 turns the timeout off.",
    value: 0,
    unit: "seconds",
    standing: "design",
    ...wal,
  },
  idleArchive: {
    says: "A database in which nothing happens switches no segment even with archive_timeout: it takes a heartbeat.",
    standing: "design",
    ...wal,
  },
  archiveStalls: {
    says: "An archive command that fails is tried again for ever while the log fills the disk.",
    standing: "design",
    ...archiving,
  },
  replay: {
    says: "One process replays the log; how fast is published nowhere.",
    standing: "none",
    ...archiving,
  },
  asynchronousLag: {
    says: "An asynchronous standby may lag behind without limit.",
    standing: "none",
    ...streaming,
  },
  synchronousLoss: {
    says: "With synchronous_commit on, a commit waits until a synchronous standby has it on disk: losing one loses this.",
    value: 0,
    unit: "seconds",
    standing: "design",
    ...wal,
  },
  promotionWait: {
    says: "pg_promote, a function of SQL, waits at most this long for the promotion it asked for.",
    value: 60,
    unit: "seconds",
    standing: "design",
    ...promoting,
  },
  pausedPromotion: {
    says: "A standby whose replay is paused is promoted only once it is resumed.",
    standing: "design",
    ...streaming,
  },
  baseBackup: {
    says: "Somebody's pg_basebackup moved this much with one process.",
    value: 314_572_800,
    unit: "bytes per second",
    standing: "none",
    ...baseBenchmark,
  },
  parallelBaseBackup: {
    says: "Somebody's pgBackRest moved this much in a laboratory, nearly all of its link.",
    value: 9_093_750_000,
    unit: "bytes per second",
    standing: "none",
    ...baseBenchmark,
  },
});
