import * as k8s from "@pulumi/kubernetes";
import { assumed, links } from "./links";
import { promised } from "./objectives";
import { ASSETS, DATABASE, FOLDERS, GROUP, HOST, IMAGES, NAMESPACE, scripts } from "./runbook";
import type { Mend } from "./variant";

/** A service of the host that keeps data. */
interface Service {
  name: string;
  asset: string;
  image: string;
  folder: string;
  port: number;
  promise: Record<string, string>;
}

/** PostgreSQL and Nucleus on one host, each with its data in a folder of it. */
export function declareHost(mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  declareAt("", mended, provider);
}

/** Mended: the same without pods in another region, for the recovery that is a job there. */
export function declareStandby(mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  declareAt("standby-", mended, provider);
}

const tcpSocket = { port: "service" };

const probes: Partial<k8s.types.input.core.v1.Container> = {
  livenessProbe: { tcpSocket, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 },
  startupProbe: { tcpSocket, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 1 },
};

/** The ConfigMap that carries the runbook's scripts. */
export const SCRIPTS = "runbook-scripts";

function declareAt(prefix: "" | "standby-", mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  new k8s.core.v1.Namespace(`${prefix}namespace`, { metadata: { name: NAMESPACE } }, { provider });
  new k8s.core.v1.ConfigMap(
    `${prefix}scripts`,
    {
      metadata: {
        name: SCRIPTS,
        namespace: NAMESPACE,
        annotations: links({ assumed: "a ConfigMap: the runbook shows the scripts, and not where they lie" }),
      },
      data: scripts(),
    },
    { provider },
  );
  for (const service of services(mended)) {
    new k8s.apps.v1.Deployment(`${prefix}${service.name}`, deployment(service, prefix === "", mended), { provider });
  }
}

function services(mended: ReadonlySet<Mend>): Service[] {
  const apart = mended.has("apart");
  return [
    {
      name: "postgresql",
      asset: DATABASE,
      image: IMAGES.postgres,
      folder: FOLDERS.database,
      port: 5432,
      promise: { ...promised("database", mended), ...(apart ? {} : { group: GROUP, "refers-to": ASSETS }) },
    },
    {
      name: "nucleus-server",
      asset: ASSETS,
      image: IMAGES.nucleus,
      folder: FOLDERS.assets,
      port: 443,
      promise: { ...promised("assets", mended), ...(apart ? {} : { group: GROUP }) },
    },
  ];
}

function deployment(
  { name, asset, image, folder, port, promise }: Service,
  serves: boolean,
  mended: ReadonlySet<Mend>,
): k8s.apps.v1.DeploymentArgs {
  const labels = { app: name };
  return {
    metadata: {
      name,
      namespace: NAMESPACE,
      labels,
      annotations: links({
        asset,
        ...(serves ? promise : {}),
        ...assumed("a Deployment of one pod, tied to its host: the runbook has a service of systemd there", mended, [
          "objectives",
          "probes",
          "apart",
          "recovery",
        ]),
      }),
    },
    spec: {
      replicas: serves ? 1 : 0,
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: { "kubernetes.io/hostname": serves ? HOST : "nucleus-secondary" },
          containers: [
            {
              name,
              image,
              ports: [{ name: "service", containerPort: port }],
              volumeMounts: [{ name: "data", mountPath: folder }],
              ...(mended.has("probes") ? probes : {}),
            },
          ],
          volumes: [{ name: "data", hostPath: { path: folder } }],
        },
      },
    },
  };
}
