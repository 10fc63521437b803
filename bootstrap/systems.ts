import type { SystemSettings } from "./config";
import { services } from "./serviceSettings";

/** What several systems make, as if one made it. */
export function united(systems: readonly SystemSettings[]): SystemSettings {
  const records: SystemSettings["records"] = {};
  for (const [zone, names] of systems.flatMap((one) => Object.entries(one.records)))
    records[zone] = [...(records[zone] ?? []), ...names];
  return {
    buckets: systems.flatMap(({ buckets }) => buckets),
    objects: systems.flatMap(({ objects }) => objects),
    roles: systems.flatMap(({ roles }) => roles),
    records,
    services: unitedServices(systems),
    platform: systems.find(({ platform }) => platform)?.platform,
  };
}

function unitedServices(systems: readonly SystemSettings[]): SystemSettings["services"] {
  const all = systems.flatMap((one) => one.services ?? []);
  if (all.length === 0) return undefined;
  const lists = Object.keys(services.shape).map((key) => [
    key,
    all.flatMap((one): unknown[] => one[key as keyof typeof one]),
  ]);
  return services.parse(Object.fromEntries(lists));
}
