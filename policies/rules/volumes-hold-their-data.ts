import { isUnknown, type Rule, type Violation } from "../../recovery";

/** A full volume stops writes and backups alike. */
export const volumesHoldTheirData: Rule = {
  name: "volumes-hold-their-data",
  description: "Every volume is at least as large as its asset needs.",
  level: "mandatory",
  severity: "medium",
  controls: ["ISO/IEC 27001:2022 A.8.6", "SOC 2 A1.1"],
  remediation: "Ask for at least the size that the capacity formula gives.",
  check: ({ plan }) =>
    plan.stores.flatMap((store): Violation[] => {
      if (store.asset === undefined || store.needed === undefined) return [];
      const size = store.size ?? { unknown: "it names no size" };
      const base = { assets: [store.asset], source: store.source };
      if (isUnknown(size)) return [{ ...base, message: `${store.name}: ${size.unknown}`, cannotProve: true }];
      if (size >= store.needed) return [];
      const needed = gigabytes(Math.ceil(store.needed / 1e7));
      return [
        {
          ...base,
          message: `${store.name} must hold ${needed}, it is ${gigabytes(Math.floor(size / 1e7))}`,
          fix: {
            change: `size of ${store.source.name}: at least ${needed}`,
            source: store.source,
            result: "it holds its data",
          },
        },
      ];
    }),
};

function gigabytes(hundredths: number): string {
  return `${(hundredths / 100).toFixed(2)} GB`;
}
