/** A step of a recovery as the simulator knows it: how long it takes and what must have ended before it starts. */
export interface Task {
  name: string;
  takes: number;
  after: readonly string[];
}

/** When each task has ended, each starting as soon as it may: a clock that goes from end to end. */
export function ends(tasks: readonly Task[]): Map<string, number> {
  const done = new Map<string, number>();
  const running = new Map<string, number>();
  let now = 0;
  while (done.size < tasks.length) {
    for (const task of tasks) {
      const ready = task.after.every((name) => done.has(name));
      if (ready && !done.has(task.name) && !running.has(task.name)) running.set(task.name, now + task.takes);
    }
    if (running.size === 0) throw new Error("tasks wait for each other");
    now = Math.min(...running.values());
    for (const [name, end] of running) {
      if (end !== now) continue;
      running.delete(name);
      done.set(name, end);
    }
  }
  return done;
}
