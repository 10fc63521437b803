import picocolors from "picocolors";
import type { Verdict } from "../recovery/assess/assessment";

/** Gives a text a colour, or leaves it as it is. */
export type Paint = (text: string) => string;

/** Colours by meaning; all of them do nothing on a terminal without colour. */
export interface Paints {
  title: Paint;
  faint: Paint;
  bad: Paint;
  warn: Paint;
  verdict: Record<Verdict, Paint>;
}

/** Leaves a text as it is. */
export const plain: Paint = (text) => text;

/** Colours for a terminal, decided by the caller and never by the environment. */
export function paints(colour: boolean): Paints {
  const { bold, dim, red, yellow, green, magenta } = picocolors.createColors(colour);
  return {
    title: bold,
    faint: dim,
    bad: (text) => bold(red(text)),
    warn: yellow,
    verdict: { proven: green, assumed: yellow, missed: (text) => bold(red(text)), "cannot prove": magenta },
  };
}
