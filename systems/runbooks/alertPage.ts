import { shell } from "./commands";
import { type Page, page, steps } from "./page";

/** What the page of an alert says to whoever was paged. */
export interface AlertText {
  /** What is true when it fires, and what it costs to wait. */
  means: string;
  /** Commands that tell the likely causes apart. */
  look: readonly string[];
  /** What to do, in order; each a sentence, with links to pages of the same folder. */
  act: readonly string[];
  /** When to leave it and call somebody. */
  stop: string;
}

/** The page of an alert: what it is in one line, its text, and whom to call. */
export function alertPage(alert: string, head: string, { means, look, act, stop }: AlertText, call: string): Page {
  return page(`${alert}.md`, alert, [
    head,
    "## What it means",
    means,
    "## First look",
    shell(look),
    "## What to do",
    steps(act),
    "## When to stop, who to call",
    `${stop}\n\n${call}`,
  ]);
}
