import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * An order for test files that begins with those named, of which the longest comes first: begun last, one of them would
 * keep one worker busy while the others have nothing left to do. The rest follow by name.
 */
export function longestFirst(long: readonly string[]): typeof BaseSequencer {
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      const place = ({ moduleId, project }: TestSpecification) => {
        const at = long.indexOf(relative(project.config.root, moduleId).replace(/^test\/|\.test\.ts$/g, ""));
        return at < 0 ? long.length : at;
      };
      return [...files].sort((a, b) => place(a) - place(b) || (a.moduleId < b.moduleId ? -1 : 1));
    }
  };
}
