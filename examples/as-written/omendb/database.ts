import * as k8s from "@pulumi/kubernetes";
import { DATA_BYTES } from "./capacity";
import { DATA, FOLDERS, IMAGE, LABELS, NAMESPACE, OMENDB_TOML, objectives, RETENTION_DAYS } from "./guide";
import { assumed, links } from "./links";
import { CLASSES } from "./register";
import type { Mend } from "./variant";

/** Name of the one claim. */
export const CLAIM = "omendb-data";

/** Where the claim is mounted: upstream mounts the folder of the data alone, not the log beside it. */
export function mountPath(mended: ReadonlySet<Mend>): string {
  return mended.has("log") ? FOLDERS.data : `${FOLDERS.data}/data`;
}

/** The Deployment of the guide, on the volume and with the probes of the product's own manifests. */
export function declareDatabase(mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  declareAt("", mended, provider);
}

/** Mended: the same without pods in another region, for the recovery that is a job there. */
export function declareStandby(mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  declareAt("standby-", mended, provider);
}

function declareAt(prefix: "" | "standby-", mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  const at = { namespace: NAMESPACE };
  const serves = prefix === "";
  const config = "omendb-config";
  new k8s.core.v1.Namespace(`${prefix}namespace`, { metadata: { name: NAMESPACE } }, { provider });
  new k8s.core.v1.ConfigMap(
    `${prefix}config`,
    {
      metadata: {
        name: config,
        ...at,
        annotations: links({ assumed: "a ConfigMap: the guide shows the file, and not how a pod gets it" }),
      },
      data: { "omendb.toml": OMENDB_TOML },
    },
    { provider },
  );
  new k8s.core.v1.PersistentVolumeClaim(
    `${prefix}claim`,
    {
      metadata: {
        name: CLAIM,
        ...at,
        annotations: links(
          assumed(
            "one claim of 20Gi, ReadWriteOnce: omendb/omen, omendb-rust/k8s/base/pvc.yaml; a zonal disk: the usual default of a cluster",
            mended,
            ["volume"],
          ),
        ),
      },
      spec: claimSpec(mended),
    },
    { provider },
  );
  new k8s.apps.v1.Deployment(
    `${prefix}database`,
    {
      metadata: {
        name: "prod-omendb",
        ...at,
        labels: LABELS,
        annotations: links({
          asset: DATA,
          ...(serves ? promise(mended) : {}),
          ...assumed(
            "mount, probes, anti-affinity and rolling update: omendb/omen at 2c40f0c, k8s/base and k8s/overlays/production; the guide shows none of them",
            mended,
            ["log", "volume", "probes", "corruption"],
          ),
        }),
      },
      spec: {
        replicas: serves ? (mended.has("volume") ? 1 : 3) : 0,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
        selector: { matchLabels: LABELS },
        template: {
          metadata: { labels: LABELS },
          spec: {
            containers: [container(mended)],
            volumes: [
              { name: "data", persistentVolumeClaim: { claimName: CLAIM } },
              { name: "config", configMap: { name: config } },
            ],
            affinity: {
              podAntiAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [
                  {
                    labelSelector: { matchExpressions: [{ key: "app", operator: "In", values: [LABELS.app] }] },
                    topologyKey: "kubernetes.io/hostname",
                  },
                ],
              },
            },
          },
        },
      },
    },
    { provider },
  );
}

function promise(mended: ReadonlySet<Mend>): Record<string, string> {
  return {
    objectives: JSON.stringify(objectives(mended)),
    retention: JSON.stringify({ atLeast: `${RETENTION_DAYS}d` }),
    bytes: String(DATA_BYTES),
  };
}

function claimSpec(mended: ReadonlySet<Mend>): k8s.types.input.core.v1.PersistentVolumeClaimSpec {
  const resources = { requests: { storage: "20Gi" } };
  return mended.has("volume")
    ? { accessModes: ["ReadWriteMany"], storageClassName: CLASSES.zoneRedundant, resources }
    : { accessModes: ["ReadWriteOnce"], storageClassName: CLASSES.zonal, resources };
}

function container(mended: ReadonlySet<Mend>): k8s.types.input.core.v1.Container {
  return {
    name: "omendb",
    image: IMAGE,
    ports: [
      { name: "http", containerPort: 3000 },
      { name: "metrics", containerPort: 9090 },
    ],
    env: [{ name: "OMENDB_AUTH_DISABLED", value: "false" }],
    volumeMounts: [
      { name: "data", mountPath: mountPath(mended) },
      { name: "config", mountPath: "/etc/omendb", readOnly: true },
    ],
    ...probes(mended),
  };
}

function probes(mended: ReadonlySet<Mend>): Partial<k8s.types.input.core.v1.Container> {
  // `tls_enabled` of the guide asks for this scheme; upstream's probes name none.
  const httpGet = { path: "/ready", port: "http", scheme: "HTTPS" };
  if (mended.has("probes")) {
    return {
      livenessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 },
      startupProbe: { httpGet, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 1 },
    };
  }
  return {
    livenessProbe: { httpGet, initialDelaySeconds: 60, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 5 },
    readinessProbe: { httpGet, initialDelaySeconds: 15, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 5 },
    startupProbe: { httpGet, initialDelaySeconds: 30, periodSeconds: 15, timeoutSeconds: 10, failureThreshold: 60 },
  };
}
