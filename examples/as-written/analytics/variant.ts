import type * as pulumi from "@pulumi/pulumi";
import { mendedIn } from "../../mended";

/** What a variant mends, so that another gap of the guide can be seen alone. Each is marked where it is declared. */
export const mends = {
  deadlines: "runs have a starting deadline, a deadline, and do not overlap",
  backup: "something fills the backup account, which is in the other region, every 15 minutes",
  noticed: "Prometheus in the other region notices a lost region by its defaults",
  "zone-redundant": "the lake is geo-zone-redundant",
  priority: "the lake asks for geo priority replication",
  replicated: "Kafka replicates events as well, at most 5 minutes behind",
  promotion: "promoting the second region of Kafka takes no time",
} as const;

/** One thing a variant mends. */
export type Mend = keyof typeof mends;

/** Reads what the stack mends; throws for what is not in `mends`. */
export function readMended(config: pulumi.Config): ReadonlySet<Mend> {
  return mendedIn(config, mends);
}

/** What of a resource the guide does not say, and which of `touching` this stack mends in it. */
export function assumed(text: string, mended: ReadonlySet<Mend>, touching: readonly Mend[] = []): string {
  const applied = touching.filter((mend) => mended.has(mend)).map((mend) => `mended: ${mends[mend]}`);
  return [text, ...applied].join("; ");
}
