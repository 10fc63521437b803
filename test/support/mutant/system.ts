import { edit, healthy, type Parts } from "../../policies/observe/program";

/** What a system is called here, in place of the names of the example. */
const renamed = (id: string): [from: string, to: string][] => [
  ["omendb/", `${id}/`],
  ["omendb-prod", id],
  ["omendb-copies", `${id}-copies`],
  ["omendb.example.com", `${id}.example.com`],
];

/** The example program as a system of its own: its names are its own, its providers and sites those of all. */
export function systemCalled(id: string): Parts {
  const promised = ["corruption", "compromise"].reduce(
    (parts, disruption) => edit(parts, "database", `asset.objectives.${disruption}`, undefined),
    healthy(),
  );
  const text = renamed(id).reduce((all, [from, to]) => all.replaceAll(from, to), JSON.stringify(promised));
  const parts = JSON.parse(text) as Parts;
  return Object.fromEntries(
    Object.entries(parts)
      .filter(([part]) => part !== "register")
      .map(([part, resource]) => [part, { ...resource, name: `${id}-${part}` }]),
  );
}

/** The register of all systems: the example's, for any asset. */
export function register(): Parts[string] {
  const { register: own } = JSON.parse(JSON.stringify(healthy()).replaceAll('"omendb/*"', '"*"')) as Parts;
  if (own === undefined) throw new Error("the example has no register");
  return own;
}
