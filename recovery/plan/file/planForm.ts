import type { ReadProblem } from "../../finding";
import type { Plan } from "../plan";
import { assets, availability, groups, work } from "./assets";
import { type Form, flag, text, whole } from "./form";
import { list } from "./list";
import { map, may, must, or, sourceForm } from "./map";
import { paths } from "./paths";
import { wholePlace } from "./places";
import { protections } from "./protections";
import { register } from "./registers";
import { safeguards } from "./safeguards";
import { alerts, rehearsals, stores } from "./watching";
import { perName } from "./words";

/** Version of the format, raised when a reader of the old one would misread the new one. */
export const planVersion = 1;

/** Sections that say nothing where a file leaves them out: what judges them is not asked. */
export const mayBeUnstated = ["alerts", "rehearsals", "stores"] as const;

/** A section that a file may leave out. */
export type Section = (typeof mayBeUnstated)[number];

/** What `preview` found beside the plan where it read it. */
export interface Observed {
  /** Resources of the program. */
  resources: number;
  /** What could not be read, or does not resolve. */
  problems: ReadProblem[];
}

const problem = map<ReadProblem>({
  source: must(sourceForm, "The resource at fault."),
  message: must(text("it names a bucket that does not exist"), "What is wrong with it."),
  asset: may(text("shop/orders"), "The asset it concerns."),
  cannotProve: may(flag, "True when something needed could not be read."),
});

const observed = map<Observed>({
  resources: must(whole(0, 312), "Resources of the program."),
  problems: must(list(problem), "What could not be read, or does not resolve: findings of links-resolve."),
});

const version: Form<typeof planVersion> = {
  ...whole(planVersion, planVersion, planVersion),
  read: (value, at) => (whole(planVersion, planVersion, planVersion).read(value, at) === undefined ? undefined : 1),
};

/** Everything in a file, as it is written. */
export interface PlanFileParts extends Omit<Plan, Section> {
  version: typeof planVersion;
  observed?: Observed;
  places?: Record<string, unknown>;
  alerts?: Plan["alerts"];
  rehearsals?: Plan["rehearsals"];
  stores?: Plan["stores"];
}

/** Places are read before everything else, and written out where they are named. */
const placesRead: Form<Record<string, unknown>> = {
  read: () => ({}),
  write: () => ({}),
  schema: (definitions) => perName(wholePlace).schema(definitions),
};

/** The whole of a file. */
export const planForm: Form<PlanFileParts> = map<PlanFileParts>({
  version: or(version, "Version of this format. @default 1", () => planVersion),
  observed: may(observed, "What preview found where it read the plan; never written by hand."),
  places: may(placesRead, "Places by name, for what is below to refer to."),
  assets: must(assets, "What must be recovered, with its promises."),
  protections: must(protections, "How the data of assets outlives disruptions."),
  paths: must(paths, "Ways from a disruption back to verified service."),
  groups: or(groups, "Assets whose restored moments must fit together. @default none", () => []),
  alerts: may(alerts, "Alerts that guard promises. Left out, nothing is said of them; [] says that there are none."),
  rehearsals: may(
    rehearsals,
    "Drills and verifications that run by themselves. Left out, nothing is said of them; [] says that there are none.",
  ),
  stores: may(stores, "What keeps data. Left out, nothing is said of it; [] says that there is none."),
  work: or(work, "Work that takes systems away on a schedule. @default none", () => []),
  availability: or(availability, "How much of the time systems promise to be there. @default none", () => []),
  safeguards: or(
    safeguards,
    "What recovery rests on and no number is made from: it is compared, and changes no verdict. @default none",
    () => [],
  ),
  register: or(register, "What is judged beside all this: sites, assumptions, waivers, drills. @default empty", () => ({
    sites: [],
    assumptions: [],
    waivers: [],
    drills: [],
  })),
});
