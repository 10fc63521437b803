import { type Disruption, disruptions } from "../objective";
import type { Path, Plan, Step } from "../plan";
import { type Aspect, either, elsewhere, flag, list, needText, placeText, take, takes, told } from "./aspects";
import type { Change } from "./comparison";
import { keyOf } from "./keys";
import { changesOf, type Kind, together } from "./things";

/** What changed in the ways back to verified service. */
export function recoveryChanges(before: Plan, after: Plan): Change[] {
  return together(changesOf(ways, before.paths.flatMap(waysOf), after.paths.flatMap(waysOf)));
}

/** A path for one of its disruptions: what reads a program names it by those that it happens to be alike for. */
interface Way extends Omit<Path, "disruptions" | "excluded"> {
  disruption?: Disruption;
  excluded?: string;
}

function waysOf({ disruptions: struck, excluded, ...path }: Path): Way[] {
  const id = nameOf(path.id);
  if (struck.length === 0) return [{ ...path, id }];
  return struck.map((disruption) => {
    const why = excluded[disruption];
    return { ...path, id, disruption, ...(why === undefined ? {} : { excluded: why }) };
  });
}

/** `omendb/data/takeover` of `omendb/data/takeover@node+zone`. */
function nameOf(id: string): string {
  const at = id.lastIndexOf("@");
  const named = id.slice(at + 1).split("+");
  return at > 0 && named.every((one) => disruptions.some((disruption) => disruption === one)) ? id.slice(0, at) : id;
}

const excluded: Aspect<string | undefined> = {
  called: "path",
  text: (why) => (why === undefined ? "holds" : why),
  order: (before, after) => {
    if (before !== undefined && after !== undefined) return "other";
    return after === undefined ? "stronger" : "weaker";
  },
  verbs: { weaker: "does not hold any more", stronger: "holds now", other: "does not hold for another reason" },
};

const ways: Kind<Way> = {
  noun: "path",
  id: ({ id, asset, disruption }) => keyOf([`id ${id}`, `asset ${asset}`, disruption]),
  name: ({ id }) => id,
  asset: ({ asset }) => asset,
  disruption: ({ disruption }) => disruption,
  added: "stronger",
  text: ({ label }) => label,
  aspects: {
    id: elsewhere,
    asset: elsewhere,
    disruption: elsewhere,
    protection: either("what the path recovers from"),
    label: either("name"),
    detect: take("detection"),
    decide: take("acknowledgement and decision"),
    steps: elsewhere,
    redirect: take("redirection"),
    reprotect: take("time until protected again", "weak"),
    runsAt: either("place of the recovery", placeText),
    needs: list("what the recovery needs", "added", needText),
    excluded,
    source: elsewhere,
  },
  parts: (before, after) => changesOf(stepsOf(before), before.steps, after.steps),
};

function stepsOf({ id, asset, disruption }: Way): Kind<Step> {
  return {
    noun: "step",
    id: ({ name }) => name,
    name: ({ name }) => `${name} of ${id}`,
    asset: () => asset,
    disruption: () => disruption,
    // One step less is quicker; one that checks or keeps damage from growing is missed all the same.
    added: ({ verifies, stopsWrites }) => (verifies || stopsWrites ? "stronger" : "other"),
    text: ({ bound }) => told(deadline.text(bound)) ?? "",
    aspects: {
      name: elsewhere,
      bound: deadline,
      after: either("what the step waits for"),
      uses: either("what the step has to itself"),
      stopsWrites: flag("stopping of writes", false, ["dropped", "added"]),
      restores: flag("restoring", false, ["dropped", "added"]),
      verifies: flag("verification", false, ["dropped", "added"]),
      redirects: flag("redirection of clients", false, ["dropped", "added"]),
      source: elsewhere,
    },
  };
}

const deadline = takes("deadline");
