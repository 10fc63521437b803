import { describe, expect, it } from "vitest";
import { readyOf } from "../../components/service/starts";
import { StatelessService, type StatelessServiceArgs } from "../../components/service/statelessService";
import { declared, named, namesOf, placement } from "./declare";

const args = (): StatelessServiceArgs => ({
  placement: placement(),
  workload: "door",
  labels: { app: "shop", component: "door" },
  replicas: 3,
  starts: { replicas: 3, zones: 3, turn: 5 },
  keep: 2,
  image: `door@sha256:${"1".repeat(64)}`,
  env: { OPENS: "early" },
  volumes: [{ name: "run", mountPath: "/tmp", source: { emptyDir: "64Mi" } }],
  ports: { https: 8443 },
  asks: { port: 8443, path: "/alive" },
  startWithin: "61s",
  resources: { cpu: "1", memory: "1Gi" },
  uid: 10_003,
  tolerate: "30s",
  zones: 3,
});

const podOf = async (change: Partial<StatelessServiceArgs> = {}) => {
  const all = await declared(() => new StatelessService("door", { ...args(), ...change }));
  const { spec } = named(all, "door-deployment").props as never as {
    spec: { template: { spec: Record<string, unknown> & { containers: Record<string, unknown>[] } } };
  };
  return spec.template.spec;
};

describe("a stateless service", () => {
  it("is a Deployment, the name it is called by, and what a drain must leave of it", async () => {
    const all = await declared(() => new StatelessService("door", args()));
    expect(namesOf(all)).toEqual([
      "holdfast:service:StatelessService door",
      "kubernetes:apps/v1:Deployment door-deployment",
      "kubernetes:core/v1:Service door-service",
      "kubernetes:policy/v1:PodDisruptionBudget door-budget",
    ]);
    const labels = { app: "shop", component: "door" };
    expect(named(all, "door-service").props).toMatchObject({
      metadata: { name: "door" },
      spec: { selector: labels, ports: [{ name: "https", port: 8443, targetPort: 8443 }] },
    });
    expect(named(all, "door-budget").props).toMatchObject({
      spec: { minAvailable: 2, selector: { matchLabels: labels } },
    });
  });

  it("is forced apart over the zones, and leaves a node that is gone", async () => {
    const pod = await podOf();
    expect(pod.topologySpreadConstraints).toEqual([
      expect.objectContaining({
        topologyKey: "topology.kubernetes.io/zone",
        minDomains: 3,
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: { app: "shop", component: "door" } },
      }),
    ]);
    expect(pod.tolerations).toHaveLength(2);
  });

  it("has no token of the cluster, no root, and a file system that it cannot write to", async () => {
    const pod = await podOf();
    expect(pod).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } });
    expect(pod.containers[0]).toMatchObject({
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
      resources: { requests: { cpu: "1" }, limits: { memory: "1Gi" } },
    });
  });

  it("is asked at a path over TLS, or at a port, and may take its time to start", async () => {
    const path = { httpGet: { path: "/alive", port: 8443, scheme: "HTTPS" } };
    expect((await podOf()).containers[0]).toMatchObject({
      startupProbe: { ...path, periodSeconds: 5, failureThreshold: 13 },
      livenessProbe: { ...path, failureThreshold: 3 },
      readinessProbe: { ...path, failureThreshold: 2 },
    });
    expect((await podOf({ asks: { port: 3100 } })).containers[0]).toMatchObject({
      livenessProbe: { tcpSocket: { port: 3100 } },
    });
  });

  it.each([
    ["three in three zones", 3, 3, 2],
    // Fewer zones than minDomains take one pod each, however many there were before.
    ["six in three zones", 6, 3, 2],
    ["two in three zones", 2, 3, 2],
    ["two in two zones", 2, 2, 1],
    ["three in the only zone, with which all is lost", 3, 1, 3],
  ])("is ready enough, of %s, with what a lost zone leaves", (_, replicas, zones, ready) => {
    expect(readyOf({ replicas, zones })).toBe(ready);
  });

  it("stands ready without pods, and says what a recovery starts it as", async () => {
    const all = await declared(() => new StatelessService("door", { ...args(), replicas: 0 }));
    expect(named(all, "door-deployment").props).toMatchObject({
      metadata: {
        annotations: { "holdfast.dev/replicas": "3", "holdfast.dev/turn": "5", "holdfast.dev/ready": "2" },
      },
      spec: { replicas: 0 },
    });
  });
});
