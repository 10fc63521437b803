import { isUnknown, type Maybe } from "../../../../recovery/bound";
import type { Series } from "../../../../recovery/plan";
import type { Facts } from "../../read";
import type { AzureAlert } from "./rule";
import { isoSpan } from "./rule";

/** What an alert on an age watches. */
export interface Watched {
  protection?: string;
  role?: Series["role"];
  threshold?: Maybe<number>;
  /** What the age is counted from. */
  ageFrom?: "capture" | "completion";
  /** Fires when nothing arrives any more. */
  coversAbsence: boolean;
  /** Why it does not notice what it guards, or why that is not known. */
  flaw?: Maybe<string>;
}

/** An alert that does not notice what it guards. */
export function blind(flaw: Maybe<string>, protection?: string): Watched {
  return { coversAbsence: false, flaw, ...(protection === undefined ? {} : { protection }) };
}

/** Lines that jobs write when a restore point is complete. */
const points =
  /^\s*HoldfastRestorePoints_CL\s*\|\s*where\s+Asset\s*==\s*"([^"]+)"(?:\s+and\s+Role\s*==\s*"(full|incremental)")?(?:\s+and\s+Protection\s*==\s*"([a-z0-9-]+)")?\s*$/;

/** Lines that Event Hubs writes of a namespace that is replicated, as its own page asks for them. */
const lags =
  /^\s*AzureDiagnostics\s*\|\s*where\s+Category\s*==\s*"ApplicationMetricsLogs"\s+and\s+ActivityName_s\s*==\s*"ReplicationLag"\s*$/;

/** What a rule on a query tells: that no line has come in a window, which is an age and an absence at the same time. */
export function linesIn({ settings }: AzureAlert, one: Facts, asset: string, replica: string | undefined): Watched {
  const words = ["query", "operator", "timeAggregation"].map((key) => one.text(key));
  const threshold = one.whole("threshold");
  const unread = [...words, threshold].find(isUnknown);
  if (isUnknown(unread)) return blind(unread);
  const [text = "", operator, aggregation] = words.map(String);
  const [whole, of, role, protection] = points.exec(text) ?? [];
  if (whole === undefined && !lags.test(text))
    return blind({ unknown: "no reader knows what its query tells of a copy" });
  if (!one.isSilent("dimensions"))
    return blind("it splits by dimensions: what sends no line at all is in none of them");
  const fires = (operator === "LessThan" && threshold === 1) || (operator === "LessThanOrEqual" && threshold === 0);
  if (aggregation !== "Count" || !fires) return blind("it does not fire on a count of less than one");
  if (whole === undefined) {
    // How far behind it is, these lines say; that there are any is all that a count tells.
    return replica === undefined
      ? blind(`its scopes do not name every namespace of ${asset} that is replicated`)
      : { coversAbsence: true, protection: replica };
  }
  if (of !== asset) return blind(`its query asks for ${of}`);
  const range = isoSpan(settings, "overrideQueryTimeRange") ?? isoSpan(settings, "windowSize");
  return {
    coversAbsence: true,
    ageFrom: "completion",
    threshold: range ?? { unknown: "it names no windowSize" },
    ...(role === "full" || role === "incremental" ? { role } : {}),
    ...(protection === undefined ? {} : { protection: `${asset}/${protection}` }),
  };
}
