/** Percent of a disk in use at which somebody looks, is told, and at which a recovery of the server clears logs; in order. */
export const DISK_LEVELS = { review: 80, alert: 85, emergency: 90 } as const;

/** Percent of the processors of a node in use: the runbook's monthly review, and its alert. */
export const CPU_LEVELS = { review: 80, alert: 90 } as const;

/** Percent of the memory of a node in use above which the monthly review says so. */
export const MEMORY_REVIEW = 85;
