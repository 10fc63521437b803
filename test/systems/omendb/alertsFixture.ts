import { duration } from "../../../recovery/duration";
import {
  type Freshness,
  healthyAge,
  type PrimaryAlertArgs,
  primaryAlertGroups,
  type SecondaryAlertArgs,
  secondaryAlertGroups,
} from "../../../systems/omendb/alerts";

/** Freshness as the guide's design has it: every 3 minutes, a minute to start, two to run. */
export const freshness: Freshness = { warn: duration("6m"), page: duration("9m"), credit: false };

/** Arguments with a value of their own for every name. */
export const primaryArgs: PrimaryAlertArgs = {
  namespace: "omendb-prod",
  asset: "omendb/data",
  runbooks: "https://docs.example/runbooks/omendb",
  interval: "15s",
  workload: "prod-omendb",
  container: "omendb",
  replicas: 3,
  scrapeJob: "prod-omendb-metrics",
  lease: { name: "prod-omendb-lease", leaseSeconds: duration("15s") },
  memoryLimitMib: 8192,
  maxConnections: 1000,
  claims: [
    { name: "omendb-data", bytes: 400_000_000_000 },
    { name: "omendb-wal", bytes: 40_000_000_000 },
  ],
  scratch: { name: "omendb-scratch", bytes: 10_000_000_000 },
  certificate: "omendb-tls",
  jobs: "omendb",
  freshness,
  fullAge: healthyAge(duration("12h"), duration("1m"), duration("30m")),
  verifications: [{ cronJob: "omendb-verify", overdueAfter: duration("26h") }],
  drills: [{ cronJob: "omendb-drill", overdueAfter: duration("35d") }],
  audits: [{ cronJob: "omendb-audit", overdueAfter: duration("8d") }],
  intrusionChecks: [{ cronJob: "omendb-intrusion", overdueAfter: duration("2h") }],
};

/** Arguments of the other site. */
export const secondaryArgs: SecondaryAlertArgs = {
  namespace: "omendb-dr",
  asset: "omendb/data",
  runbooks: "https://docs.example/runbooks/omendb",
  interval: "15s",
  probeJob: "omendb-public",
  jobs: "omendb",
  drills: [{ cronJob: "omendb-drill-secondary", overdueAfter: duration("35d") }],
};

/** Every rule of both sites. */
export function allRules() {
  return [...primaryAlertGroups(primaryArgs), ...secondaryAlertGroups(secondaryArgs)].flatMap((group) => group.rules);
}
