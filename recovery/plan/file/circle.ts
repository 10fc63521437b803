import { refuse, type Spot } from "./spot";

/** A circle among things that wait for others, as their names in order, the first again at the end; undefined without one. */
export function circleIn(waits: readonly (readonly [name: string, others: readonly string[]])[]): string[] | undefined {
  let left = new Map(waits.map(([name, others]) => [name, [...others]]));
  for (let size = -1; size !== left.size; ) {
    size = left.size;
    // What waits for nothing that is left can end.
    left = new Map(
      [...left]
        .map(([name, others]): [string, string[]] => [name, others.filter((one) => left.has(one))])
        .filter(([, others]) => others.length > 0),
    );
  }
  const [start] = left.keys();
  if (start === undefined) return undefined;
  const walked: string[] = [];
  let at: string | undefined = start;
  while (at !== undefined && !walked.includes(at)) {
    walked.push(at);
    at = left.get(at)?.find((one) => left.has(one));
  }
  return at === undefined ? undefined : [...walked.slice(walked.indexOf(at)), at];
}

/** Notes a circle in a list; `verb` says what its entries do: `wait for each other`. */
export function noCircle<T>(
  verb: string,
  waitsOf: (entry: T) => readonly [name: string, others: readonly string[]],
): (entries: readonly T[], at: Spot) => void {
  return (entries, at) => {
    const waits = entries.map(waitsOf);
    // Which of two of one name is waited for is not said, and that they are two is told already.
    if (new Set(waits.map(([name]) => name)).size < waits.length) return;
    const circle = circleIn(waits);
    if (circle) refuse(at, `must not ${verb} in a circle, got ${circle.join(" → ")}`);
  };
}
