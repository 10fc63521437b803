import type { Source } from "../term";
import { type Form, reference } from "./form";
import { covers, type Entry } from "./names";
import { refuse, type Spot, shown } from "./spot";

/** An entry of the register as a source. */
export function registerSource(entry: string): Source {
  return { resource: `register:${entry}`, name: `Register entry ${entry}` };
}

/** The entry that a number names, as far as the file states it. */
export function entryOf(id: string | undefined, { reading }: Spot): Entry | undefined {
  return reading.names.assumptions.find((one) => one.id === id);
}

const name = reference("an assumption or a site of the register", "acknowledge", ({ reading: { names } }) => [
  ...names.assumptions.map(({ id }) => id),
  ...names.sites.flatMap((site) => [site, `site:${site}`]),
]);

/** The entry of the register that answers for something; by hand it must cover what it is about. */
export const assumption: Form<string> = {
  ...name,
  read: (value, at) => {
    const id = name.read(value, at);
    const entry = at.reading.byHand ? entryOf(id, at) : undefined;
    const gap = entry && uncovered(entry, at);
    return gap === undefined ? id : refuse(at, gap);
  },
};

function uncovered({ id, assets, disruptions, path }: Entry, { about }: Spot): string | undefined {
  const { asset } = about;
  if (asset !== undefined && !assets.some((pattern) => covers(pattern, asset))) {
    return `must cover ${asset}, but ${shown(id)} is for ${assets.join(", ") || "nothing"}`;
  }
  const missing = about.disruptions?.find((one) => disruptions !== undefined && !disruptions.includes(one));
  if (missing !== undefined) return `must cover ${missing}, but ${shown(id)} is for ${disruptions?.join(", ")}`;
  if (path !== undefined && about.path !== undefined && path !== about.path) {
    return `must cover path ${shown(about.path)}, but ${shown(id)} is for ${shown(path)}`;
  }
  return undefined;
}
