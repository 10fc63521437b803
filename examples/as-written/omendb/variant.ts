import type * as pulumi from "@pulumi/pulumi";
import { mendedIn } from "../../mended";

/** What a variant mends, so that another gap of the guide can be seen alone. Each is marked where it is declared. */
export const mends = {
  log: "the claim holds the write-ahead log too",
  volume: "the volume outlives its zone and moves at once, and one pod writes to it",
  probes: "a hung process is noticed in half a minute and starts in a second",
  copy: "backups are uploaded to a locked bucket in another region within their run",
  disk: "backups are on a claim, as large as the guide's capacity planning says",
  kept: "the bucket keeps them for 45 days",
  deadlines: "runs have a starting deadline, a deadline, and do not overlap",
  schedule: "an incremental backup every minute",
  recovery:
    "the disaster recovery script is a job in another region, where a Deployment waits without pods, and people react at once",
  monitoring: "Prometheus scrapes, evaluates and notifies with its defaults",
  rehearsals: "the monthly verification and test run by themselves",
  corruption: "corruption is promised what the region is promised",
} as const;

/** One thing a variant mends. */
export type Mend = keyof typeof mends;

/** Reads what the stack mends; throws for what is not in `mends`. */
export function readMended(config: pulumi.Config): ReadonlySet<Mend> {
  return mendedIn(config, mends);
}
