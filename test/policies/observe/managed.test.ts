import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { waysOf } from "../../../recovery/assess/ways";
import { asOf, assumption, edit, healthy, messages, type Parts, read, resource } from "./program";

const objective = { rpo: "0s", rto: "15m", owner: "me", reason: "because" };
const register = healthy().register;

/** A program with an asset that nothing in it serves. */
function kept(promise: Record<string, Value> = {}, entries: Value[] = [word()]): Parts {
  if (register === undefined) throw new Error("the example program has a register");
  return {
    register: { ...register, props: { ...register.props, assumptions: entries } },
    state: resource("holdfast:platform:Asset", "state", {
      asset: {
        id: "platform/state",
        kind: "state",
        objectives: { zone: objective, corruption: objective },
        retention: { atLeast: "30d" },
        bytes: 1_000,
        site: "primary",
        service: "s3",
        ...promise,
      },
    }),
    // A provider resource makes the site one that this program reaches.
    cluster: resource("pulumi:providers:kubernetes", "primary", { context: "prod-eu-central-1" }),
  };
}

function word(more: Record<string, Value> = {}): Value {
  return assumption("managed-service", "5m", { assets: ["platform/*"], ...more });
}

function ways(parts: Parts, disruption: "zone" | "region" | "corruption") {
  const { plan } = read(parts);
  const [asset] = plan.assets;
  if (asset === undefined) throw new Error("no asset was read");
  return waysOf(plan, asset, disruption, asOf);
}

describe("an asset that a service of the cloud keeps", () => {
  it("is at the site that its promise names", () => {
    expect(read(kept()).plan.assets[0]?.at).toMatchObject({ region: "eu-central-1", account: "111111111111" });
    expect(messages(kept())).toEqual([]);
  });

  it.each<[string, Value]>([
    ["a site that the register does not have", "tertiary"],
    ["a site that is not known before deployment", UNKNOWN],
  ])("is nowhere at %s, in the same words", (_, site) => {
    expect(messages(kept({ site }))).toEqual([
      "platform/state is promised at no site of Register, or at one that is not known before deployment",
    ]);
    expect(read(kept({ site })).problems[0]?.cannotProve).toBe(true);
  });

  it("outlives a zone within what the register says, and rests on that entry and on the fact", () => {
    const [way] = ways(kept(), "zone").candidates;
    expect(way?.rto.total).toBe(300);
    expect(way?.rpo.map(({ total }) => total)).toEqual([0, 0]);
    const terms = [...(way?.rto.terms ?? []), ...(way?.rpo[1].terms ?? [])];
    expect(terms.map(({ grade, assumption: entry, facts }) => [grade, entry, facts])).toEqual(
      terms.map(() => ["assumed", "omendb-managed-service", ["managed-services.s3"]]),
    );
  });

  it.each([
    ["resourceManager", "managed-services.resource-manager"],
    ["powerBi", "fabric.zones"],
  ])("rests on what the vendor says of %s", (service, fact) => {
    const [way] = ways(kept({ service }), "zone").candidates;
    expect(way?.rto.terms.map(({ grade, facts }) => [grade, facts])).toEqual([["assumed", [fact]]]);
  });

  it("outlives neither a region nor bad writes", () => {
    expect(ways(kept(), "region").candidates).toEqual([]);
    expect(ways(kept(), "corruption").candidates).toEqual([]);
  });

  it("proves nothing without an entry of the register: this program does not declare the service", () => {
    const [way] = ways(kept({}, []), "zone").candidates;
    expect(way?.rto.total).toHaveProperty("unknown");
    expect(way?.rpo[1].total).toHaveProperty("unknown");
  });

  it.each<[string, Value]>([
    ["that no reader knows", "floppy"],
    ["that is not known before deployment", UNKNOWN],
  ])("is kept by nothing where it names a service %s", (_, service) => {
    expect(messages(kept({ service }))).toEqual([
      "platform/state is kept by no service that a reader knows (s3, eks, route53, ecr, secretsManager, resourceManager, powerBi), or by one that is not known before deployment",
    ]);
    expect(read(kept({ service })).plan.protections).toEqual([]);
  });

  it("is not also served by a workload", () => {
    const both = edit(healthy(), "database", "asset.service", "s3");
    expect(messages(both)).toEqual(["omendb/data is served by a workload of this program, and kept by Amazon S3"]);
  });
});
