import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Resource } from "../../policies/graph";
import { blocking, judge } from "../../policies/judge";
import { site } from "../../systems/config/sites";
import { PART_BYTES } from "../../systems/omniverse/jobWork";
import { change } from "../policies/mutate";
import { asOf } from "../recovery/build";
import { declaredGraph } from "../support/declaredGraph";
import { cronJobs, kindOf, metadataOf } from "./declared";

interface Volume {
  name: string;
  emptyDir?: { medium?: string; sizeLimit?: string };
  ephemeral?: {
    volumeClaimTemplate: {
      metadata: { annotations: Record<string, string> };
      spec: { storageClassName: string; resources: { requests: { storage: string } } };
    };
  };
}
interface Pod {
  volumes: Volume[];
  containers: { resources: Record<"requests" | "limits", Record<string, string>> }[];
}
interface JobSpec {
  successfulJobsHistoryLimit: number;
  failedJobsHistoryLimit: number;
  jobTemplate: { spec: { ttlSecondsAfterFinished?: number; template: { spec: Pod } } };
}

/** Names of those that are not as they must be. */
const wrong = <T extends { name: string }>(all: readonly T[], isRight: (one: T) => boolean) => {
  expect(all.length).toBeGreaterThan(0);
  return all.filter((one) => !isRight(one)).map(({ name }) => name);
};
const mib = (size = "") => Number.parseInt(size, 10) * (size.endsWith("Gi") ? 1024 : 1);

describe.each(["prod", "staging"])("what pods put down for a while in %s", (stack) => {
  let resources: readonly Resource[] = [];
  let pods: { name: string; pod: Pod }[] = [];
  let jobs: { name: string; spec: JobSpec; disks: Volume[] }[] = [];
  beforeAll(async () => {
    ({ resources } = await declaredGraph(stack));
    jobs = cronJobs(resources).map(({ name, props }) => {
      const spec = props.spec as never as JobSpec;
      return { name, spec, disks: spec.jobTemplate.spec.template.spec.volumes.filter((one) => one.ephemeral) };
    });
    const deployments = resources
      .filter(({ type }) => kindOf(type) === "Deployment")
      .map(({ name, props }) => ({ name, pod: (props.spec as never as { template: { spec: Pod } }).template.spec }));
    pods = [...deployments, ...jobs.map(({ name, spec }) => ({ name, pod: spec.jobTemplate.spec.template.spec }))];
  });

  it("has a limit that is asked for of the node's disk, and is small there", () => {
    const onNode = ({ pod }: { pod: Pod }) => pod.volumes.flatMap(({ emptyDir }) => (emptyDir ? [emptyDir] : []));
    expect(wrong(pods, (one) => onNode(one).every(({ sizeLimit }) => sizeLimit !== undefined))).toEqual([]);
    expect(wrong(pods, (one) => onNode(one).every(({ sizeLimit }) => mib(sizeLimit) <= 5 * 1024))).toEqual([]);
    const asks = ({ pod }: { pod: Pod }) => {
      const taken = onNode({ pod }).reduce((sum, { medium, sizeLimit }) => sum + (medium ? 0 : mib(sizeLimit)), 0);
      return pod.containers.every(({ resources: { requests, limits } }) => {
        const asked = requests["ephemeral-storage"];
        return asked === limits["ephemeral-storage"] && mib(asked) > taken;
      });
    };
    expect(wrong(pods, asks)).toEqual([]);
  });

  it("has a disk of its own where it is large, of a class of its site, that is paid for as long as somebody may look", () => {
    const large = jobs.filter(({ disks }) => disks.length > 0);
    expect(large.length).toBeGreaterThan(stack === "prod" ? 20 : 10);
    const classes = large.flatMap(({ disks }) =>
      disks.map(({ ephemeral }) => ephemeral?.volumeClaimTemplate.spec.storageClassName),
    );
    expect([...new Set(classes)]).toEqual(["zonal"]);
    const ends = ({ spec }: (typeof jobs)[number]) =>
      spec.jobTemplate.spec.ttlSecondsAfterFinished === 172_800 &&
      spec.successfulJobsHistoryLimit + spec.failedJobsHistoryLimit === 2;
    expect(wrong(large, ends)).toEqual([]);
  });

  it("may not be smaller than what goes through it, which is a mandatory finding", () => {
    const protecting = jobs.filter(({ name, disks }) => {
      const job = resources.find((one) => one.name === name);
      return disks.length > 0 && job && metadataOf(job).annotations?.["holdfast.dev/protects"] !== undefined;
    });
    expect(protecting.length).toBeGreaterThan(5);
    const [first] = protecting;
    const shrunk = change(first?.name ?? "", "spec.jobTemplate.spec.template.spec.volumes", (volumes) =>
      JSON.parse(JSON.stringify(volumes).replaceAll(/"storage":"\d+Gi"/g, '"storage":"1Gi"')),
    )({ resources: [...resources] });
    const found = blocking(judge(shrunk, asOf)).map(({ rule, message }) => `${rule}: ${message}`);
    expect(found).toEqual([expect.stringMatching(/^volumes-hold-their-data: disk .* must hold \d/)]);
  });
});

it("packs no more into one object than scratch was asked for", () => {
  const lib = fs.readFileSync(path.resolve(__dirname, "../../systems/omniverse/jobs/lib.sh"), "utf8");
  expect(lib).toContain(`PART_BYTES:=${PART_BYTES}}`);
});

it.each([
  ["zonal", []],
  ["fast", ['must be one of storageClasses (zonal), got "fast"']],
])("may lie on %s only where the site has such a class", (scratchClass, refused) => {
  const cluster = {
    context: "prod",
    issuer: "ca",
    oidcIssuer: "oidc.example.com/id/A",
    storageClasses: { zonal: { survives: "node", shared: false } },
    scratchClass,
  };
  const where = { cloud: "aws", account: "111111111111", region: "eu-central-1", zones: ["eu-central-1a"] };
  const rest = { endpoint: "a.example.com", owner: "platform", drill: "site-check", expires: "2027-03-01" };
  const { error } = site.safeParse({ ...where, ...rest, cluster });
  expect(error?.issues.map(({ message }) => message) ?? []).toEqual(refused);
});
