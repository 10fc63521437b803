import * as pulumi from "@pulumi/pulumi";
import { declareAlerts } from "./alerts";
import { declareBackups } from "./backups";
import { declareBackupClaim } from "./backupVolume";
import { declareCopy } from "./copy";
import { declareDatabase, declareStandby } from "./database";
import { backupAccount, backupProvider, clusterProvider } from "./providers";
import { declareRecovery, declareRehearsals } from "./recovery";
import { declareRegister } from "./register";
import { mends, readMended } from "./variant";

const mended = readMended(new pulumi.Config());
const cluster = clusterProvider();

declareRegister();
declareDatabase(mended, cluster);
declareBackups(mended, cluster);
declareAlerts(mended, cluster);
if (mended.has("disk")) declareBackupClaim(cluster);
if (mended.has("copy")) declareCopy(mended, backupAccount());
if (mended.has("recovery")) {
  const backup = backupProvider();
  declareStandby(mended, backup);
  declareRecovery(mended, backup);
}
if (mended.has("rehearsals")) declareRehearsals(mended, cluster);

/** Where this stack departs from the guide. */
export const departures = [...mended].map((mend) => mends[mend]);
