import type * as pulumi from "@pulumi/pulumi";
import { mendedIn } from "../../mended";

/** What a variant mends, so that another gap of the runbook can be seen alone. Each is marked where it is declared. */
export const mends = {
  objectives: "production's objectives are promised",
  deadlines: "runs have a starting deadline, a deadline, and do not overlap",
  probes: "a hung process is noticed in half a minute and starts in a second",
  apart: "the database is promised as if it were of use without its assets",
  restorable: "what rsync copies from under the running server is taken to be restorable",
  upload: "the optional upload is made, of assets as well, to a bucket in another region, within the run",
  recovery: "a job in another region restores, where workloads wait without pods, and people react at once",
  monitoring: "Prometheus scrapes, evaluates and notifies with its defaults",
} as const;

/** One thing a variant mends. */
export type Mend = keyof typeof mends;

/** Reads what the stack mends; throws for what is not in `mends`. */
export function readMended(config: pulumi.Config): ReadonlySet<Mend> {
  return mendedIn(config, mends);
}
