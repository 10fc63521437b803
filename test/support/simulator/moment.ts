/** An instant, and whether what happens at it has happened (`at`) or is about to (`before`). */
export interface Moment {
  instant: number;
  side: "before" | "at";
}

/** The last whole second of which everything has happened by a moment. */
export function reached({ instant, side }: Moment): number {
  return side === "at" ? instant : instant - 1;
}

/** Whether an event has happened by a moment. */
export function happened(event: number, moment: Moment): boolean {
  return event <= reached(moment);
}

/** The same moment so many seconds later. */
export function later({ instant, side }: Moment, span: number): Moment {
  return { instant: instant + span, side };
}

/** The earlier of two moments. */
export function earlier(one: Moment, other: Moment | undefined): Moment {
  return other === undefined || reached(one) <= reached(other) ? one : other;
}
