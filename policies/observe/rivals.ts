import { sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import { type Volume, writableVolumes } from "./resources/pod";
import type { Workload } from "./resources/workload";
import { isSameVolume } from "./sameVolume";

/** What else may write to the volumes of an asset: no Lease keeps it out, so it ruins what the database writes. */
export function noteRivals(asset: string, primary: Workload, volumes: readonly Volume[], program: Program): void {
  const { workloads, others, cronJobs, problems } = program;
  const serves = titleOf(primary.resource);
  for (const rival of workloads) {
    if (rival.asset !== asset || rival === primary || rival.replicas === 0) continue;
    problems.add(
      sourceOf(rival.resource, "spec.replicas"),
      `${titleOf(rival.resource)} and ${serves} both serve ${asset}: a standby must have 0 replicas`,
      asset,
    );
  }
  const running = [
    ...workloads.filter((one) => one !== primary && one.asset !== asset && one.replicas !== 0),
    ...others,
    // A step of a recovery that runs by itself is noted where its path is read.
    ...cronJobs.filter(({ role, suspended }) => role !== "recovery" && suspended !== true),
  ];
  for (const rival of running) {
    const writes = writableVolumes(rival.pod).find((one) =>
      volumes.some((own) => isSameVolume(one, rival, own, primary)),
    );
    if (writes === undefined) continue;
    problems.add(
      writes.facts.source(),
      `${titleOf(rival.resource)} may write to volume ${writes.name}, where ${serves} keeps ${asset}: mount it readOnly, or suspend what writes`,
      asset,
    );
  }
}
