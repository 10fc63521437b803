import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { edit, healthy, kubernetes, messages, type Parts, read } from "./program";

const pod = "spec.template.spec";
const job = "spec.jobTemplate.spec.template.spec";

const missing = (by: string, what: string, who = "Deployment prod-omendb") =>
  `${by} of ${who} names no ${what} that this program declares in namespace omendb-prod of that cluster, or one that is not known before deployment`;

/** The workload that serves, with something more that it names. */
const naming = (path: string, value: Value): Parts => edit(healthy(), "deployment", `${pod}.${path}`, value);

const secret = naming("volumes[3]", { name: "tls", secret: { secretName: "omendb-tls" } });

describe("what pods name", () => {
  it.each<[string, Parts, [by: string, what: string]]>([
    ["a service account", naming("serviceAccountName", "omendb"), ["serviceAccountName", "ServiceAccount"]],
    ["a secret as a volume", secret, ["volume tls", "Secret"]],
    [
      "a ConfigMap as a volume",
      naming("volumes[3]", { name: "x", configMap: { name: "x" } }),
      ["volume x", "ConfigMap"],
    ],
    [
      "a projected secret",
      naming("volumes[3]", { name: "x", projected: { sources: [{ secret: { name: "x" } }] } }),
      ["volume x", "Secret"],
    ],
    [
      "an environment",
      naming("containers[0].envFrom", [{ configMapRef: { name: "x" } }]),
      ["envFrom of container omendb", "ConfigMap"],
    ],
    [
      "a variable",
      naming("containers[0].env[1]", { name: "X", valueFrom: { secretKeyRef: { name: "x", key: "k" } } }),
      ["variable X", "Secret"],
    ],
    [
      "a claim of an init container's volume",
      naming("volumes[3]", { name: "x", persistentVolumeClaim: { claimName: "x" } }),
      ["volume x", "claim"],
    ],
  ])("is noted when nothing declares it: %s", (_what, parts, what) => {
    expect(messages(parts)).toContain(missing(...what));
    expect(read(parts).problems.every(({ cannotProve }) => cannotProve)).toBe(true);
  });

  it("is told alike when it is not known and when it is not here", () => {
    const tls = (secretName: Value) => read(naming("volumes[3]", { name: "tls", secret: { secretName } }));
    expect(tls(UNKNOWN)).toEqual(tls("elsewhere"));
    const claim = (name: Value) => read(naming("volumes[0].persistentVolumeClaim.claimName", name));
    expect(claim(UNKNOWN)).toEqual(claim("elsewhere"));
  });

  it("may be missing where it is optional, and is there where Kubernetes makes it", () => {
    expect(messages(naming("containers[0].envFrom", [{ configMapRef: { name: "x", optional: true } }]))).toEqual([]);
    expect(messages(naming("volumes[3]", { name: "x", secret: { secretName: "x", optional: true } }))).toEqual([]);
    expect(messages(naming("serviceAccountName", "default"))).toEqual([]);
  });

  it("is made by a Secret, a Certificate or an ExternalSecret of its namespace and cluster", () => {
    const made = (type: string, name: string, rest: Record<string, Value>) =>
      messages({ ...secret, made: kubernetes(type, name, {}, rest) });
    expect(made("core/v1:Secret", "omendb-tls", {})).toEqual([]);
    expect(made("cert-manager.io/v1:Certificate", "omendb", { spec: { secretName: "omendb-tls" } })).toEqual([]);
    expect(made("external-secrets.io/v1:ExternalSecret", "x", { spec: { target: { name: "omendb-tls" } } })).toEqual(
      [],
    );
    expect(made("external-secrets.io/v1:ExternalSecret", "omendb-tls", { spec: {} })).toEqual([]);
    const elsewhere = edit(
      { ...secret, made: kubernetes("core/v1:Secret", "omendb-tls", {}, {}) },
      "made",
      "metadata.namespace",
      "other",
    );
    expect(messages(elsewhere)).toEqual([missing("volume tls", "Secret")]);
  });

  it("is one finding for all that need it, and none for jobs without a role", () => {
    const both = edit(secret, "full", `${job}.volumes[3]`, { name: "tls", secret: { secretName: "omendb-tls" } });
    expect(messages(both)).toEqual([missing("volume tls", "Secret", "Deployment prod-omendb and 1 more")]);
    const other = { spec: { jobTemplate: { spec: { template: { spec: { serviceAccountName: "x" } } } } } };
    expect(messages({ ...healthy(), other: kubernetes("batch/v1:CronJob", "other", {}, other) })).toEqual([]);
  });

  it("is believed where its name is made on creation and the object depends on it", () => {
    const parts = naming("serviceAccountName", UNKNOWN);
    expect(read(parts).problems).toMatchObject([{ cannotProve: true }]);
    const account = kubernetes("core/v1:ServiceAccount", "omendb", {}, { metadata: { namespace: "omendb-prod" } });
    const { deployment } = parts;
    if (deployment === undefined) throw new Error("no deployment");
    const linked = { ...deployment, propertyDependencies: { spec: [account.urn] } };
    expect(messages({ ...parts, account, deployment: linked })).toEqual([]);
    // The name of what has one is known: the unknown one is another's.
    const named = kubernetes("core/v1:ServiceAccount", "omendb", {}, {});
    expect(messages({ ...parts, account: named, deployment: linked })).toEqual([
      missing("serviceAccountName", "ServiceAccount"),
    ]);
  });
});
