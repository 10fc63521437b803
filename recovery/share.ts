/** A share of the time as people write it: `99.99%`. */
export const sharePattern = /^(\d{1,3})(?:\.(\d{1,4}))?%$/;

/** What a share must be, in messages. */
export const shareForm = 'a share of the time such as "99.99%", or whole millionths such as 999900';

/** Reads `"99.99%"`, or whole millionths, as millionths; undefined where it is neither, or more than all of the time. */
export function parseShare(value: unknown): number | undefined {
  const millionths = typeof value === "string" ? millionthsOf(value) : value;
  if (typeof millionths !== "number" || !Number.isSafeInteger(millionths)) return undefined;
  return millionths >= 0 && millionths <= 1_000_000 ? millionths : undefined;
}

/** Millionths as people write them: `99.99 %`. */
export function formatShare(perMillion: number): string {
  return `${perMillion / 10_000} %`;
}

function millionthsOf(text: string): number | undefined {
  const [, units, decimals = ""] = sharePattern.exec(text) ?? [];
  return units === undefined ? undefined : Number(units) * 10_000 + Number(decimals.padEnd(4, "0"));
}
