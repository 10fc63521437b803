import { type Mend, mends } from "./variant";

/** Annotations under `holdfast.dev/`. */
export function links(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`holdfast.dev/${key}`, value]));
}

/** What of a resource the runbook does not say, and which of `touching` this stack mends in it. */
export function assumed(text: string, mended: ReadonlySet<Mend>, touching: readonly Mend[]): { assumed: string } {
  const applied = touching.filter((mend) => mended.has(mend)).map((mend) => `mended: ${mends[mend]}`);
  return { assumed: [text, ...applied].join("; ") };
}
