/** What an object says of itself to the policy pack: the keys of docs/links.md. */
export type LinkName =
  | "asset"
  | "lease"
  | "start-deadline"
  | "holds"
  | "replicas"
  | "turn"
  | "ready"
  | "apart-from"
  | "reads"
  | "role"
  | "protects"
  | "copies-to"
  | "capture"
  | "protection"
  | "path"
  | "disruptions"
  | "step"
  | "after"
  | "effect"
  | "redirects"
  | "redirect-within"
  | "runs-at"
  | "kit";

/** Annotations under `holdfast.dev/`; links without a value, or with an empty list, are left out. */
export function links(
  values: Partial<Record<LinkName, string | readonly string[] | undefined>>,
): Record<string, string> {
  const entries = Object.entries(values).flatMap(([name, value]) => {
    const text = typeof value === "string" ? value : value?.join(",");
    return text ? [[`holdfast.dev/${name}`, text] as const] : [];
  });
  return Object.fromEntries(entries);
}
