/** A file that is made from the code, so that it cannot say anything else. */
export interface Generator {
  /** Where it goes, from the root of the project. */
  file: string;
  text(): string;
}

/** Every generated file of the documentation. */
export const generators: readonly Generator[] = [];
