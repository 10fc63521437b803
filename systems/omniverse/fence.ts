import { type Duration, duration } from "../../recovery/duration";
import type { OmniverseConfig } from "./config";
import { probes } from "./names";

/** What a failover learns of the first region's database when it takes its name away. */
export type RdsSays = "fenced" | "refuses" | "nothing";

/** What `/health` of the first site says after that. */
export type HealthSays = "serves" | "refuses" | "nothing";

/** What the step fence does: where it stops, only a person who has looked lets it go on. */
export type Verdict = "goes on" | "goes on where the way is known" | "stops";

/** The step fence as a table: silence of the first site counts only where it is not that of the way there. */
export const fenceVerdicts: Readonly<Record<RdsSays, Readonly<Record<HealthSays, Verdict>>>> = {
  fenced: { serves: "stops", refuses: "goes on", nothing: "goes on" },
  refuses: { serves: "stops", refuses: "stops", nothing: "stops" },
  nothing: { serves: "stops", refuses: "goes on", nothing: "goes on where the way is known" },
};

/** What the step needs besides its questions for a name: each is asked for some seconds before it counts as unanswered. */
const ASKING = duration("3m");

/** Environment of the step fence, which has to say why it ends before its deadline ends it. */
export function fenceEnv({ operations }: OmniverseConfig, deadline: Duration): Record<string, string> {
  return {
    PROMETHEUS_URL: operations.prometheus,
    PRIMARY_PROBE: probes.secondary,
    RENAME_SECONDS: String(Math.max(60, duration(deadline) - ASKING)),
  };
}
