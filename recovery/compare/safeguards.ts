import type { CloudRole, LockedObject, MaintenanceRuns, Plan, Safeguard } from "../plan";
import { formatInstant } from "../schedule";
import { amount, either, elsewhere, list, placeText, ranked, takes, told, word } from "./aspects";
import type { Change } from "./comparison";
import { pace, scheduleText, suspended } from "./runs";
import { changesOf, type Kind } from "./things";

/** What changed in what recovery rests on beside numbers. */
export function safeguardChanges(before: Plan, after: Plan, asOf: number): Change[] {
  const changes = <K extends Safeguard["kind"]>(kind: K, how: Kind<Extract<Safeguard, { kind: K }>>) =>
    changesOf(how, ofKind(before, kind), ofKind(after, kind));
  return [
    ...changes("locked-object", lockedObjects),
    ...changes("maintenance", maintenanceAt(asOf)),
    ...changes("role", roles),
  ];
}

function ofKind<K extends Safeguard["kind"]>({ safeguards }: Plan, kind: K): Extract<Safeguard, { kind: K }>[] {
  return safeguards.filter((one): one is Extract<Safeguard, { kind: K }> => one.kind === kind);
}

const ends = amount("end of the lock", "less", "worst", formatInstant, ["brought forward", "put off"]);

const lockedObjects: Kind<LockedObject> = {
  noun: "lock",
  id: ({ name }) => name,
  name: ({ name }) => name,
  added: "stronger",
  text: ({ mode, until }) => `${told(mode)}${until === undefined ? "" : `, until ${ends.text(until)}`}`,
  aspects: {
    kind: elsewhere,
    name: elsewhere,
    assets: list("assets of which a recovery needs it", "added"),
    mode: word("lock", ["compliance", "governance", "none"]),
    until: ends,
    source: elsewhere,
  },
};

function maintenanceAt(asOf: number): Kind<MaintenanceRuns> {
  return {
    noun: "maintenance job",
    id: ({ name }) => name,
    name: ({ name }) => name,
    added: "stronger",
    text: ({ schedule, suspended: off }) => `${scheduleText(schedule)}${off === true ? ", suspended" : ""}`,
    aspects: {
      kind: elsewhere,
      name: elsewhere,
      at: either("place of the job", placeText),
      schedule: pace(asOf),
      suspended,
      startSlack: takes("start slack"),
      run: takes("deadline of a run"),
      apartFrom: list("assets whose backups it keeps away from", "lost"),
      source: elsewhere,
    },
  };
}

const roles: Kind<CloudRole> = {
  noun: "role",
  id: ({ name }) => name,
  name: ({ name }) => name,
  // What may do more is no protection, and what may do less may be missed.
  added: "other",
  text: ({ boundary }) => (boundary === undefined ? "nothing bounds it" : `bounded by ${told(boundary)}`),
  aspects: {
    kind: elsewhere,
    name: elsewhere,
    at: either("place of the role", placeText),
    boundary: ranked("boundary", (one) => [one === undefined ? 1 : 0], told, ["removed", "added"]),
    source: elsewhere,
  },
};
