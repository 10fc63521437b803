/** Fault domains, from the smallest. */
const kinds = ["process", "node", "zone", "region"] as const;

/** Fault domains of one kind. */
export type Kind = (typeof kinds)[number];

/** Shares of one object: how many there are, how many must be left, and how many of them one domain may hold. */
export interface Spread {
  total: number;
  needed: number;
  together: Partial<Record<Kind, number>>;
  /** How many domains of the smallest named kind planned work has taken away. */
  away: number;
}

/** The domain of each kind, by its number, that one share is in. */
type Seat = Readonly<Record<Kind, number>>;

const known = new Map<string, Seat[][]>();

/** Every way to lay out so many shares in nested domains, as the caps allow, but for which share is which. */
export function placements({ total, together }: Pick<Spread, "total" | "together">): Seat[][] {
  const key = JSON.stringify([total, together]);
  const found = known.get(key) ?? within("region", total, together).map(seated);
  known.set(key, found);
  return found;
}

/** The shares in the domains of one kind: how many each holds, and how they lie in the smaller domains within. */
interface Layout {
  kind: Kind;
  domains: { holds: number; inside: Layout | undefined }[];
}

function within(kind: Kind, shares: number, together: Spread["together"]): Layout[] {
  const smaller = kinds[kinds.indexOf(kind) - 1];
  return partitions(shares, together[kind] ?? shares).flatMap((parts) => {
    let layouts: Layout[] = [{ kind, domains: [] }];
    for (const holds of parts) {
      const insides = smaller === undefined ? [undefined] : within(smaller, holds, together);
      layouts = layouts.flatMap(({ domains }) =>
        insides.map((inside) => ({ kind, domains: [...domains, { holds, inside }] })),
      );
    }
    return layouts;
  });
}

/** Every way to write a number as a sum of parts no larger than `most`, the larger parts first. */
function partitions(sum: number, most: number): number[][] {
  if (sum === 0) return [[]];
  const found: number[][] = [];
  for (let part = Math.min(sum, most); part > 0; part--) {
    for (const rest of partitions(sum - part, part)) found.push([part, ...rest]);
  }
  return found;
}

function seated(layout: Layout): Seat[] {
  const next: Record<Kind, number> = { process: 0, node: 0, zone: 0, region: 0 };
  const sit = ({ kind, domains }: Layout): Seat[] =>
    domains.flatMap(({ holds, inside }) => {
      const number = next[kind]++;
      const smaller = inside === undefined ? Array.from({ length: holds }, () => ({ ...next })) : sit(inside);
      return smaller.map((seat) => ({ ...seat, [kind]: number }));
    });
  return sit(layout);
}

/** Whether enough shares are left, wherever they were placed and whichever domains are away and lost. */
export function alwaysLeaves(spread: Spread, lost: Kind, domains = 1): boolean {
  return placements(spread).every((seats) => fewestLeft(seats, spread, lost, domains) >= spread.needed);
}

function fewestLeft(seats: readonly Seat[], { together, away }: Spread, lost: Kind, domains: number): number {
  const smallest = kinds.find((kind) => together[kind] !== undefined);
  const gone = smallest === undefined ? [seats] : without(seats, smallest, away);
  return Math.min(...gone.flatMap((left) => without(left, lost, domains)).map(({ length }) => length));
}

/** What is left when so many domains of a kind are taken away, in every way. */
function without(seats: readonly Seat[], kind: Kind, count: number): (readonly Seat[])[] {
  if (count === 0 || seats.length === 0) return [seats];
  const domains = [...new Set(seats.map((seat) => seat[kind]))];
  return domains.flatMap((domain) =>
    without(
      seats.filter((seat) => seat[kind] !== domain),
      kind,
      count - 1,
    ),
  );
}

/** Of all objects laid out over every set of `members`, the parts that miss a share and that cannot be read, with some down. */
export function fractions(
  { total, needed }: Pick<Spread, "total" | "needed">,
  members: number,
  down: number,
): { objects: number; degraded: number; unreadable: number } {
  const sets = subsets(members, total);
  const missing = sets.map((set) => set.filter((member) => member < down).length);
  return {
    objects: sets.length,
    degraded: missing.filter((count) => count > 0).length,
    unreadable: missing.filter((count) => total - count < needed).length,
  };
}

function subsets(of: number, size: number, from = 0): number[][] {
  if (size === 0) return [[]];
  return Array.from({ length: Math.max(0, of - from) }, (_, turn) => from + turn).flatMap((first) =>
    subsets(of, size - 1, first + 1).map((rest) => [first, ...rest]),
  );
}
