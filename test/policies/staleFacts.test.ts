import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import { describe, expect, it } from "vitest";
import { json, markdown, terminal } from "../../evidence";
import { judgePlan } from "../../policies/judge";
import { staleFactNotes } from "../../policies/staleFacts";
import { type Assessment, assess, dns, kubernetes, rds, type Term } from "../../recovery";
import { asset, path, plan, points, series, term } from "../recovery/build";

const endOf = (day: string) => Date.parse(`${day}T23:59:59Z`) / 1_000;
const resting = (one: Term, ...facts: string[]): Term => ({ ...one, facts });
const { toleration } = kubernetes;
const detected = [resting(term("pod is tolerated", "5m"), toleration.id)];

/** Assessments of one asset whose recovery, run and lag rest on facts. */
const judged = (edit: Parameters<typeof plan>[0] = {}): Assessment[] =>
  assess(plan({ paths: [path({ detect: detected })], ...edit }), endOf(toleration.reviewBy) - 86_400);

describe("a fact past its review", () => {
  it("gives no note through its last day, and one with its source and date from the next on", () => {
    const last = endOf(toleration.reviewBy);
    expect(staleFactNotes(judged(), last)).toEqual([]);
    expect(staleFactNotes(judged(), last + 1)).toEqual([
      {
        kind: "fact",
        message: `kubernetes.toleration was to be read again by ${toleration.reviewBy}, it was last read on ${toleration.read}: ${toleration.source}`,
        assets: ["s/data"],
      },
    ]);
  });

  it("of which only the year is known says so", () => {
    const old = [resting(term("redirect", "1m"), dns.trafficManagerAllDegraded.id)];
    const [note] = staleFactNotes(judged({ paths: [path({ redirect: old })] }), endOf("2027-07-01"));
    expect(note?.message).toContain("it was last read in 2018: https://learn.microsoft.com");
  });

  it.each<[string, Parameters<typeof plan>[0]]>([
    ["a term of the recovery", { paths: [path({ decide: detected })] }],
    ["a term of the loss", { protections: [points({ transfer: resting(term("transfer", "10m"), toleration.id) })] }],
    [
      "a term of the loss through a failed run",
      { protections: [points({ series: [series({ run: resting(term("run", "30m"), toleration.id) })] })] },
    ],
  ])("counts as used by %s", (_, edit) => {
    const notes = staleFactNotes(judged({ paths: [path()], ...edit }), endOf(toleration.reviewBy) + 1);
    expect(notes.map(({ message }) => message.split(" ")[0])).toEqual([toleration.id]);
  });

  it("that no chosen way rests on gives no note, however old", () => {
    expect(staleFactNotes(judged({ paths: [path()] }), endOf("2090-01-01"))).toEqual([]);
    expect(staleFactNotes(judged({ paths: [] }), endOf("2090-01-01"))).toEqual([]);
    expect(staleFactNotes([], endOf("2090-01-01"))).toEqual([]);
  });

  it("gives one note for all assets that rest on it, and each fact its own", () => {
    const two = ["s/b", "s/a"].map((id) => asset({ region: ["30h", "2h"] }, { id }));
    const both = [resting(term("detect", "1m"), toleration.id, rds.multiAzLoss.id)];
    const assessments = judged({
      assets: two,
      protections: two.map(({ id }) => points({ id: `points of ${id}`, asset: id })),
      paths: two.map(({ id }) => path({ id: `${id}/restore`, asset: id, protection: `points of ${id}`, detect: both })),
    });
    const notes = staleFactNotes(assessments, endOf("2029-12-31"));
    expect(notes.map(({ message, assets }) => [message.split(" ")[0], assets])).toEqual([
      [toleration.id, ["s/a", "s/b"]],
      [rds.multiAzLoss.id, ["s/a", "s/b"]],
    ]);
  });

  it("is told in every kind of evidence of a judgement", () => {
    const asOf = endOf(toleration.reviewBy) + 1;
    const judgedAt = (at: number) =>
      judgePlan({ plan: plan({ paths: [path({ detect: detected })] }), problems: [], asOf: at }, 0);
    const meta = { stack: "prod", program: ".", asOf, engine: "offline" as const };
    const said = `fact: ${toleration.id} was to be read again by ${toleration.reviewBy}`;
    const schema = JSON.parse(readFileSync(join(__dirname, "../../docs/schemas/evidence.schema.json"), "utf8"));
    const validate = new Ajv({ strict: true }).compile(schema);

    expect(judgedAt(asOf - 1).notes.filter(({ kind }) => kind === "fact")).toEqual([]);
    expect(terminal(judgedAt(asOf), meta, { colour: false, width: 120 })).toContain(said);
    expect(markdown(judgedAt(asOf), meta)).toContain(said);
    const written = JSON.parse(json(judgedAt(asOf), meta));
    expect(written.notes).toMatchObject([{ kind: "fact", assets: ["s/data"] }]);
    validate(written);
    expect(validate.errors).toBeNull();
  });

  it("that nobody recorded is not mistaken for one", () => {
    const unknown = [resting(term("detect", "1m"), "nobody.knows")];
    expect(staleFactNotes(judged({ paths: [path({ detect: unknown })] }), endOf("2090-01-01"))).toEqual([]);
  });
});
