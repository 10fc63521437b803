import type { AlertText } from "../../runbooks/alertPage";
import { databaseTexts } from "./alertTexts/database";
import { platformTexts } from "./alertTexts/platform";
import { recoveryTexts } from "./alertTexts/recovery";

/** Every alert's text, by its name. */
export const alertTexts: Readonly<Record<string, AlertText>> = { ...databaseTexts, ...platformTexts, ...recoveryTexts };
