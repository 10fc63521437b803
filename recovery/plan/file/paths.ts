import { disruptions } from "../../objective";
import type { Path, Step } from "../path";
import { assetName, disruptionList } from "./assets";
import { noCircle } from "./circle";
import { type Form, flag, named, reference, text } from "./form";
import { list } from "./list";
import { map, may, must, or, ownSource } from "./map";
import { pathName, textsIn } from "./names";
import { need, place } from "./places";
import { lastPart } from "./protections";
import { type About, below, isMap, own, refuse, type Spot, shown, textIn } from "./spot";
import { founded, term, terms } from "./terms";
import { maybe } from "./values";
import { perWord } from "./words";

const step = named(
  "step",
  map<Step>(
    {
      name: must(text("restore"), "What people call it, once in its path."),
      bound: must(
        founded(term(({ about }) => about.called ?? "step")),
        "Its deadline. It says itself how it is known: measured after a verified drill, else assumed.",
      ),
      after: or(
        list(
          reference(
            "another step of its path",
            "scale-down",
            ({ about }) => about.siblings?.filter((one) => one !== "") ?? [],
          ),
          { once: { what: "a step", of: (one) => one } },
        ),
        "Steps that must have ended; [] to begin at once. @default the step before it in the list",
        (_, at) => stepBefore(at),
      ),
      uses: may(list(text("operator")), "What it has to itself while it runs, by name: one operator, one link."),
      stopsWrites: may(flag, "Whether nothing is written any more after it."),
      restores: may(flag, "Whether it restores."),
      verifies: may(flag, "Whether it checks what was restored."),
      redirects: may(flag, "Whether it sends clients there."),
      source: ownSource,
    },
    {
      title: (textOf) => `step ${textOf("name")}`,
      about: ({ name }) => (typeof name === "string" ? { called: name } : {}),
    },
  ),
);

/** The setting `after` of a step knows its place in the list, and the names of all. */
function stepBefore({ keys, about }: Spot): string[] {
  const index = Number(keys.at(-2));
  const before = about.siblings?.[index - 1];
  return before === undefined ? [] : [before];
}

const steps = list(step, {
  once: { what: "a name", of: ({ name }) => name },
  check: noCircle("wait for each other", ({ name, after }) => [name, after]),
});

const name = text("restore-in-paris");

/** By hand an id may leave its asset out. */
const pathId: Form<string> = {
  ...name,
  read: (value, at) => {
    const id = name.read(value, at);
    const { asset } = at.about;
    if (id === undefined || !at.reading.byHand || asset === undefined) return id;
    return id.startsWith(`${asset}/`) ? id : `${asset}/${id}`;
  },
};

function aboutOf(path: Record<string, unknown>): About {
  const asset = textIn(path, "asset");
  const id = textIn(path, "id");
  const named = textsIn(path, "disruptions");
  const steps = own(path, "steps");
  return {
    ...(asset === undefined ? {} : { asset }),
    ...(named === undefined ? {} : { disruptions: named }),
    ...(asset === undefined || id === undefined ? {} : { path: pathName(id, asset) }),
    // In the order of the list, whatever is in it: a step waits for the one before it.
    siblings: Array.isArray(steps) ? steps.map((one) => (isMap(one) ? (textIn(one, "name") ?? "") : "")) : [],
  };
}

/** What was measured was measured by a drill, and the register holds its record. */
function noteUnrehearsed({ steps = [] }: Partial<Path>, at: Spot): void {
  const { asset, path } = at.about;
  // Whose path it is, and what it is called, is refused where it is missing.
  if (asset === undefined || path === undefined) return;
  const drilled = at.reading.names.drills.some((drill) => drill.asset === asset && drill.path === path);
  if (drilled) return;
  for (const [index, { bound }] of steps.entries()) {
    if (bound.grade !== "measured") continue;
    const spot = ["steps", index, "bound", "grade"].reduce(below, at);
    refuse(spot, `must not be measured: register.drills has no record of path ${shown(path)} of ${asset}`);
  }
}

/** Ways from a disruption back to verified service. */
export const paths: Form<Path[]> = list(
  map<Path>(
    {
      id: must(pathId, "Its name, which registers call it by; reports put its asset before it."),
      asset: must(assetName, "The asset it brings back."),
      protection: must(
        reference("a protection of the same asset", "shop/orders/dumps", ({ reading, about }) =>
          reading.names.protections.filter(({ asset }) => asset === about.asset).map(({ id }) => id),
        ),
        "Id of the protection it uses.",
      ),
      label: or(text("restore in Paris"), "What reports call it. @default its id in words", (path) =>
        lastPart(textIn(path, "id") ?? ""),
      ),
      disruptions: must(disruptionList(1), "What it is for."),
      detect: must(terms("notice"), "From the disruption until somebody, or something that acts by itself, is told."),
      decide: must(
        terms("decide", founded(term("decide"))),
        "From then until the recovery begins; [] where the resource does it by itself. Each says how it is known.",
      ),
      steps: must(steps, "What is done; [] where nothing has to be."),
      redirect: must(terms("redirect"), "From then until clients are served; 0s where they notice nothing."),
      reprotect: may(terms("protected again"), "From then until another loss of the same kind would be survived."),
      runsAt: must(maybe(place), "Where the recovery runs."),
      needs: must(list(need), "What it cannot do without: images, keys, DNS; [] for nothing."),
      excluded: or(
        perWord(disruptions, text("its storage is in one zone"), "a disruption"),
        "Disruptions it names and does not hold for, each with the reason.",
        () => ({}),
      ),
      source: ownSource,
    },
    {
      title: (textOf) => textOf("label") || lastPart(textOf("id")),
      about: aboutOf,
      check: noteUnrehearsed,
    },
  ),
  { once: { what: "an id", of: ({ id }) => id } },
);
