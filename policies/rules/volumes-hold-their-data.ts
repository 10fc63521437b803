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
      if (store.asset === undefined || store.needed === undefined || store.size === undefined) return [];
      const base = { assets: [store.asset], source: store.source };
      if (isUnknown(store.size)) {
        return [{ ...base, message: `${store.name}: ${store.size.unknown}`, cannotProve: true }];
      }
      if (store.size >= store.needed) return [];
      return [
        {
          ...base,
          message: `${store.name} must hold ${gigabytes(store.needed)}, it is ${gigabytes(store.size)}`,
          fix: {
            change: `size of ${store.source.name}: at least ${gigabytes(store.needed)}`,
            source: store.source,
            result: "it holds its data",
          },
        },
      ];
    }),
};

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
