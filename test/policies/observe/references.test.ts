import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { edit, healthy, kubernetes, messages, type Parts, read } from "./program";

const pod = "spec.template.spec";
const job = "spec.jobTemplate.spec.template.spec";

const missing = (what: string, who = "Deployment prod-omendb") =>
  `${who} needs ${what}, which this program does not declare in namespace omendb-prod of that cluster`;

/** The workload that serves, with something more that it names. */
const naming = (path: string, value: Value): Parts => edit(healthy(), "deployment", `${pod}.${path}`, value);

const secret = naming("volumes[3]", { name: "tls", secret: { secretName: "omendb-tls" } });

describe("what pods name", () => {
  it.each<[string, Parts, string]>([
    ["a service account", naming("serviceAccountName", "omendb"), "ServiceAccount omendb"],
    ["a secret as a volume", secret, "Secret omendb-tls"],
    ["a ConfigMap as a volume", naming("volumes[3]", { name: "x", configMap: { name: "x" } }), "ConfigMap x"],
    [
      "a projected secret",
      naming("volumes[3]", { name: "x", projected: { sources: [{ secret: { name: "x" } }] } }),
      "Secret x",
    ],
    ["an environment", naming("containers[0].envFrom", [{ configMapRef: { name: "x" } }]), "ConfigMap x"],
    [
      "a variable",
      naming("containers[0].env[1]", { name: "X", valueFrom: { secretKeyRef: { name: "x", key: "k" } } }),
      "Secret x",
    ],
    [
      "a claim of an init container's volume",
      naming("volumes[3]", { name: "x", persistentVolumeClaim: { claimName: "x" } }),
      "claim x",
    ],
  ])("is noted when nothing declares it: %s", (_what, parts, what) => {
    expect(messages(parts)).toContain(missing(what));
    expect(read(parts).problems.every(({ cannotProve }) => cannotProve)).toBe(true);
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
    expect(messages(elsewhere)).toEqual([missing("Secret omendb-tls")]);
  });

  it("is one finding for all that need it, and none for jobs without a role", () => {
    const both = edit(secret, "full", `${job}.volumes[3]`, { name: "tls", secret: { secretName: "omendb-tls" } });
    expect(messages(both)).toEqual([
      "Deployment prod-omendb and 1 more need Secret omendb-tls, which this program does not declare in namespace omendb-prod of that cluster",
    ]);
    const other = { spec: { jobTemplate: { spec: { template: { spec: { serviceAccountName: "x" } } } } } };
    expect(messages({ ...healthy(), other: kubernetes("batch/v1:CronJob", "other", {}, other) })).toEqual([]);
  });

  it("is believed where its name is made on creation and the object depends on it", () => {
    const parts = naming("serviceAccountName", UNKNOWN);
    expect(read(parts).problems).toMatchObject([{ cannotProve: true }]);
    const account = kubernetes("core/v1:ServiceAccount", "omendb", {}, {});
    const { deployment } = parts;
    if (deployment === undefined) throw new Error("no deployment");
    const linked = { ...deployment, propertyDependencies: { spec: [account.urn] } };
    expect(messages({ ...parts, account, deployment: linked })).toEqual([]);
  });
});
