import fc from "fast-check";
import { type Alert, disruptions, duration, type Path, type Place, type Series, type Step } from "../../../recovery";
import { alert, cleanRoom, here, path, source, there } from "../build";
import { mostDisruptions, type Named, type Parts, perhaps } from "./terms";

/** Steps that wait for earlier ones and share an operator or a link; `serial` ones come one after the other. */
function stepsOf({ term }: Parts, serial: boolean): Named<Step[]> {
  const step = fc.record({
    bound: term("deadline", "0s", "1m", "10m", "1h"),
    after: fc.array(fc.nat(4), { maxLength: 2 }),
    uses: fc.constantFrom<string[][]>([], [], ["operator"], ["link"], ["operator", "link"]),
  });
  return fc.tuple(fc.array(step, { minLength: 1, maxLength: 5 }), fc.nat(9)).map(
    ([steps, stop]) =>
      (where) =>
        steps.map(({ bound, after, uses }, place) => {
          const before = serial ? [place - 1] : after;
          return {
            name: `step${place}`,
            bound: bound(`${where}/step${place}`),
            after: before.filter((other) => other >= 0 && other < place).map((other) => `step${other}`),
            ...(serial ? {} : { uses }),
            ...(place === stop ? { stopsWrites: true } : {}),
            source: source(`${where}/step${place}`),
          };
        }),
  );
}

/** A way back over a protection. */
export function pathOf(
  parts: Parts,
  serial: boolean,
): fc.Arbitrary<(about: Pick<Path, "id" | "asset" | "protection">) => Path> {
  const { maybe, odd, place, term } = parts;
  return fc
    .record({
      against: mostDisruptions,
      detect: fc.array(term("noticed", "1m", "10m", "3d"), { maxLength: 2 }),
      decide: perhaps(term("decided", "10m", "1h")),
      steps: stepsOf(parts, serial),
      redirect: perhaps(term("redirected", "1m", "5m")),
      reprotect: perhaps(term("protected again", "1h", "7d")),
      runsAt: maybe(fc.constantFrom<Place>(cleanRoom, cleanRoom, cleanRoom, there, here)),
      needs: perhaps(fc.record({ at: place, assumed: fc.boolean() })),
      excluded: fc.subarray([...disruptions], { maxLength: odd > 0 ? 1 : 0 }),
    })
    .map((one) => ({ id, ...about }) => ({
      ...path({ ...about, id, label: id, disruptions: one.against, runsAt: one.runsAt, source: source(id) }),
      detect: one.detect.map((make, i) => make(`${id}/detect${i}`)),
      decide: one.decide.map((make) => make(id)),
      steps: one.steps(id),
      redirect: one.redirect.map((make) => make(id)),
      ...(one.reprotect.length > 0 ? { reprotect: one.reprotect.map((make) => make(id)) } : {}),
      needs: one.needs.map(({ at, assumed }) => ({
        what: "images",
        at,
        source: source(`${id}/images`),
        ...(assumed ? { assumption: `${id}/images` } : {}),
      })),
      excluded: Object.fromEntries(one.excluded.map((each) => [each, "its reader says so"])),
    }));
}

/** An alert on the age of restore points, now and then one that somebody answers by running the job again. */
export function alertOf({ maybe, term }: Parts): fc.Arbitrary<(about: Pick<Alert, "name" | "asset">) => Alert> {
  return fc
    .record({
      threshold: maybe(fc.constantFrom("1h", "25h", "32h", "49h", "8d").map(duration)),
      role: fc.constantFrom<Series["role"][][]>([], [], ["full"], ["incremental"]),
      coversAbsence: fc.constantFrom(true, true, true, false),
      ageFrom: fc.constantFrom<NonNullable<Alert["ageFrom"]>>("capture", "completion"),
      detect: term("evaluated", "1m", "10m"),
      rerun: perhaps(term("acknowledged", "5m", "1h")),
    })
    .map(
      ({ threshold, role: [role], coversAbsence, ageFrom, detect, rerun }) =>
        ({ name, asset }) =>
          alert({
            name,
            asset,
            threshold,
            coversAbsence,
            ageFrom,
            detect: [detect(name)],
            ...(role === undefined ? {} : { role }),
            ...(rerun.length > 0 ? { rerun: rerun.map((make) => make(name)) } : {}),
            source: source(name),
          }),
    );
}
