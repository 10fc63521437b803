/** Percent of a disk in use at which somebody looks, is told, and at which a recovery of the server clears logs; in order. */
export const DISK_LEVELS = { review: 80, alert: 85, emergency: 90 } as const;

/** Percent of the processors of a node in use: the runbook's monthly review, and its alert. */
export const CPU_LEVELS = { review: 80, alert: 90 } as const;

/** Percent of the memory of a node in use above which the monthly review says so. */
export const MEMORY_REVIEW = 85;

/** Days after which Sunday's clean-up deletes what is temporary or cached, and takes logs away. */
export const KEPT_DAYS = { temporary: 7, cache: 30, logs: 30 } as const;

/** Age of a rotated log at which a recovery of the server takes it away, where its disk is too full. */
export const EMERGENCY_LOG_AGE = "1d";

/** How long the runbook waits after it has started a server, and before it looks at the health. */
export const WAITS = { restart: "30s", health: "60s" } as const;

/** Errors of a day in one kind of log above which the morning check fails: those of a few people are ordinary. */
export const ERRORS_A_DAY = 100;

/** Percent of the questions to a new version that may go unanswered. */
export const UNANSWERED_PERCENT = 1;

/** How long before its end the monthly audit tells of the certificate that people see. */
export const CERTIFICATE_LEFT = "30d";

/** Percent of all objects above which none is hidden as an orphan: so many look like a mistake. */
export const ORPHANS_PERCENT = 10;

/** Percent of the data of a copy of the assets that each verification reads back. */
export const READ_BACK_PERCENT = 10;

/** On Sunday, as `date +%u` counts, services begin to serve a renewed certificate; so long before the end of the old one at once. */
export const SERVED_ANEW = { day: 7, atOnce: "7d" } as const;

/** How long what a deployment noted of before is good for a rollback. */
export const ROLLBACK_WITHIN = "168h";

/** How long a site that stands down waits for a last copy of accounts and tags. */
export const LAST_COPY_WITHIN = "20m";
