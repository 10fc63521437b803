import fc from "fast-check";
import { type Match, Tally } from "./tally";

/** Plans of one kind: how they are drawn, and what the model and the simulator say of one. */
export interface Family<S> {
  name: string;
  drawn: fc.Arbitrary<S>;
  plans: number;
  /** Whether the adversary reaches every claim of this kind. */
  exact: boolean;
  /** Nothing where the model does not judge such a plan yet; `turn` counts the plans. */
  compare(subject: S, turn: number): Match[] | undefined;
}

/** A family whose plans are of a type that nobody else needs to know. */
export interface Played {
  name: string;
  plans: number;
  exact: boolean;
  /** What came of the plans that were played. */
  tally: Tally;
  /** Plays every plan; throws with the smallest plan found where the model claims less than was played. */
  play(seed: number): void;
}

/** Makes a family playable. */
export function family<S>({ name, drawn, plans, exact, compare }: Family<S>): Played {
  const tally = new Tally(name);
  const play = (seed: number) => {
    let turn = 0;
    const property = fc.property(drawn, (subject) => {
      const matches = compare(subject, turn++);
      if (matches === undefined) {
        tally.open();
        return;
      }
      for (const { claim, played } of matches) {
        if (played > claim) throw new Error(`${name}: ${played} s were played, and only ${claim} s are claimed`);
        if (exact && played < claim)
          throw new Error(`${name}: ${claim} s are claimed, and only ${played} s were reached`);
      }
      tally.add(matches);
    });
    fc.assert(property, { numRuns: plans, seed });
  };
  return { name, plans, exact, tally, play };
}
