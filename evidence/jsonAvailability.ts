import type { Budget } from "../recovery/assess";
import { boundJson, type Json, sorted, sourceJson, termJson } from "./jsonParts";

/** A promise of availability and the planned work beside it. */
export function availabilityJson({ availability, allowed, planned, work }: Budget): Json {
  const { system, perMillion, over, readOnlyCounts, owner, reason, source } = availability;
  return {
    system,
    perMillion,
    over,
    readOnlyCounts,
    owner,
    reason,
    source: sourceJson(source),
    allowed,
    planned: boundJson(planned),
    work: sorted(work, (one) => one.work.name).map(
      ({ work: { name, effect, lasts, source: at }, windows, counts }) => ({
        name,
        effect,
        lasts: termJson(lasts),
        windows: boundJson(windows),
        counts,
        source: sourceJson(at),
      }),
    ),
  };
}
