import type { Maybe } from "../../bound";
import type { Need, Place } from "../term";
import { assumption } from "./entries";
import { type Form, flag, named, type Schema, text } from "./form";
import { list } from "./list";
import { map, may, must, or, ownSource } from "./map";
import { below, didYouMean, isMap, pathOf, refuse, type Spot, shown, thereIs } from "./spot";
import { maybe } from "./values";

/** An account is one credential domain: hostile credentials reach all of it or none. */
export function noteReach({ account, deployed }: Partial<Pick<Place, "account" | "deployed">>, at: Spot): void {
  if (account === undefined || deployed === undefined) return;
  const { accounts } = at.reading;
  const known = accounts.get(account);
  if (known === undefined) accounts.set(account, { deployed, said: pathOf(at.keys) });
  else if (known.deployed !== deployed) {
    const rule = `must be ${known.deployed}, as for account ${shown(account)} at ${known.said}: credentials reach an account or do not`;
    refuse(below(at, "deployed"), `${rule}, got ${deployed}`);
  }
}

/** A place written out. */
export const wholePlace: Form<Place> = named(
  "place",
  map<Place>(
    {
      cloud: must(text("aws"), "Cloud, or what stands for one: places of different clouds share no region."),
      account: must(text("111111111111"), "Account, subscription or project: whose credentials rule it."),
      region: must(text("eu-central-1"), "Region, or the site of an own data centre."),
      zones: must(
        list(text("eu-central-1a"), { once: { what: "a name", of: (zone) => zone } }),
        "Zones it spans: it outlives the loss of one with two or more; none for a service of the whole region.",
      ),
      node: may(text("the disk of db-1"), "Set when it lives on one node only."),
      deployed: or(
        flag,
        "Whether the credentials that deploy this plan reach it: hostile, they delete what no lock protects. @default true",
        () => true,
      ),
    },
    { check: noteReach },
  ),
);

/** A place by its name under `places`, or written out, or unknown. */
export const place: Form<Maybe<Place>> = named("placeOrName", {
  read: (value, at) => (typeof value === "string" ? placeNamed(value, at) : orUnknown.read(value, at)),
  write: (value) => orUnknown.write(value),
  schema: (definitions): Schema => ({ anyOf: [{ type: "string" }, orUnknown.schema(definitions)] }),
});

const written: Form<Place> = {
  ...wholePlace,
  read: (value, at) =>
    isMap(value)
      ? wholePlace.read(value, at)
      : refuse(at, `must be the name of a place, or a map with cloud, account, region and zones, got ${shown(value)}`),
};
const orUnknown = maybe(written);

function placeNamed(name: string, at: Spot): Place | undefined {
  const { places } = at.reading;
  if (places.has(name)) return places.get(name);
  const names = [...places.keys()];
  return refuse(at, `must be a name under places, got ${shown(name)}${didYouMean(name, names) || thereIs(names)}`);
}

/** Places by name, each read once; undefined for one that could not be. */
export function readPlaces(value: unknown, at: Spot): Map<string, Place | undefined> {
  if (value === undefined) return new Map();
  if (!isMap(value)) {
    refuse(at, `must be a map of names to places, got ${shown(value)}`);
    return new Map();
  }
  return new Map(Object.entries(value).map(([name, one]) => [name, wholePlace.read(one, below(at, name))]));
}

/** What a copy or a recovery cannot do without. */
export const need: Form<Need> = named(
  "need",
  map<Need>(
    {
      what: must(text("the key that decrypts it"), "What it is."),
      at: must(place, "Where it is."),
      deletable: may(
        flag,
        "Whether hostile credentials of this program can delete it. @default true where they reach its place",
      ),
      assumption: may(assumption, "The entry of the register that says it will be there, wherever it is."),
      source: ownSource,
    },
    { title: (textOf) => textOf("what") },
  ),
);
