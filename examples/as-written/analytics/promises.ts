import { KeptAsset } from "../../../components/asset/keptAsset";
import { Availability } from "../../../components/availability/availability";
import { assetOf, KEPT, LAKE_BYTES, maintenance, objectivesOf, type Row, rows } from "./guide";

/** Sizes that the guide does not give are small, in its favour. */
const bytes: Partial<Record<Row, number>> = { lake: LAKE_BYTES };

/** The five rows of the table, and what the overview promises of the platform. */
export function declarePromises(): void {
  for (const row of Object.keys(rows) as Row[])
    new KeptAsset(row, {
      id: assetOf(row),
      kind: rows[row].is,
      objectives: objectivesOf(row),
      retention: { atLeast: KEPT },
      bytes: bytes[row] ?? 1_000_000,
      site: "primary",
      // Databricks works on the lake: the guide brings both back at once.
      ...(row === "databricks" ? { dependsOn: [assetOf("lake")] } : {}),
    });
  new Availability("availability", {
    system: "analytics",
    atLeast: "99.99%",
    over: "30d",
    // Assumed: 1.2 million events a second are written, so a platform that takes none is down.
    readOnlyCounts: true,
    owner: "Platform Operations Team",
    reason: "Platform Uptime: 99.99% target",
    work: maintenance.map((one) => ({ ...one })),
  });
}
