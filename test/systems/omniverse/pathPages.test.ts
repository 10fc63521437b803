import { describe, expect, it } from "vitest";
import { type PathName, recoveryPaths, stepJob } from "../../../systems/omniverse/recoverySteps";
import { pathPages } from "../../../systems/omniverse/runbooks/pathPages";
import { procedurePages } from "../../../systems/omniverse/runbooks/procedurePages";
import { stepTexts } from "../../../systems/omniverse/runbooks/stepTexts";

const paths = Object.keys(recoveryPaths) as PathName[];
const pages = new Map(pathPages().map(({ file, text }) => [file, text]));

describe("the pages of the recovery paths", () => {
  it("are one for each path, and link only to one another and to procedures", () => {
    expect([...pages.keys()]).toEqual(paths.map((path) => `${path}.md`));
    const links = [...pages.values()].flatMap((text) => [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link));
    const others = new Set(procedurePages().map(({ file }) => file));
    expect(links.filter((link) => !pages.has(link ?? "") && !others.has(link ?? ""))).toEqual([]);
  });

  it.each(paths)("start every step of %s, with its deadline, and say what its failure means", (path) => {
    const text = pages.get(`${path}.md`) ?? "";
    for (const [step, { deadline }] of Object.entries(recoveryPaths[path].steps)) {
      expect(text).toContain(`create job --from=cronjob/${stepJob(path, step)} "$JOB"`);
      expect(text).toContain(`### ${step} (at most ${deadline})`);
    }
    expect(text).not.toContain("undefined");
  });

  it("have no text for a step that no path has", () => {
    for (const path of paths) expect(Object.keys(stepTexts[path])).toEqual(Object.keys(recoveryPaths[path].steps));
  });
});
