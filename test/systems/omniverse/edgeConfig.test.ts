import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { readProject } from "../../../preview/project";
import { edgeContradictions, edgeSchema } from "../../../systems/omniverse/edgeConfig";

const program = path.resolve(__dirname, "../../..");

interface Edge {
  idle?: string;
  primary: { callers?: unknown };
  secondary: { callers?: unknown };
}

describe("settings of the way in", () => {
  const said = () =>
    (JSON.parse(readProject(program, "prod").config["holdfast:omniverse"] ?? "{}") as { edge: Edge }).edge;
  const refusals = (change: (edge: Edge) => void) => {
    const edge = said();
    change(edge);
    const read = edgeSchema.safeParse(edge);
    return read.success
      ? edgeContradictions(edge).map(({ key, message }) => `${key} ${message}`)
      : read.error.issues.map((issue) => `edge.${issue.path.join(".")} ${issue.message}`);
  };
  const block = "must be a block of public IPv4 addresses of /24 to /32";

  it.each<[string, (edge: Edge) => void, string]>([
    ["no callers", ({ primary }) => delete primary.callers, "edge.primary.callers must be a list such as"],
    [
      "an empty list of callers",
      ({ primary }) => (primary.callers = []),
      "edge.primary.callers must be a list such as",
    ],
    ...["10.20.0.0/24", "172.16.3.0/24", "192.168.1.0/24", "100.64.0.1/32", "127.0.0.1/32", "169.254.1.0/24"].map(
      (one): [string, (edge: Edge) => void, string] => [
        `the private ${one}, which never arrives at a load balancer on the internet`,
        ({ secondary }) => (secondary.callers = [one]),
        `edge.secondary.callers.0 ${block}`,
      ],
    ),
    [
      "an address without a length",
      ({ primary }) => (primary.callers = ["192.0.2.1"]),
      `edge.primary.callers.0 ${block}`,
    ],
    ["no address", ({ primary }) => (primary.callers = ["192.0.2.256/32"]), `edge.primary.callers.0 ${block}`],
    ["half the internet", ({ primary }) => (primary.callers = ["192.0.0.0/8"]), `edge.primary.callers.0 ${block}`],
    [
      "one gateway for both sites",
      ({ primary, secondary }) => (secondary.callers = primary.callers),
      "edge.secondary.callers must be other callers than edge.primary.callers, because a NAT gateway stands in one region, got",
    ],
    [
      "sessions of a minute",
      (edge) => (edge.idle = "60s"),
      'edge.idle must be 2m to 1h 6m 40s, the most that AWS allows, such as "1h", got "60s"',
    ],
    ["sessions of a day", (edge) => (edge.idle = "24h"), "edge.idle must be 2m to 1h 6m 40s"],
  ])("refuse %s", (_, change, message) => {
    expect(refusals(change).join("\n")).toContain(message);
  });

  it.each(["172.15.0.1/32", "172.32.0.0/24", "100.63.0.1/32", "100.128.0.1/32", "11.0.0.1/32", "192.169.0.0/28"])(
    "take %s, which is public",
    (one) => {
      expect(refusals(({ primary }) => (primary.callers = [one]))).toEqual([]);
    },
  );
});
