import type { SystemSettings } from "./config";
import type { Contradiction } from "./contradictions";
import { PREFIX } from "./names";

/** What a system names of buckets and roles that it does not make, and roles of CI that it would. */
export function foreign(path: PropertyKey[], system: string, settings: SystemSettings): Contradiction[] {
  const { buckets, objects, roles, services } = settings;
  const { replications = [], hidden = [] } = services ?? {};
  const refuse = (at: PropertyKey[], known: boolean, of: string[], what: string, got: string): Contradiction[] => {
    const message = `must be ${what} of ${system} (${of.join(", ")}), got ${JSON.stringify(got)}`;
    return known ? [] : [{ path: [...path, ...at], message }];
  };
  const bucket = (at: PropertyKey[], got: string) => refuse(at, buckets.includes(got), buckets, "a bucket", got);
  const inBucket = (at: PropertyKey[], got: string) =>
    refuse(
      at,
      buckets.some((one) => got.startsWith(`${one}/`)),
      buckets,
      "in a bucket",
      got,
    );
  const role = (at: PropertyKey[], got: string) =>
    refuse(
      at,
      roles.some((one) => meet(one, got)),
      roles,
      "a role",
      got,
    );
  return [
    ...objects.flatMap((object, index) => inBucket(["objects", index], object)),
    ...ownRoles(path, roles),
    ...replications.flatMap((one, index) => [
      ...bucket(["services", "replications", index, "from"], one.from),
      ...bucket(["services", "replications", index, "to"], one.to),
      ...role(["services", "replications", index, "role"], one.role),
    ]),
    ...hidden.flatMap((object, index) => inBucket(["services", "hidden", index], object)),
  ];
}

/** A role of CI that may change roles of CI could give itself everything. */
function ownRoles(path: PropertyKey[], roles: readonly string[]): Contradiction[] {
  return roles.flatMap((role, index) => {
    if (!meet(role, `${PREFIX}*`)) return [];
    const message = `must not reach the roles of CI, ${PREFIX}*, got ${JSON.stringify(role)}`;
    return [{ path: [...path, "roles", index], message }];
  });
}

/** What only one system may name: a second one would reach into what the first one's roles are bounded to. */
const single: Record<string, (of: SystemSettings) => readonly string[]> = {
  roles: ({ roles }) => roles,
  "services.databases": ({ services }) => services?.databases ?? [],
  "services.secrets": ({ services }) => services?.secrets ?? [],
  "services.alarms": ({ services }) => services?.alarms ?? [],
  "services.balancers": ({ services }) => services?.balancers ?? [],
  "services.topics": ({ services }) => services?.topics ?? [],
};

/** What two systems of a stack name, by patterns that meet. */
export function sharedSettings(path: PropertyKey[], systems: readonly [string, SystemSettings][]): Contradiction[] {
  return systems.flatMap(([system, settings], position) => {
    const before = systems.slice(0, position);
    const patterns = Object.entries(single).flatMap(([setting, of]) =>
      of(settings).flatMap((pattern, index) =>
        before.flatMap(([other, theirs]) =>
          of(theirs)
            .filter((one) => meet(one, pattern))
            .map((one) => ({
              path: [...path, system, ...setting.split("."), index],
              message: `must not meet ${JSON.stringify(one)} of ${other}, got ${JSON.stringify(pattern)}`,
            })),
        ),
      ),
    );
    return [
      ...patterns,
      ...sharedNames([...path, system], settings, before),
      ...otherPlatform(path, system, settings, before),
    ];
  });
}

function sharedNames(
  path: PropertyKey[],
  { records }: SystemSettings,
  before: readonly [string, SystemSettings][],
): Contradiction[] {
  return Object.entries(records).flatMap(([zone, names]) =>
    names.flatMap((name, index) =>
      before
        .filter(([, theirs]) => theirs.records[zone]?.includes(name))
        .map(([other]) => ({
          path: [...path, "records", zone, index],
          message: `must be a name that ${other} does not write, got ${JSON.stringify(name)}`,
        })),
    ),
  );
}

function otherPlatform(
  path: PropertyKey[],
  system: string,
  { platform }: SystemSettings,
  before: readonly [string, SystemSettings][],
): Contradiction[] {
  const [other] = before.find(([, theirs]) => theirs.platform) ?? [];
  if (!platform || other === undefined) return [];
  return [{ path: [...path, system, "platform"], message: `must be left out: ${other} is the platform of this stack` }];
}

/** Whether there is a name that two patterns stand for; `*` is at their ends alone. */
function meet(one: string, other: string): boolean {
  const [first, second] = [one, other].map((pattern) => pattern.replace(/\*$/, "")) as [string, string];
  return (
    first === second ||
    (one.endsWith("*") && second.startsWith(first)) ||
    (other.endsWith("*") && first.startsWith(second))
  );
}
