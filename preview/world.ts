import colours from "picocolors";

/** Where a command reads and writes and what it knows of its surroundings; tests give their own. */
export interface World {
  stdin: AsyncIterable<string | Uint8Array>;
  stdout: Out;
  stderr: Out;
  /** Seconds since 1970. */
  now(): number;
}

/** A stream, and whether a person is looking at it. */
export interface Out {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

/** Whether to colour what goes to a stream: only on a terminal, and not where NO_COLOR says otherwise. */
export function colourful(out: Out): boolean {
  if (out.isTTY !== true) return false;
  return colours.isColorSupported;
}

/** Columns of a stream; what is no terminal is as wide as a report needs. */
export function widthOf(out: Out): number {
  return out.columns ?? 120;
}
