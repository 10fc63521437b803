import { describe, expect, it } from "vitest";
import { LeasedDatabase, type LeasedDatabaseArgs } from "../../components/database/leasedDatabase";
import { type Disruption, disruptions, type ObjectiveArgs } from "../../recovery/objective";
import { declared, named, namesOf, placement } from "./declare";

const objective: ObjectiveArgs = { rpo: "0s", rto: "under 2m", owner: "us", reason: "because" };
const objectives = Object.fromEntries(disruptions.map((one) => [one, objective])) as Record<Disruption, ObjectiveArgs>;
const probe = { command: ["probe"], period: "5s", timeout: "5s", failures: 3 };

const args = (): LeasedDatabaseArgs => ({
  placement: placement(),
  workload: "shop",
  labels: { app: "shop" },
  jobs: { labels: { app: "shop-jobs" }, pushgateway: { namespace: "monitoring", port: 9091 } },
  promise: { id: "shop/data", objectives, retention: { atLeast: "30d" }, bytes: 1000 },
  replicas: 3,
  keep: 2,
  pod: {
    container: "shop",
    image: `shop@sha256:${"1".repeat(64)}`,
    command: ["serve"],
    env: { LEASE: "shop" },
    podFields: { POD_IP: "status.podIP" },
    volumes: [
      { name: "data", mountPath: "/data", source: { claim: "shop-data" } },
      {
        name: "settings",
        mountPath: "/etc/shop.toml",
        file: "shop.toml",
        readOnly: true,
        source: { configMap: "shop" },
      },
      { name: "tls", mountPath: "/tls", readOnly: true, source: { secret: "shop-tls", keys: ["ca.crt"] } },
    ],
    ports: { https: 3000, metrics: 9090 },
    probes: { startup: probe, live: probe, ready: probe },
    resources: { limits: { memory: "1Gi" } },
    uid: 10_001,
    tolerate: "30s",
    stopWithin: "10s",
    spreadOver: { zones: 3, nodes: 3 },
  },
  serviceAccount: "shop-serving",
  lease: { duration: "15s", startWithin: "45s" },
  claims: [{ claim: "shop-data", storageClass: "zone-redundant", gib: 10 }],
  traffic: {
    service: "shop",
    ports: { https: 3000, metrics: 9090 },
    callers: { https: ["web"], metrics: ["monitoring"] },
  },
  certificate: { secret: "shop-tls", issuer: "ca", lifetime: "365d", renewBefore: "30d", names: ["shop.here.svc"] },
  metrics: {
    port: "metrics",
    interval: "15s",
    timeout: "10s",
    selectors: { release: "prometheus" },
    serverName: "shop.here.svc",
    user: "shop-user",
  },
});

const database = (change: (whole: LeasedDatabaseArgs) => LeasedDatabaseArgs = (same) => same) =>
  declared(() => new LeasedDatabase("shop", change(args())));

