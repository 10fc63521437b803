import { type Disruption, duration, type RestorePoints } from "../../../recovery";
import { against, taken } from "../../recovery/answers";
import { cleanRoom, copy, path, step, term } from "../../recovery/build";
import { told } from "./running";
import { added, chosen, columns, days, h, hours, type Section, total, valuesOf } from "./words";

interface Noticing {
  detect: string;
  decide: string;
  stop: string;
  restore: string;
}

const damaged = (disruption: Disruption, points: RestorePoints, { detect, decide, stop, restore }: Noticing) =>
  against(disruption, points, {
    paths: [
      path({
        detect: [term("noticed", detect)],
        decide: [term("decided", decide)],
        steps: [
          step("stop writes", stop, { stopsWrites: true }),
          step("restore", restore, { restores: true, after: ["stop writes"] }),
        ],
        runsAt: cleanRoom,
      }),
    ],
  });

/** Lines of what is lost before damage and after it. */
function parts(answer: ReturnType<typeof damaged>): string[] {
  const [every, failed] = chosen(answer).rpo;
  const part = (terms: typeof every.terms, which: "before" | "after") =>
    added(valuesOf(terms.filter((one) => one.part === which)));
  const afterwards = every.terms.filter((one) => one.part === "after");
  return [
    `before, every run   ${part(every.terms, "before")}`,
    `before, one failed  ${part(failed.terms, "before")}`,
    `after               ${added(valuesOf(afterwards))}`,
    `lost                ${hours(total(every.terms))}, ${hours(total(failed.terms))} with one failed run`,
  ];
}

const locked = (kept: string, lock = kept) => [
  copy({ keptFor: term("kept", kept), lock: { mode: "compliance", keptFor: term("locked", lock) } }),
];

function corruption(): string[][] {
  const late: Noticing = { detect: "3d", decide: "1h", stop: "0s", restore: "4h" };
  const points = (kept: string) => taken({ run: term("run", "0s") }, { copies: locked(kept) });
  const answer = (kept: string) => damaged("corruption", points(kept), late);
  const { window } = chosen(answer("168h"));
  const judged = (kept: string) => `kept ${kept}: ${answer(kept).verdict}`;
  const failed = chosen(answer("168h")).rpo[1].terms.filter(({ part }) => part === "before");
  const needed = added([
    ...valuesOf(failed).filter((value) => value !== 0),
    duration(late.detect),
    duration(late.decide),
    duration(late.restore),
  ]);
  if (needed.split(" = ")[1] !== hours(window?.needed ?? { unknown: "no window" })) throw new Error("another window");
  const flight = { run: "30m", transfer: "10m" };
  const age = (capture: RestorePoints["capture"], detect: string) => {
    const points = taken({ run: term("run", flight.run) }, { transfer: term("transfer", flight.transfer), capture });
    const [every] = chosen(damaged("corruption", points, { ...late, detect, decide: "0s" })).rpo;
    return added(valuesOf(every.terms.filter(({ part }) => part === "before")));
  };
  const row = (detect: string) => [
    h(detect),
    ...(["start", "end", "fuzzy"] as const).map((capture) => age(capture, detect)),
  ];
  return [
    [
      `input               daily 02:00 UTC, run 0s; noticed after ${h(late.detect)}, decided in ${late.decide}, writes stopped at once, restored in ${late.restore}`,
      ...parts(answer("168h")),
      `window              ${needed}: ${["168h", "125h", "124h"].map(judged).join(", ")}`,
    ],
    [
      `input          ${told(flight)}`,
      ...columns([["noticed after", "captured at start", "at end", "fuzzy"], row("10m"), row("30m"), row("3d")]),
    ],
  ];
}

function compromise(): string[][] {
  const noticing: Noticing = { detect: "4h", decide: "5m", stop: "0s", restore: "2h" };
  const points = (lock: string) => taken({}, { transfer: term("transfer", "10m"), copies: locked("45d", lock) });
  const answer = (lock: string) => damaged("compromise", points(lock), noticing);
  const window = (lock: string) => {
    const { window, label } = chosen(answer(lock));
    if (window === undefined) throw new Error(`${label} has no window`);
    return `kept 45d, locked ${days(window.available)}`
      .padEnd(22)
      .concat(`${hours(window.needed)} needed: ${answer(lock).verdict}`);
  };
  return [
    [
      `input               ${told()}`,
      `                    noticed after ${h(noticing.detect)}, decided in ${h(noticing.decide)}, restored in ${h(noticing.restore)}`,
      ...parts(answer("45d")),
      window("45d"),
      window("2d"),
    ],
  ];
}

/** What damage costs, by accident and on purpose. */
export const chapter: Section[] = [
  { heading: "Corruption", blocks: corruption },
  { heading: "Compromise", blocks: compromise },
];
