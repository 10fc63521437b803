import { describe, expect, it } from "vitest";
import { ensureCrds, ensureOperatorCrds } from "../../tools/crds";
import { machineForEach } from "./commands";

const here = machineForEach();

/** A `go` that has the sources of both operators; cert-manager's definitions are templates. */
const go = `
  if (args[0] === "env") say("go1.26.8");
  if (args[0] === "mod") {
    const module = args.at(-1), dir = path.join(process.env.HOME, path.basename(module));
    const files = module.includes("cert-manager")
      ? ["deploy/crds/crd-certificates.yaml"]
      : ["alertmanagerconfigs", "probes", "prometheusrules", "servicemonitors"].map(
          (plural) => "example/prometheus-operator-crd/monitoring.coreos.com_" + plural + ".yaml",
        );
    for (const file of files) {
      fs.mkdirSync(path.join(dir, path.dirname(file)), { recursive: true });
      const name = path.basename(file, ".yaml");
      fs.writeFileSync(path.join(dir, file), "# {{- if .Values.crds }}\\nmetadata:\\n  name: " + name + "\\n  labels:\\n    app: '{{ .Name }}'\\n");
    }
    say(JSON.stringify({ Dir: dir }));
  }
`;

describe("the kinds of the Kubernetes operators", () => {
  it("are read from the operators' sources, templates without what depends on values, and then from the cache", () => {
    here.put("go", go);
    const definitions = ensureCrds();
    expect(definitions.map(({ metadata }) => metadata)).toEqual([
      ...[
        "monitoring.coreos.com_alertmanagerconfigs",
        "monitoring.coreos.com_probes",
        "monitoring.coreos.com_prometheusrules",
        "monitoring.coreos.com_servicemonitors",
        "crd-certificates",
      ].map((name) => ({ name, labels: null })),
      // Ours to write down: no module has it.
      { name: "targetgroupbindings.elbv2.k8s.aws" },
    ]);
    const asked = here.calls();
    expect(asked.filter((call) => call.startsWith("go mod"))).toEqual([
      "go mod download -json github.com/prometheus-operator/prometheus-operator@v0.89.0",
      "go mod download -json github.com/cert-manager/cert-manager@v1.18.2",
    ]);
    expect(ensureCrds()).toEqual(definitions);
    expect(here.calls()).toEqual(asked);
    expect(here.cache()).toEqual(["crds-cert-manager-v1.18.2", "crds-prometheus-operator-v0.89.0"]);
  });

  it.each([
    ["there is no Go", undefined, "fetching it needs Go 1.26 or newer on the PATH"],
    [
      "the proxy refuses",
      `if (args[0] === "env") say("go1.26.8"); else { say(JSON.stringify({ Error: "proxy: 403" })); process.exit(1); }`,
      "go cannot fetch it: proxy: 403",
    ],
    ["go does not answer as it should", `say("go1.26.8")`, "go cannot fetch it: go1.26.8"],
  ])("are named in one line where %s", (_title, body, why) => {
    if (body !== undefined) here.put("go", body);
    expect(() => ensureCrds()).toThrow(
      new Error(
        `the kinds of prometheus-operator: github.com/prometheus-operator/prometheus-operator v0.89.0 is missing, and ${why}`,
      ),
    );
    expect(here.cache()).toEqual([]);
  });
});

describe("the kinds of the Pulumi Kubernetes Operator", () => {
  const module = "github.com/pulumi/pulumi-kubernetes-operator@v1.16.0";
  const sum = "h1:HSgXateOE1GAgetlqB85iRx5EbcCfvLI7WeDEny9fVA=";
  const answering = (told: string) => `
    if (args[0] === "env") say("go1.26.8");
    if (args[0] === "mod") {
      const dir = path.join(process.env.HOME, "operator"), file = path.join(dir, "deploy/crds/pulumi.com_stacks.yaml");
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, "---\\nmetadata:\\n  name: stacks.pulumi.com\\n  labels: { unasked: '" + process.env.GONOSUMDB + "' }\\n");
      say(JSON.stringify({ Dir: dir, Sum: "${told}" }));
    }
  `;

  it("are taken by a checksum that is pinned here, and the checksum database is not asked for them alone", () => {
    here.put("go", answering(sum));
    const definitions = ensureOperatorCrds();
    const labels = { unasked: "github.com/pulumi/pulumi-kubernetes-operator" };
    expect(definitions.map(({ metadata }) => metadata)).toEqual([{ name: "stacks.pulumi.com", labels }]);
    expect(here.calls().at(-1)).toBe(`go mod download -json ${module}`);
    expect(here.cache()).toEqual(["crds-pulumi-kubernetes-operator-v1.16.0"]);
  });

  it("are refused where their source has another", () => {
    here.put("go", answering("h1:other="));
    expect(() => ensureOperatorCrds()).toThrow(
      `what go fetched is not what is pinned: its checksum must be ${sum}, got h1:other=`,
    );
    expect(here.cache()).toEqual([]);
  });
});
