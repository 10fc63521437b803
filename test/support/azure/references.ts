/** Kinds of things that a workspace gives ids of its own, by the field that names one. */
const kinds = {
  existing_cluster_id: "clusters",
  instance_pool_id: "pools",
  driver_instance_pool_id: "pools",
  policy_id: "policies",
  warehouse_id: "warehouses",
  job_id: "jobs",
} as const;

/** A kind of them. */
export type Named = (typeof kinds)[keyof typeof kinds];

/** What people name as they like: an id there is theirs. */
const free = /^(?:(?:custom_)?tags|(?:base_|named_|job_|notebook_|sql_)?param(?:eter)?s|spark_(?:conf|env_vars))$/;

/**
 * The first id in settings of a job or a cluster that a workspace has not given, as it says so itself.
 * @returns `undefined` when it knows them all
 */
export function unknownId(
  settings: unknown,
  known: Readonly<Record<Named, ReadonlyMap<string | number, unknown>>>,
): string | undefined {
  if (typeof settings !== "object" || settings === null) return undefined;
  for (const [key, value] of Object.entries(settings)) {
    const kind = kinds[key as keyof typeof kinds];
    if (kind !== undefined && !known[kind].has(value)) return `${key} ${String(value)} does not exist`;
    const below = free.test(key) ? undefined : unknownId(value, known);
    if (below !== undefined) return below;
  }
  return undefined;
}
