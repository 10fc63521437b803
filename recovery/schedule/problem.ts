/** A sentence that says why there is no answer: what is wrong, what is allowed, and an example. */
export interface Problem {
  readonly problem: string;
}

/** Whether an answer is a problem. */
export function isProblem(answer: unknown): answer is Problem {
  return typeof answer === "object" && answer !== null && "problem" in answer;
}
