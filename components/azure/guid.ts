import { createHash } from "node:crypto";

/** A GUID that follows from a text, of the form of version 5: a second deployment finds what the first has made. */
export function guidOf(text: string): string {
  const hash = createHash("sha1").update(text).digest("hex");
  const variant = ((Number.parseInt(hash.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `5${hash.slice(13, 16)}`,
    `${variant}${hash.slice(18, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}
