import { isUnknown } from "../../recovery/bound";
import type { ReadProblem } from "../../recovery/finding";
import type { Source } from "../../recovery/plan";

/** What could not be read, gathered while reading. */
export class Problems {
  readonly #found = new Map<string, ReadProblem>();

  /** Notes a link, name or value that does not resolve. */
  add(source: Source, message: string, asset?: string): void {
    this.#note({ source, message, ...(asset === undefined ? {} : { asset }) });
  }

  /** Notes something needed that cannot be read before deployment. */
  unknown(source: Source, message: string, asset?: string): void {
    this.#note({ source, message, ...(asset === undefined ? {} : { asset }), cannotProve: true });
  }

  /** The value of a fact, after noting that it is not known. */
  known<T>(value: T, source: Source, asset?: string): Exclude<T, { unknown: string }> | undefined {
    if (!isUnknown(value)) return value as Exclude<T, { unknown: string }>;
    this.unknown(source, value.unknown, asset);
    return undefined;
  }

  /** Each problem once, in an order that does not depend on that of the resources. */
  all(): ReadProblem[] {
    return [...this.#found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, problem]) => problem);
  }

  #note(problem: ReadProblem): void {
    this.#found.set(JSON.stringify([problem.source.resource, problem.asset ?? "", problem.message]), problem);
  }
}
