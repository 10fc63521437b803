/** What a report says about itself, beside the judgement. */
export interface Meta {
  /** Stack that was judged: `prod`. */
  stack: string;
  /** Folder of the program, relative to where the command ran; `.` is this project. */
  program: string;
  /** The moment of the judgement, in seconds since 1970. */
  asOf: number;
  /** What produced the resource graph. */
  engine: "offline" | "pulumi";
  /** How long it took, in seconds; only the terminal says it. */
  seconds?: number;
  /** Commit that was judged. */
  commit?: string;
  /** Folder the evidence was written to; only the terminal says it. @default ".holdfast/<stack>/" */
  out?: string;
}

/** How a terminal shows things. */
export interface Look {
  colour: boolean;
  /** Columns of the terminal; fewer than 80 count as 80. */
  width: number;
}
