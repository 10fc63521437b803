import type { PolicyResource } from "@pulumi/policy";
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../policies/graph";
import { plainProps, resourceOf, toPlain } from "../../policies/plain";

/** A bucket as the engine gives it to a stack policy. */
function bucket(props: object, more: Partial<PolicyResource> = {}): PolicyResource {
  const type = "aws:s3/bucket:Bucket";
  return {
    type,
    name: "backups",
    urn: `urn:pulumi:prod::orders::${type}::backups`,
    props,
    opts: {
      protect: true,
      ignoreChanges: [],
      aliases: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      additionalSecretOutputs: [],
    },
    provider: {
      type: "pulumi:providers:aws",
      name: "region",
      urn: "urn:pulumi:prod::orders::pulumi:providers:aws::region",
      props: {},
    },
    dependencies: [],
    propertyDependencies: {},
    isType: () => false,
    asType: () => undefined,
    ...more,
  };
}

/** As the policy SDK does for a value that is not known before deployment. */
function withUnknown(name: string, known: object = {}): object {
  const error = Object.assign(new Error(`${name} can't be known during preview`), { unknownTypeSentinel: "string" });
  const get = () => {
    throw error;
  };
  return Object.defineProperty({ ...known }, name, { enumerable: true, get });
}

const inputs = { bucket: "backups", tags: { asset: "orders" } };

describe("resourceOf", () => {
  it.each<[what: string, outputs: object]>([
    ["of another resource", { ...inputs, lifecycleRules: [{ id: "expire", expirations: [{ days: 1 }] }] }],
    ["that are empty", { ...inputs, lifecycleRules: [], versioning: {} }],
    ["that differ from what the program set", { ...inputs, tags: {} }],
    ["that are not known yet", withUnknown("arn", inputs)],
  ])("computed outputs are no facts: those %s", (_, outputs) => {
    expect(resourceOf(bucket(outputs), inputs).props).toEqual(inputs);
  });

  it("reads what a component registers, which nobody else says", () => {
    const outputs = withUnknown("bucket", { promise: { rpo: "24h" } });
    const { provider: _, ...component } = bucket(outputs);
    expect(resourceOf(component, {}).props).toEqual({ promise: { rpo: "24h" }, bucket: UNKNOWN });
  });

  it("reads the outputs of a resource whose inputs were not shown", () => {
    expect(resourceOf(bucket(inputs)).props).toEqual(inputs);
  });

  it("keeps links, options and the provider", () => {
    const other = bucket({}, { urn: "urn:other" });
    const resource = resourceOf(
      bucket(inputs, { parent: other, dependencies: [other], propertyDependencies: { bucket: [other] } }),
      inputs,
    );
    expect(resource).toMatchObject({
      parent: "urn:other",
      provider: { name: "region" },
      dependencies: ["urn:other"],
      propertyDependencies: { bucket: ["urn:other"] },
      protect: true,
    });
  });
});

describe("toPlain", () => {
  it("tells a value that is not known from one that is not there, however deep", () => {
    const value = { known: [1, { text: "a" }], absent: undefined, list: [withUnknown("id")] };
    expect(toPlain(value)).toEqual({ known: [1, { text: "a" }], absent: undefined, list: [{ id: UNKNOWN }] });
  });

  it("leaves out which values a provider filled in, however deep", () => {
    const rule = { filter: { prefix: "", __defaults: [] }, __defaults: ["filter"] };
    expect(toPlain({ rules: [rule], __defaults: [] })).toEqual({ rules: [{ filter: { prefix: "" } }] });
  });

  it("hides no error of the program's", () => {
    const get = () => {
      throw new TypeError("broken");
    };
    expect(() => plainProps(Object.defineProperty({}, "id", { enumerable: true, get }))).toThrow("broken");
  });
});
