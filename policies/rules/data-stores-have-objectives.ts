import { disruptions, type Rule } from "../../recovery";

/** What nobody promised nobody can miss: a store without objectives is a loss waiting to be discovered. */
export const dataStoresHaveObjectives: Rule = {
  name: "data-stores-have-objectives",
  description: "Every data store belongs to an asset with an RPO and an RTO for each disruption, and a retention.",
  level: "mandatory",
  severity: "high",
  controls: ["ISO/IEC 27001:2022 A.5.30", "NIST SP 800-53 CP-2", "SOC 2 A1.2"],
  remediation: "Declare the store through a component with objectives, or annotate it with the asset that covers it.",
  check: ({ plan }) => [
    ...plan.stores
      .filter((store) => store.asset === undefined)
      .map((store) => ({
        assets: [],
        source: store.source,
        message: `${store.name} keeps data, but no asset with objectives covers it`,
      })),
    ...plan.assets.flatMap((asset) => {
      const missing = disruptions.filter((disruption) => asset.objectives[disruption] === undefined);
      const lacks = [
        ...(missing.length > 0 ? [`no objective for ${missing.join(", ")}`] : []),
        ...(asset.retention === undefined ? ["no retention"] : []),
      ];
      return lacks.length === 0 ? [] : [{ assets: [asset.id], source: asset.source, message: lacks.join(" and ") }];
    }),
  ],
};
