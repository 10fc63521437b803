import * as pulumi from "@pulumi/pulumi";
import { declareAlerts, declareNotice } from "./alerts";
import { declareBackupAccount, declareLake } from "./lake";
import { placeOf } from "./places";
import { declarePromises } from "./promises";
import { declareRecoveries, declareRunner } from "./recovery";
import { declareRegister } from "./register";
import { declareDatabricks } from "./spark";
import { declareKafka } from "./stream";
import { mends, readMended } from "./variant";

const mended = readMended(new pulumi.Config());
const primary = placeOf("primary");
const secondary = placeOf("secondary");

declareRegister(mended);
declarePromises();
declareLake(primary, mended);
declareBackupAccount(mended.has("backup") ? secondary : primary, mended);
declareDatabricks(primary, secondary, mended);
declareKafka(primary, secondary, mended);
declareAlerts(primary);
if (mended.has("noticed")) declareNotice(secondary);
for (const place of [primary, secondary]) declareRunner(place);
declareRecoveries(primary, secondary, mended);

/** Where this stack departs from the guide. */
export const departures = [...mended].map((mend) => mends[mend]);
