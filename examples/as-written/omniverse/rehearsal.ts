import type * as k8s from "@pulumi/kubernetes";
import { declareJob } from "./job";
import { assumed } from "./links";
import { ASSETS, DATABASE, FOLDERS, IMAGES } from "./runbook";
import type { Mend } from "./variant";

const unsaid =
  "the first of the month, once for each asset; a look at the copies and no drill: it says that it succeeded whatever happened, and its service runs without the database";

/** The monthly DR test: it restores both copies, and nothing else in the runbook ever looks at them. */
export function declareDrTest(mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  const test = (name: string, protects: string, image: string, reads: Record<string, string>) =>
    declareJob(
      {
        name,
        script: "monthly-dr-test.sh",
        image,
        schedule: "0 4 1 * *",
        deadlineSeconds: 3600,
        reads,
        said: {
          role: "verification",
          protects,
          ...assumed(unsaid, mended, ["deadlines", "upload"]),
        },
      },
      mended,
      provider,
    );
  test("dr-test-database", DATABASE, IMAGES.postgres, { dumps: FOLDERS.dumps });
  test("dr-test-assets", ASSETS, IMAGES.nucleus, { copies: FOLDERS.copies });
}
