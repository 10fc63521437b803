import { OMENDB_TOML, RETENTION_DAYS } from "./guide";

/** `expected_size` of the guide's `omendb.toml`. */
const records = Number(/^expected_size = (\d+)$/m.exec(OMENDB_TOML)?.[1]);

/** The guide's capacity formula, lines 41-43: 24 bytes a record and 30 %, a tenth for the log, 60 % of both for a backup. */
export const DATA_BYTES = (records * 24 * 13) / 10;
const backupBytes = ((DATA_BYTES + DATA_BYTES / 10) * 6) / 10;

/** Room for backups by its line 44: three of them. */
export const PLANNED_BYTES = backupBytes * 3;

/** Full backups that are there at once: one each Sunday, none deleted before the end of the retention. */
const fulls = Math.floor(RETENTION_DAYS / 7) + 1;

/** Room that its schedule and retention need; in its favour, the 26 incremental backups beside the full ones are empty. */
export const NEEDED_BYTES = backupBytes * fulls;
