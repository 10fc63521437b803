import type { Against } from "./comparison";

/** What a report says about itself, beside the judgement. */
export interface Meta {
  /** Stack that was judged: `prod`. */
  stack: string;
  /** Folder of the program, relative to where the command ran; `.` is this project. Of a state, its file. */
  program: string;
  /** The moment of the judgement, in seconds since 1970. */
  asOf: number;
  /** What produced the resource graph. */
  engine: "offline" | "pulumi" | "state";
  /** How long it took, in seconds; only the terminal says it. */
  seconds?: number;
  /** Commit that was judged. */
  commit?: string;
  /** Of a state: the evidence that judged it before it was deployed, `sha256:…`, or `not judged`. */
  judgedBy?: string;
  /** What it was compared with. */
  against?: Against;
  /** What was judged: a program can be asked further; a file cannot. @default "program" */
  subject?: "program" | "file";
  /** Folder the evidence was written to; only the terminal says it. @default ".holdfast/<stack>/", none for a file */
  out?: string;
}

/** How a terminal shows things. */
export interface Look {
  colour: boolean;
  /** Columns of the terminal; fewer than 80 count as 80. */
  width: number;
}
