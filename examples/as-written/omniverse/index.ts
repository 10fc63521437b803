import * as pulumi from "@pulumi/pulumi";
import { declareAlerts } from "./alerts";
import { declareBackups } from "./backups";
import { declareHost, declareStandby } from "./host";
import { declareMaintenance } from "./maintenance";
import { primaryProvider, secondaryProvider, uploadProvider } from "./providers";
import { declareRecovery, declareRestores } from "./recovery";
import { declareRegister } from "./register";
import { declareDrTest } from "./rehearsal";
import { declareUpload } from "./upload";
import { mends, readMended } from "./variant";

const config = new pulumi.Config();
const mended = readMended(config);
const primary = primaryProvider();

declareRegister(mended, config.get("controllerTimeZone") ?? "Etc/UTC");
declareHost(mended, primary);
declareBackups(mended, primary);
declareDrTest(mended, primary);
declareMaintenance(mended, primary);
declareAlerts(mended, primary);
if (mended.has("upload")) declareUpload(uploadProvider());
if (mended.has("recovery")) {
  const secondary = secondaryProvider();
  declareStandby(mended, secondary);
  declareRestores(mended, secondary);
} else {
  declareRecovery(mended, primary);
}

/** Where this stack departs from the runbook. */
export const departures = [...mended].map((mend) => mends[mend]);
