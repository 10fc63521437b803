import { describe, expect, it } from "vitest";
import type { Provider } from "../../../policies/graph";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { edit, healthy, type Parts, read } from "./program";

function at(parts: Parts) {
  return read(parts).plan.assets[0]?.at;
}

function copyAt(parts: Parts) {
  const points = read(parts).plan.protections.find((one) => one.kind === "restore-points");
  return points?.kind === "restore-points" ? points.copies[0]?.at : undefined;
}

function withProvider(part: string, change: (provider: Provider) => Provider): Parts {
  const parts = healthy();
  const one = parts[part];
  if (one?.provider === undefined) throw new Error(`${part} has no provider`);
  const provider = change(one.provider);
  const moved = Object.entries(parts).map(([name, each]) => [
    name,
    each.provider?.urn === provider.urn ? { ...each, provider } : each,
  ]);
  return Object.fromEntries(moved);
}

describe("places", () => {
  it("finds a Kubernetes object at the site of its provider's context", () => {
    expect(at(healthy())).toMatchObject({ account: "111111111111", region: "eu-central-1", deployed: true });
  });

  it("does not know the place of an object whose context is of no site", () => {
    expect(at(edit(healthy(), "register", "sites[0].context", "other"))).toEqual({
      unknown: "no site in Register has the Kubernetes context of provider primary",
    });
  });

  it("does not know the place of an object whose provider has an unknown context", () => {
    const parts = withProvider("deployment", (one) => ({ ...one, props: { context: UNKNOWN } }));
    expect(at(parts)).toEqual({ unknown: "context of kubernetes primary is not known before deployment" });
  });

  it.each([
    ["renderYamlToDirectory", "out", "writes files and deploys nothing (renderYamlToDirectory)"],
    ["cluster", "other", "names a cluster of its own beside its context (cluster)"],
  ])("does not know the place of an object whose provider has %s", (property, value, why) => {
    const parts = withProvider("deployment", (one) => ({ ...one, props: { ...one.props, [property]: value } }));
    expect(at(parts)).toEqual({ unknown: `provider primary ${why}` });
  });

  it("does not know the place of an object without a provider", () => {
    const { deployment, ...rest } = healthy();
    if (deployment === undefined) throw new Error("no deployment");
    const { provider: _, ...bare } = deployment;
    expect(at({ ...rest, deployment: bare })).toHaveProperty("unknown");
  });

  it("finds a bucket in its own region before that of its provider", () => {
    expect(copyAt(healthy())).toMatchObject({
      cloud: "aws",
      account: "222222222222",
      region: "eu-west-1",
      deployed: true,
    });
    expect(copyAt(edit(healthy(), "bucket", "region", "eu-north-1"))).toMatchObject({ region: "eu-north-1" });
    expect(copyAt(edit(healthy(), "bucket", "region", UNKNOWN))).toHaveProperty("unknown");
  });

  it("counts a regional service as kept in several zones", () => {
    expect(copyAt(healthy())).toHaveProperty("zones.length", 3);
  });

  it("reads accounts that the engine hands over as JSON", () => {
    const parts = withProvider("bucket", (one) => ({
      ...one,
      props: { ...one.props, allowedAccountIds: '["444444444444"]' },
    }));
    expect(copyAt(parts)).toMatchObject({ account: "444444444444" });
  });

  it.each<[string, Value]>([
    ["no account", undefined],
    ["several accounts", ["1", "2"]],
    ["an unknown account", UNKNOWN],
  ])("does not know whose credentials rule a bucket of a provider with %s", (_what, allowedAccountIds) => {
    const parts = withProvider("bucket", (one) => ({ ...one, props: { ...one.props, allowedAccountIds } }));
    expect(copyAt(parts)).toEqual({ unknown: "provider copies must name one account in allowedAccountIds" });
  });

  it("does not take a provider with custom endpoints for AWS", () => {
    const parts = withProvider("bucket", (one) => ({
      ...one,
      props: { ...one.props, endpoints: [{ s3: "https://appliance" }] },
    }));
    expect(copyAt(parts)).toEqual({ unknown: "provider copies has custom endpoints: what it reaches is not AWS" });
    const none = withProvider("bucket", (one) => ({ ...one, props: { ...one.props, endpoints: "[]" } }));
    expect(copyAt(none)).toMatchObject({ region: "eu-west-1" });
  });
});
