import { isProblem } from "../../duration";
import { next, type Schedule, schedulers } from "../../schedule";
import { type Form, named, text, word } from "./form";
import { map, must } from "./map";
import { below, refuse } from "./spot";

const written = named(
  "schedule",
  map<Schedule>({
    scheduler: must(word(schedulers), "What starts the runs, and so what the expression means."),
    expression: must(text("0 2 * * *"), "As the scheduler's own resource holds it."),
    timeZone: must(text("Europe/Berlin"), "IANA time zone that it is read in."),
  }),
);

/** When something runs; by hand only what its scheduler would accept and some day run. */
export const schedule: Form<Schedule> = {
  ...written,
  read: (value, at) => {
    const read = written.read(value, at);
    if (read === undefined || !at.reading.byHand) return read;
    const upcoming = next(read, 0);
    if (isProblem(upcoming)) return refuse(at, upcoming.problem);
    if (upcoming !== undefined) return read;
    return refuse(below(at, "expression"), `must fit some day, got "${read.expression}", which never comes`);
  },
};
