import * as fs from "node:fs";

const processes = "/proc";

/** The processes that one started, and those that they started, from the oldest; none where the system has no /proc. */
export function startedBy(pid: number): number[] {
  const parents = fs.existsSync(processes) ? fs.readdirSync(processes).flatMap(parentOf) : [];
  const of = (parent: number): number[] => parents.filter((one) => one.parent === parent).map((one) => one.pid);
  const found = of(pid);
  for (const one of found) found.push(...of(one));
  return found;
}

function parentOf(name: string): { pid: number; parent: number }[] {
  if (!/^\d+$/.test(name)) return [];
  try {
    // After the name, which may hold spaces and brackets: state, parent.
    const stat = fs.readFileSync(`${processes}/${name}/stat`, "utf8");
    const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return [{ pid: Number(name), parent: Number(parent) }];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
