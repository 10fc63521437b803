/** A step that has some things to itself while it runs. */
export interface Turn {
  name: string;
  takes: number;
  after: readonly string[];
  uses: readonly string[];
}

/**
 * The longest time that steps can take when nobody waits for anything but a step before it or a thing that another one
 * has: in every order in which they may take their turns, until all of them have ended or those that are named.
 */
export function slowestTurns(turns: readonly Turn[], until: readonly string[] = turns.map(({ name }) => name)): number {
  return play({ now: 0, running: new Map(), done: new Set() }, turns, until);
}

interface State {
  now: number;
  /** Ends of those under way, by name. */
  running: ReadonlyMap<string, number>;
  done: ReadonlySet<string>;
}

function play(state: State, turns: readonly Turn[], until: readonly string[]): number {
  if (until.every((name) => state.done.has(name))) return state.now;
  let slowest = 0;
  for (const running of beginnings(state, turns)) {
    const now = Math.min(...running.values());
    const ended = [...running].filter(([, end]) => end === now).map(([name]) => name);
    const next = {
      now,
      running: new Map([...running].filter(([, end]) => end !== now)),
      done: new Set([...state.done, ...ended]),
    };
    slowest = Math.max(slowest, play(next, turns, until));
  }
  return slowest;
}

/** Every choice of those that begin now, such that no one who could begin as well is left out. */
function beginnings(state: State, turns: readonly Turn[]): ReadonlyMap<string, number>[] {
  const taken = new Set(turns.filter(({ name }) => state.running.has(name)).flatMap(({ uses }) => uses));
  const waiting = turns.filter(
    ({ name, after, uses }) =>
      !state.done.has(name) &&
      !state.running.has(name) &&
      after.every((one) => state.done.has(one)) &&
      uses.every((one) => !taken.has(one)),
  );
  if (waiting.length === 0) {
    if (state.running.size === 0) throw new Error("steps wait for each other");
    return [state.running];
  }
  // What needs nothing to itself is in nobody's way, whenever it is its turn.
  const free = waiting.filter(({ uses }) => uses.length === 0);
  return (free.length > 0 ? free.slice(0, 1) : waiting).flatMap((turn) =>
    beginnings({ ...state, running: new Map(state.running).set(turn.name, state.now + turn.takes) }, turns),
  );
}
