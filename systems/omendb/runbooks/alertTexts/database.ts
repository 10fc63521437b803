import type { AlertText } from "../../../runbooks/alertPage";
import { countErrors, kubectl, metrics, startJob, whoServes } from "../commands";
import { jobNames } from "../jobNames";

/** Texts of the alerts on the database itself. */
export const databaseTexts: Readonly<Record<string, AlertText>> = {
  OmenDBDown: {
    means:
      "Nothing answers the scrape on port 9090. Clients get nothing. A standby takes the lease within seconds by itself; that this page reached you means that it did not, or that scraping is broken.",
    look: [
      ...whoServes,
      kubectl("logs -l app=omendb --tail=20 --prefix"),
      kubectl("get events --sort-by=.lastTimestamp | tail -20"),
    ],
    act: [
      "No holder in the lease and pods that run: read their logs; a pod says why it does not take the lease or does not start. Follow [OmenDBStartFailing](OmenDBStartFailing.md).",
      "A holder and an address in the slice: clients are served and only the scrape fails. Check the certificate ([OmenDBCertificateExpiry](OmenDBCertificateExpiry.md)) and the NetworkPolicy.",
      "Pods pending: nodes or a zone are gone. Check `kubectl get nodes`; free a node, the scheduler does the rest.",
      "The volume cannot be mounted in any zone: [restore in place](restore-in-place.md).",
      "No node of the cluster answers: [OmenDBRegionLost](OmenDBRegionLost.md).",
    ],
    stop: "Never scale past the lease or delete it to force a start: two databases on one volume destroy it. After 15 minutes without a cause, call the database manager.",
  },
  HighQueryLatency: {
    means: "One query in twenty takes more than a second. Nothing is lost; clients wait and may time out at 30 s.",
    look: [...metrics("duration_seconds_bucket"), startJob(jobNames.index), countErrors],
    act: [
      "Follow [performance degradation](performance-degradation.md).",
      "If it began with a deployment, go back: [upgrade](upgrade.md), step back.",
    ],
    stop: "Leave it for the morning unless queries fail as well.",
  },
  HighMemoryUsage: {
    means:
      "The database is within a tenth of its own memory limit. At the limit it refuses work; above the container's limit the kernel kills it and a standby takes over.",
    look: [...metrics("omendb_memory"), kubectl("top pods -l app=omendb --containers")],
    act: ["Follow [high memory](high-memory.md)."],
    stop: "If it still grows after the index was rebuilt, call the database team: a takeover empties the memory and buys time, it mends nothing.",
  },
  WALSizeGrowth: {
    means:
      "The log grew by more than 1 GB in an hour. Incrementals grow with it; scratch is sized for this rate, and their deadline too.",
    look: [
      ...metrics("omendb_wal_size_bytes"),
      kubectl('exec "$SERVING" -c omendb -- ls -la /var/lib/omendb/wal'),
      kubectl("get jobs | grep omendb-backup"),
    ],
    act: [
      "A bulk load: ask its owner to slow down until it is over. Watch [OmenDBScratchFull](OmenDBScratchFull.md) and [OmenDBRestorePointLate](OmenDBRestorePointLate.md).",
      "No load explains it: log files are not removed after a checkpoint. Look for WAL errors in the log, then [WAL corruption](wal-corruption.md).",
    ],
    stop: "Never delete log files by hand: what is acknowledged may be in them only.",
  },
  HighInsertLatency: {
    means:
      "One insert in twenty takes more than a second. Each is acknowledged only after it is on the shared volume, so this is usually the volume.",
    look: [...metrics("omendb_insert_duration_seconds"), countErrors],
    act: [
      "Compare with the volume's throughput in the dashboard: at its limit, raise it or slow the writer down.",
      "The learned index retrains after many inserts: [performance degradation](performance-degradation.md).",
    ],
    stop: "Do not switch `wal.sync_on_write` off to make it faster: it is what keeps the loss at a pod restart at 0.",
  },
  OmenDBSearchFailures: {
    means: "More than one search in a hundred fails.",
    look: [countErrors, ...metrics("omendb_search")],
    act: [
      "Timeouts: [performance degradation](performance-degradation.md).",
      "Refused connections: [OmenDBConnectionsNearLimit](OmenDBConnectionsNearLimit.md).",
      "Inconsistent data in the messages: [restore clean](restore-clean.md).",
    ],
    stop: "Wrong answers are worse than none: if results are wrong, call the database team at once.",
  },
  OmenDBInsertFailures: {
    means:
      "More than one insert in a hundred fails. A full volume, refused batches, or a damaged log: the last one loses data.",
    look: [
      countErrors,
      ...metrics("omendb_insert"),
      kubectl('exec "$SERVING" -c omendb -- df -h /var/lib/omendb/data /var/lib/omendb/wal'),
    ],
    act: [
      "Volume full: [OmenDBVolumeFilling](OmenDBVolumeFilling.md).",
      "Batches above `limits.max_insert_batch_size`: tell the writer's owner; nothing is broken here.",
      "Log or consistency errors: [WAL corruption](wal-corruption.md).",
    ],
    stop: "As soon as messages name inconsistent data, note the time of the first one: the recovery asks for it.",
  },
  OmenDBConnectionsNearLimit: {
    means: "Four fifths of `limits.max_connections` are in use. The rest are refused when they are gone.",
    look: metrics("omendb_active_connections"),
    act: [
      "Find the client whose pool grew and ask its owner to limit it.",
      "Raise `limits.max_connections` and `http.max_concurrent_requests` in the stack's configuration if the load is here to stay.",
    ],
    stop: "Leave it for the morning below 95 %.",
  },
  OmenDBIndexGrowth: {
    means: "The learned index fills most of the memory limit: fewer queries fit beside it every day.",
    look: [startJob(jobNames.index), ...metrics("omendb_index_size_bytes")],
    act: [
      "Rebuild it: [high memory](high-memory.md).",
      "Still too big: raise `limits.memory_limit_mb`, below the container's limit, or choose the profile `high-throughput`, which keeps fewer segments.",
    ],
    stop: "Leave it for the morning.",
  },
  OmenDBMetricsMissing: {
    means: "The database answers its scrape but a metric that alerts stand on is not there: those alerts cannot fire.",
    look: metrics("-o '^omendb_[a-z_]*' | sort -u"),
    act: [
      "After an upgrade the name may have changed: go back ([upgrade](upgrade.md)) or change alerts and dashboard together.",
      "`monitoring.prometheus_enabled` is false: set it true.",
    ],
    stop: "Leave it for the morning, but do not deploy meanwhile.",
  },
};
