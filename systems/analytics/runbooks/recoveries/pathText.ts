/** What the page of a way back says around its steps. */
export interface PathText {
  /** What has happened that it is for. */
  when: string;
  /** Alerts that it answers: each page links to the other. */
  alerts: readonly string[];
  /** Words that only some incidents need, and when. @default none */
  words?: Readonly<Record<string, string>>;
  before: readonly string[];
  /** How whoever goes this way knows that it is over. */
  over: string;
  after: readonly string[];
  /** How what it did is undone, where it was the wrong way or the wrong moment. */
  undo: string;
}
