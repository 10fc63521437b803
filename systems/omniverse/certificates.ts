import { MaintenanceJob } from "../../components/maintenance/maintenanceJob";
import { duration } from "../../recovery/duration";
import { wholeDaysOf } from "../spans";
import { assetWork } from "./jobWork";
import { SERVED_ANEW } from "./levels";
import { ACCOUNTS, jobNames, LOOK_LABELS, services, TLS_SECRET } from "./names";
import { ASSETS_ID, DATABASE_ID } from "./objectives";
import { type OmniverseSite, sleeps } from "./site";

/** Where the job sees what cert-manager has made. */
const FOLDER = "/etc/nucleus-tls";

/** Looks what each pod serves, and restarts those that cannot read a renewed certificate anew; asleep where none runs. */
export function certificateWatch(at: OmniverseSite, region: string): MaintenanceJob {
  const { config } = at;
  return new MaintenanceJob(
    `${at.prefix}-certificates`,
    {
      placement: at.placement,
      job: jobNames.certificates,
      work: assetWork(at, region, "database", {
        script: ["certificates.sh"],
        account: ACCOUNTS.remedy,
        labels: LOOK_LABELS,
        env: {
          SERVICES: Object.entries(services)
            .map(([component, { workload, port }]) => `${workload}=${component}:${port}`)
            .join(" "),
          SERVICE_DOMAIN: `${config.namespace}.svc`,
          RENEWED: `${FOLDER}/tls.crt`,
          RELOADS: services.edge.workload,
          RESTART_DAY: String(SERVED_ANEW.day),
          AT_ONCE_DAYS: String(wholeDaysOf(SERVED_ANEW.atOnce)),
          STEP_SECONDS: String(duration(config.servers.renewal.deadline)),
        },
        // The key is nobody's who only compares.
        volumes: [
          { name: "tls", mountPath: FOLDER, readOnly: true, source: { secret: TLS_SECRET, keys: ["tls.crt"] } },
        ],
      }),
      ...config.servers.renewal,
      // Of the servers alone it changes anything.
      reads: [DATABASE_ID, ASSETS_ID],
      suspend: sleeps(at),
    },
    { parent: at.parent },
  );
}
