import { MaintenanceJob } from "../../components/maintenance/maintenanceJob";
import { scriptWork } from "./jobWork";
import { ACCOUNTS, FOLDERS, SITE_MAP, siteCheckJob } from "./names";
import type { PlatformSite } from "./site";

/** Compares a site with what the register says of it, daily and after each deployment; it reads and changes nothing. */
export function siteCheck(at: PlatformSite): MaintenanceJob {
  return new MaintenanceJob(
    `${at.prefix}-site-check`,
    {
      placement: at.placement,
      job: siteCheckJob(at.name),
      work: scriptWork(at, {
        script: ["site-check.sh"],
        account: ACCOUNTS.siteCheck,
        env: { SITE: at.name, CLAIMS: `${FOLDERS.site}/claims.json` },
        volumes: [{ name: "site", mountPath: FOLDERS.site, readOnly: true, source: { configMap: SITE_MAP } }],
      }),
      ...at.config.siteCheck,
    },
    { parent: at.parent },
  );
}
