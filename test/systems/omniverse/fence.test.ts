import { describe, expect, it } from "vitest";
import { fenceVerdicts, type RdsSays } from "../../../systems/omniverse/fence";
import { stepJob } from "../../../systems/omniverse/recoverySteps";
import { pathPages } from "../../../systems/omniverse/runbooks/pathPages";
import { declaredGraph } from "../../support/declaredGraph";
import { containerOf, cronJobs, kindOf, metadataOf, ofSystem } from "../declared";

const paths = ["promote-replica", "database-in-secondary"] as const;

describe("the step fence", () => {
  it.each(["prod", "staging"])(
    "asks in %s the probe that stands where it runs, and ends with a reason",
    async (stack) => {
      const graph = await declaredGraph(stack);
      const own = ofSystem(graph.resources, "omniverse");
      for (const name of paths) {
        const job = cronJobs(own).find((one) => metadataOf(one).name === stepJob(name, "fence"));
        if (job === undefined) throw new Error(`no step fence of ${name}`);
        const { env } = containerOf(job);
        const probe = own.find(
          (one) => kindOf(one.type) === "Probe" && metadataOf(one).name === env.get("PRIMARY_PROBE"),
        );
        expect(probe?.provider?.name).toBe(job.provider?.name);
        expect(probe?.props.spec).toMatchObject({
          jobName: env.get("PRIMARY_PROBE"),
          targets: { staticConfig: { static: [`${env.get("PRIMARY_URL")}/health`] } },
        });
        expect(env.get("SITE_URL")).not.toBe(env.get("PRIMARY_URL"));
        expect(env.get("PROMETHEUS_URL")).toMatch(/^http/);
        const { activeDeadlineSeconds } = (
          job.props.spec as unknown as { jobTemplate: { spec: { activeDeadlineSeconds: number } } }
        ).jobTemplate.spec;
        const rename = Number(env.get("RENAME_SECONDS"));
        // RDS takes some ten minutes; then /health is asked for a minute, and thrice more.
        expect(rename).toBeGreaterThan(600);
        expect(rename + 60 + 3 * 15).toBeLessThan(activeDeadlineSeconds);
      }
    },
  );

  it.each(paths)("shows on the page of %s what goes on and what stops", (name) => {
    const { text = "" } = pathPages().find(({ file }) => file === `${name}.md`) ?? {};
    const rows = [...text.matchAll(/^\| .* \| (stops|goes on.*) \| (.*) \| (.*) \|$/gm)].map((one) => one.slice(1));
    expect(rows).toEqual(
      (Object.keys(fenceVerdicts) as RdsSays[]).map((rds) => {
        const { serves, refuses, nothing } = fenceVerdicts[rds];
        return [serves, refuses, nothing];
      }),
    );
    expect(text).toContain("FENCED=yes");
    expect(text).toContain("suspend its CronJobs");
  });
});
