import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import { withNodeDisk } from "../../components/kubernetes/nodeDisk";
import { placed } from "../../components/kubernetes/placement";
import { restrictedContainer, restrictedPod } from "../../components/kubernetes/security";
import { mountsOf, volumesOf } from "../../components/kubernetes/volume";
import { behindWaits, type ProxiedArgs } from "./edgeConfig";
import { OMNIVERSE_UID, PAGE, SERVICE_LABELS, services, TLS_SECRET } from "./names";
import type { OmniverseSite } from "./site";

/** ConfigMap with the settings of the page's nginx. */
const SETTINGS = "omniverse-page-settings";

const { port, workload: edge } = services.edge;

const volumes = [
  {
    name: "settings",
    mountPath: "/etc/nginx/nginx.conf",
    file: "nginx.conf",
    readOnly: true,
    source: { configMap: SETTINGS },
  },
  { name: "tls", mountPath: "/etc/nucleus/tls", readOnly: true, source: { secret: TLS_SECRET } },
  { name: "run", mountPath: "/tmp", source: { emptyDir: "64Mi" } },
];

/**
 * What people see while a version is deployed, asleep until then: a 503 with its reason on every address but `/health`,
 * which is still the answer of the pods behind. Apart from nginx itself, because that may be what is being replaced.
 */
export function maintenancePage(at: OmniverseSite): void {
  const { prefix, placement, config, parent } = at;
  const { namespace } = placement;
  const settings = pageSettings(config);
  const metadata = (name: string) => ({ name, namespace, labels: PAGE.labels });
  const options = placed(parent, placement);
  const made = new k8s.core.v1.ConfigMap(
    `${prefix}-page-settings`,
    { metadata: metadata(SETTINGS), data: { "nginx.conf": settings } },
    options,
  );
  new k8s.core.v1.Service(
    `${prefix}-page-behind`,
    {
      metadata: metadata(PAGE.behind),
      spec: {
        type: "ClusterIP",
        selector: { ...SERVICE_LABELS, component: "edge" },
        ports: [{ name: "https", port, targetPort: port, protocol: "TCP" }],
      },
    },
    options,
  );
  new k8s.apps.v1.Deployment(
    `${prefix}-page`,
    { metadata: metadata(PAGE.workload), spec: pageSpec(config.images.edge, settings) },
    placed(parent, placement, { dependsOn: [...placement.after, made] }),
  );
}

function pageSpec(image: string, settings: string): k8s.types.input.apps.v1.DeploymentSpec {
  const alive = { httpGet: { path: "/alive", port, scheme: "HTTPS" } };
  const amounts = { cpu: "100m", memory: "64Mi" };
  return {
    replicas: 0,
    selector: { matchLabels: PAGE.labels },
    template: {
      metadata: {
        labels: PAGE.labels,
        annotations: { "checksum/settings": createHash("sha256").update(settings).digest("hex") },
      },
      spec: {
        automountServiceAccountToken: false,
        securityContext: restrictedPod(OMNIVERSE_UID),
        containers: [
          {
            name: "nginx",
            image,
            ports: [{ name: "https", containerPort: port, protocol: "TCP" }],
            readinessProbe: { ...alive, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 2 },
            livenessProbe: { ...alive, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
            resources: withNodeDisk({ requests: amounts, limits: amounts }, volumes),
            securityContext: restrictedContainer,
            volumeMounts: mountsOf(volumes),
          },
        ],
        volumes: volumesOf(volumes),
      },
    },
  };
}

/** Settings of nginx for the page. */
export function pageSettings({ namespace, edge: own }: ProxiedArgs): string {
  return `worker_processes 1;
pid /tmp/nginx.pid;
error_log stderr warn;

events {
  worker_connections 1024;
}

http {
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  access_log off;

  server {
    listen ${port} ssl;
    server_tokens off;
    ssl_certificate /etc/nucleus/tls/tls.crt;
    ssl_certificate_key /etc/nucleus/tls/tls.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    # Longer than the load balancer does.
    keepalive_timeout ${behindWaits(own)}s;

    location = /alive {
      return 200 "alive\\n";
    }

    location = /health {
      proxy_connect_timeout 3s;
      proxy_read_timeout 5s;
      proxy_pass https://${PAGE.behind}.${namespace}.svc:${port};
      proxy_ssl_server_name on;
      proxy_ssl_name ${edge}.${namespace}.svc;
      proxy_ssl_verify on;
      proxy_ssl_trusted_certificate /etc/nucleus/tls/ca.crt;
    }

    location / {
      default_type text/plain;
      # A load balancer with nothing behind it answers 503 as well; this only the page says.
      add_header ${PAGE.mark} maintenance always;
      add_header Retry-After 900 always;
      add_header Cache-Control no-store always;
      return 503 "Omniverse is being maintained. Nothing is lost; please try again later.\\n";
    }
  }
}
`;
}
