import fc from "fast-check";
import type { Disruption, Plan, Protection, Replica, Versions } from "../../../recovery";
import { asset, cleanRoom, here, path, plan, source, step, there } from "../../recovery/build";
import { keeping, shorts } from "./pool";
import { span } from "./subject";
import type { World } from "./world";

/** A copy that follows with an enforced lag, or earlier versions of what is there; spans in seconds. */
export interface Streamed {
  keeps: "mirror" | "versions";
  lag: number;
  carries: Replica["carries"];
  undoes: Versions["undoes"];
  kept: number;
  detect: number;
  decide: number;
  stop: number;
  restore: number;
  disruption: Disruption;
}

/** The plan of such a subject. */
export function streamedPlan(subject: Streamed): Plan {
  const { disruption, detect, decide, stop, restore } = subject;
  return plan({
    assets: [asset({ [disruption]: ["1h", "1h"] })],
    protections: [protectionOf(subject)],
    paths: [
      path({
        protection: "stream",
        detect: [span("notice", detect)],
        decide: [span("decide", decide)],
        steps: [
          step("stop", `${stop}s`, { stopsWrites: true }),
          step("restore", `${restore}s`, { restores: true, after: ["stop"] }),
        ],
        runsAt: cleanRoom,
      }),
    ],
  });
}

function protectionOf({ keeps, lag, carries, undoes, kept }: Streamed): Protection {
  const common = { id: "stream", asset: "s/data", source: source("stream"), label: "stream" };
  if (keeps === "mirror") return { ...common, kind: "replica", at: there, lag: span("lag", lag), carries };
  const lock = { mode: "compliance" as const, keptFor: span("locked", kept) };
  return { ...common, kind: "versions", at: here, undoes, keptFor: span("kept", kept), lock };
}

/** Such a subject as the simulator sees it: versions are lost with what they are versions of. */
export function streamedWorld({ keeps, lag, carries, undoes, kept, disruption }: Streamed): World {
  const calendar = {
    does: "write" as const,
    chain: 0,
    due: [],
    every: Math.max(1, Math.floor(lag / 3)),
    slack: 0,
    run: lag,
    transfer: 0,
    overlap: "allow" as const,
    capture: "start" as const,
  };
  if (keeps === "versions") {
    const keepers = disruption === "region" ? [] : [0];
    return { calendars: [], keepers: [{ keeps, undoes, kept }], members: [{ keepers, refersTo: [] }] };
  }
  const keepers = carries === "data" ? [0] : [];
  return { calendars: [calendar], keepers: [{ keeps, writer: 0 }], members: [{ keepers, refersTo: [] }] };
}

const drawn = {
  lag: fc.oneof(fc.nat(60), fc.nat(3_600)),
  kept: keeping,
  detect: fc.oneof(shorts, fc.nat(12 * 86_400)),
  decide: shorts,
  stop: shorts,
  restore: shorts,
};

/** Replicas whose lag is enforced; some carry no data at all. */
export const withMirror: fc.Arbitrary<Streamed> = fc.record({
  ...drawn,
  keeps: fc.constant("mirror" as const),
  carries: fc.constantFrom("data" as const, "data" as const, "data" as const, "metadata" as const),
  undoes: fc.constant([]),
  disruption: fc.constantFrom<Disruption>("region", "region", "corruption"),
});

/** Earlier versions and soft delete. */
export const withVersions: fc.Arbitrary<Streamed> = fc.record({
  ...drawn,
  keeps: fc.constant("versions" as const),
  carries: fc.constant("data" as const),
  undoes: fc.constantFrom<Versions["undoes"]>(["overwrite", "delete"], ["overwrite", "delete"], ["delete"]),
  disruption: fc.constantFrom<Disruption>("corruption", "corruption", "region"),
});
