/** A property path as Pulumi writes it, in segments: `a.b["c.d"][0]` is `a`, `b`, `c.d`, `0`; `*` stands for any. */
export function parsePath(text: string): readonly string[] {
  const path = parsed.get(text) ?? segmentsOf(text);
  parsed.set(text, path);
  return path;
}

/** Readers ask every resource for the same few paths. */
const parsed = new Map<string, readonly string[]>();

function segmentsOf(text: string): string[] {
  return [...text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, plain]) => quoted?.replaceAll(/\\(.)/g, "$1") ?? index ?? plain ?? "",
  );
}

/** Prints segments as a property path. */
export function printPath(path: readonly string[]): string {
  return path.reduce((text, segment) => {
    if (/^\d+$/.test(segment)) return `${text}[${segment}]`;
    if (!/^[\w-]+$/.test(segment)) return `${text}[${JSON.stringify(segment)}]`;
    return text === "" ? segment : `${text}.${segment}`;
  }, "");
}

/** Whether `path` lies at or under `prefix`, in which `*` stands for any segment. */
export function isUnder(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.length <= path.length && overlaps(path, prefix);
}

/** Whether one of two paths lies at or under the other. */
export function overlaps(a: readonly string[], b: readonly string[]): boolean {
  const shared = Math.min(a.length, b.length);
  return Array.from({ length: shared }, (_, i) => i).every((i) => a[i] === b[i] || a[i] === "*" || b[i] === "*");
}
