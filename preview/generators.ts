import { planSchema } from "../recovery/plan/file";
import { factsPage } from "./docs/factsPage";
import { picture } from "./docs/picture";
import { readme } from "./docs/readme";
import { rulesPage } from "./docs/rulesPage";

/** A file that is made from the code, so that it cannot say anything else. */
export interface Generator {
  /** Where it goes, from the root of the project. */
  file: string;
  /** Its text; `root` is the folder of the project. */
  text(root: string): string | Promise<string>;
}

/** Every generated file of the documentation. */
export const generators: readonly Generator[] = [
  { file: "docs/rules.md", text: rulesPage },
  { file: "docs/facts.md", text: factsPage },
  { file: "docs/schemas/plan.schema.json", text: () => `${JSON.stringify(planSchema(), undefined, 2)}\n` },
  { file: "docs/preview.svg", text: picture },
  { file: "README.md", text: readme },
];
