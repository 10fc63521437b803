import type { Disruption, ObjectiveArgs, ObjectivesArgs, RetentionArgs } from "../../../recovery/objective";
import { KEPT_DAYS } from "./runbook";
import type { Mend } from "./variant";

const owner = "example as-written/omniverse";
const reason = "assumed: what production promises (systems/omniverse/objectives.ts); the runbook promises nothing";

/** Production's objectives of database and assets. */
export const OBJECTIVES: ObjectivesArgs = {
  process: { rpo: "0s", rto: "10m", owner, reason },
  node: { rpo: "0s", rto: "10m", owner, reason },
  zone: { rpo: "0s", rto: "15m", owner, reason },
  region: { rpo: "1h", rto: "4h", owner, reason },
  corruption: { rpo: "6h", rto: "12h", owner, reason },
  compromise: { rpo: "24h", rto: "24h", owner, reason },
};

/** What the runbook keeps: the only thing about its copies that has a number. */
export const RETENTIONS: Record<"database" | "assets", RetentionArgs> = {
  database: { atLeast: `${KEPT_DAYS.dumps}d` },
  assets: { atLeast: `${KEPT_DAYS.copies}d` },
};

/** The promise of a workload; as the runbook is written there is none, for no disruption. */
export function promised(kept: keyof typeof RETENTIONS, mended: ReadonlySet<Mend>): Record<string, string> {
  const objectives: Partial<Record<Disruption, ObjectiveArgs>> = mended.has("objectives") ? OBJECTIVES : {};
  return { objectives: JSON.stringify(objectives), retention: JSON.stringify(RETENTIONS[kept]) };
}
