import { MaintenanceJob } from "../../components/maintenance/maintenanceJob";
import type { PlatformConfig } from "./config";
import { scriptWork } from "./jobWork";
import { ACCOUNTS, FOLDERS, SITE_MAP, siteCheckJob } from "./names";
import type { PlatformSite } from "./site";

/** Compares a site with what the register says of it, daily and after each deployment; it reads and changes nothing. */
export function siteCheck(at: PlatformSite): MaintenanceJob {
  const azure = at.site.cloud === "azure" ? azureCalls(at.config) : undefined;
  return new MaintenanceJob(
    `${at.prefix}-site-check`,
    {
      placement: at.placement,
      job: siteCheckJob(at.name),
      work: scriptWork(at, {
        script: ["site-check.sh"],
        account: ACCOUNTS.siteCheck,
        env: { SITE: at.name, CLAIMS: `${FOLDERS.site}/claims.json`, ...azure?.env },
        ...(azure ? { labels: azure.labels } : {}),
        volumes: [{ name: "site", mountPath: FOLDERS.site, readOnly: true, source: { configMap: SITE_MAP } }],
      }),
      ...at.config.siteCheck,
    },
    { parent: at.parent },
  );
}

/** Where the check asks Azure, and the label by which its pod gets the cluster's token for that. */
function azureCalls({ azure }: PlatformConfig) {
  return {
    labels: { "azure.workload.identity/use": "true" },
    env: {
      ARM_URL: "https://management.azure.com",
      AZURE_AUTHORITY_HOST: "https://login.microsoftonline.com/",
      ...(azure ? { AZURE_TENANT_ID: azure.tenant } : {}),
    },
  };
}
