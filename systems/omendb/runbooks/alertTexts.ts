import { databaseTexts } from "./alertTexts/database";
import { platformTexts } from "./alertTexts/platform";
import { recoveryTexts } from "./alertTexts/recovery";

/** What a person paged by an alert needs beside the alert itself. */
export interface AlertText {
  /** What is true when it fires, and what it costs to wait. */
  means: string;
  /** Commands that tell the likely causes apart. */
  look: readonly string[];
  /** What to do, in order; each a sentence, with links to pages of this folder. */
  act: readonly string[];
  /** When to leave it and call somebody. */
  stop: string;
}

/** Every alert's text, by its name. */
export const alertTexts: Readonly<Record<string, AlertText>> = { ...databaseTexts, ...platformTexts, ...recoveryTexts };
