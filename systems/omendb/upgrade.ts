import { MaintenanceJob } from "../../components/maintenance/maintenanceJob";
import { wholeDaysOf } from "../spans";
import { halfOf, scriptWork } from "./jobWork";
import { ACCOUNTS } from "./names";
import { upgradeSteps } from "./recoverySteps";
import { inputMaps, stepJob } from "./runbooks/jobNames";
import type { OmendbSite } from "./site";
import { dataVolumes, usersVolume } from "./volumes";

/** The guide's upgrade as jobs that somebody starts one after the other, and the way back that the guide lacks. */
export function upgrade(at: OmendbSite, region: string): MaintenanceJob[] {
  return Object.entries(upgradeSteps).map(([step, planned]) => {
    const deadline = at.config.upgrade[step] ?? planned;
    return new MaintenanceJob(
      `${at.prefix}-upgrade-${step}`,
      {
        placement: at.placement,
        job: stepJob("upgrade", step),
        work: scriptWork(
          at,
          { region },
          {
            script: ["upgrade.sh", step],
            account: ACCOUNTS.upgrade,
            // Only the way back writes data, and only where the format changed.
            volumes: [...dataVolumes(step !== "back"), usersVolume],
            inputs: inputMaps.upgrade,
            env: {
              REQUIRED_LOCK_DAYS: String(wholeDaysOf(at.config.backups.lock)),
              STOP_TIMEOUT: halfOf(deadline),
              START_TIMEOUT: halfOf(deadline),
            },
            size: { cores: 2, gib: 4 },
          },
        ),
        schedule: "0 0 1 1 *",
        startWithin: "1m",
        deadline,
        suspend: true,
      },
      { parent: at.parent },
    );
  });
}
