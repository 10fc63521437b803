import * as pulumi from "@pulumi/pulumi";
import { declareAlerts } from "./alerts";
import { declareBackups } from "./backups";
import { declareCopy } from "./copy";
import { declareDatabase } from "./database";
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
if (mended.has("copy")) declareCopy(mended, backupAccount());
if (mended.has("recovery")) declareRecovery(backupProvider());
if (mended.has("rehearsals")) declareRehearsals(cluster);

/** Where this stack departs from the guide. */
export const departures = [...mended].map((mend) => mends[mend]);