describe("a leased database", () => {
  it("consists of what one serving pod, its standbys and their watchers need", async () => {
    expect(namesOf(await database())).toEqual([
      "holdfast:database:LeasedDatabase shop",
      "holdfast:database:VolumeClaims shop-claims",
      "kubernetes:apps/v1:Deployment shop-deployment",
      "kubernetes:cert-manager.io/v1:Certificate shop-certificate",
      "kubernetes:coordination.k8s.io/v1:Lease shop-lease",
      "kubernetes:core/v1:PersistentVolumeClaim shop-claims-shop-data",
      "kubernetes:core/v1:Service shop-service",
      "kubernetes:discovery.k8s.io/v1:EndpointSlice shop-serving",
      "kubernetes:monitoring.coreos.com/v1:ServiceMonitor shop-monitor",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy shop-job-network",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy shop-network",
      "kubernetes:policy/v1:PodDisruptionBudget shop-budget",
    ]);
  });

  it("is called by pods of its own namespace where it is told so, and on a port without callers by nobody", async () => {
    const all = await database(({ jobs: _, ...rest }) => ({
      ...rest,
      traffic: {
        service: "shop",
        ports: { https: 3000, tools: 3006 },
        callers: { https: [{ app: "door" }] },
        calls: [5432],
      },
    }));
    expect(namesOf(all).filter((one) => one.includes("NetworkPolicy"))).toHaveLength(1);
    const { spec } = named(all, "shop-network").props as { spec: { ingress: unknown; egress: unknown[] } };
    expect(spec.ingress).toEqual([
      { from: [{ podSelector: { matchLabels: { app: "door" } } }], ports: [{ port: 3000, protocol: "TCP" }] },
    ]);
    expect(spec.egress).toContainEqual({ ports: [{ port: 5432, protocol: "TCP" }] });
  });

  it("says what holds its asset, and what a recovery starts it as", async () => {
    const all = await database((one) => ({
      ...one,
      kind: "accounts",
      holds: ["shop-data"],
      starts: { replicas: 3, zones: 3, turn: 2 },
    }));
    expect(named(all, "shop").props).toMatchObject({ asset: { kind: "accounts" } });
    expect(named(all, "shop-deployment").props).toMatchObject({
      metadata: {
        annotations: { "holdfast.dev/holds": "shop-data", "holdfast.dev/replicas": "3", "holdfast.dev/turn": "2" },
      },
    });
  });

  it("has what it needs fetched first, where it is told to, with the same volumes and as few rights", async () => {
    const first = { image: "fetch", command: ["fetch"], env: { FROM: "there" } };
    const all = await database((one) => ({ ...one, pod: { ...one.pod, first } }));
    const { spec } = named(all, "shop-deployment").props as never as {
      spec: { template: { spec: { initContainers: object[]; containers: { volumeMounts: object[] }[] } } };
    };
    const { initContainers, containers } = spec.template.spec;
    expect(initContainers).toEqual([
      expect.objectContaining({
        command: ["fetch"],
        env: [{ name: "FROM", value: "there" }],
        volumeMounts: containers[0]?.volumeMounts,
        securityContext: expect.objectContaining({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true }),
      }),
    ]);
  });

  it("promises its objectives", async () => {
    expect(named(await database(), "shop").props).toEqual({
      asset: { id: "shop/data", kind: "database", objectives, retention: { atLeast: "30d" }, bytes: 1000 },
    });
  });

  it("does not compile without objectives", () => {
    // @ts-expect-error a data store without objectives is no data store
    const wrong: LeasedDatabaseArgs["promise"] = { id: "shop/data", retention: { atLeast: "30d" }, bytes: 1 };
    expect(wrong).not.toHaveProperty("objectives");
  });

  it("does not compile with an objective missing for one disruption", () => {
    const { compromise: _none, ...rest } = objectives;
    // @ts-expect-error every disruption needs an objective
    const wrong: LeasedDatabaseArgs["promise"]["objectives"] = rest;
    expect(Object.keys(wrong)).toHaveLength(5);
  });

  it("sets kernel settings only where it is told to: they need the kubelet's leave", async () => {
    const securityContext = async (sysctls?: Record<string, string>) => {
      const whole = await database((one) => ({ ...one, pod: { ...one.pod, ...(sysctls ? { sysctls } : {}) } }));
      const { spec } = named(whole, "shop-deployment").props as never as {
        spec: { template: { spec: { securityContext: object } } };
      };
      return spec.template.spec.securityContext;
    };
    expect(await securityContext()).not.toHaveProperty("sysctls");
    expect(await securityContext({ "net.core.somaxconn": "4096" })).toMatchObject({
      sysctls: [{ name: "net.core.somaxconn", value: "4096" }],
    });
  });

  it("spreads its pods over zones and nodes by force, and leaves a lost node within half a minute", async () => {
    const { spec, metadata } = named(await database(), "shop-deployment").props as never as Record<string, object>;
    const labelSelector = { matchLabels: { app: "shop" } };
    const forced = { maxSkew: 1, minDomains: 3, whenUnsatisfiable: "DoNotSchedule", labelSelector };
    expect(metadata).toMatchObject({
      annotations: { "holdfast.dev/asset": "shop/data", "holdfast.dev/lease": "shop" },
    });
    expect(spec).toMatchObject({
      replicas: 3,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      template: {
        metadata: { labels: { app: "shop" }, annotations: {} },
        spec: {
          terminationGracePeriodSeconds: 10,
          tolerations: [
            { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 30 },
            { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 30 },
          ],
          topologySpreadConstraints: [
            { ...forced, topologyKey: "topology.kubernetes.io/zone" },
            { ...forced, topologyKey: "kubernetes.io/hostname" },
          ],
          containers: [
            {
              livenessProbe: { exec: { command: ["probe"] }, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
              env: [
                { name: "LEASE", value: "shop" },
                { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
              ],
              volumeMounts: [
                { name: "data", mountPath: "/data", readOnly: false },
                { name: "settings", mountPath: "/etc/shop.toml", subPath: "shop.toml", readOnly: true },
                { name: "tls", mountPath: "/tls", readOnly: true },
              ],
            },
          ],
          volumes: [
            { name: "data", persistentVolumeClaim: { claimName: "shop-data", readOnly: false } },
            { name: "settings", configMap: { name: "shop", defaultMode: 0o444 } },
            {
              name: "tls",
              secret: { secretName: "shop-tls", defaultMode: 0o440, items: [{ key: "ca.crt", path: "ca.crt" }] },
            },
          ],
        },
      },
    });
  });

  it("leaves the lease and the endpoints to the pods", async () => {
    const all = await database();
    expect(named(all, "shop-lease").props).toMatchObject({
      metadata: { name: "shop", annotations: { "holdfast.dev/start-deadline": "45s" } },
      spec: { leaseDurationSeconds: 15 },
    });
    expect(named(all, "shop-lease").ignoreChanges).not.toContain("spec");
    expect(named(all, "shop-serving").props).toMatchObject({
      metadata: { name: "shop-serving", labels: { "kubernetes.io/service-name": "shop" } },
      endpoints: [],
      ports: [
        { name: "https", port: 3000, protocol: "TCP" },
        { name: "metrics", port: 9090, protocol: "TCP" },
      ],
    });
    expect(named(all, "shop-serving").ignoreChanges).toEqual(["endpoints"]);
    expect(named(all, "shop-service").props.spec).not.toHaveProperty("selector");
  });

  it("protects data and workload", async () => {
    const protectedOnes = (await database()).filter(({ protect }) => protect).map(({ name }) => name);
    expect(protectedOnes.sort()).toEqual(["shop-claims-shop-data", "shop-deployment"]);
  });

  it("mounts a claim that several nodes may mount", async () => {
    expect(named(await database(), "shop-claims-shop-data").props.spec).toEqual({
      accessModes: ["ReadWriteMany"],
      storageClassName: "zone-redundant",
      resources: { requests: { storage: "10Gi" } },
    });
  });

  it("is scraped over TLS with a user, and certified for a year", async () => {
    const all = await database();
    expect(named(all, "shop-monitor").props).toMatchObject({
      metadata: { labels: { release: "prometheus" }, annotations: { "holdfast.dev/asset": "shop/data" } },
      spec: {
        serviceDiscoveryRole: "EndpointSlice",
        jobLabel: "app",
        endpoints: [
          {
            scheme: "https",
            interval: "15s",
            scrapeTimeout: "10s",
            basicAuth: { username: { name: "shop-user", key: "username" } },
          },
        ],
      },
    });
    expect(named(all, "shop-certificate").props.spec).toMatchObject({
      secretName: "shop-tls",
      duration: "8760h",
      renewBefore: "720h",
    });
  });

  it("is called by its callers, its jobs and nobody else", async () => {
    expect(named(await database(), "shop-network").props.spec).toMatchObject({
      podSelector: { matchLabels: { app: "shop" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: { app: "shop-jobs" } } },
            { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "web" } } },
          ],
          ports: [{ port: 3000 }],
        },
        { ports: [{ port: 9090 }] },
      ],
    });
  });

  it("without pods stands ready and promises nothing", async () => {
    const all = await database((whole) => ({ ...whole, replicas: 0 }));
    expect(named(all, "shop").props).toEqual({});
    expect(named(all, "shop-deployment").props).toMatchObject({ metadata: { annotations: {} }, spec: { replicas: 0 } });
    expect(named(all, "shop-monitor").props).toMatchObject({ metadata: { annotations: {} } });
  });
});
