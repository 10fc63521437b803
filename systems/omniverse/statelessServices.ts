import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import { sized } from "../../components/kubernetes/nodeDisk";
import { placed } from "../../components/kubernetes/placement";
import type { MountedVolume } from "../../components/kubernetes/volume";
import { type Asks, StatelessService } from "../../components/service/statelessService";
import { jobScripts } from "../jobScripts";
import { ACCOUNTS, FOLDERS, labelsOf, OMNIVERSE_UID, SERVER_FOLDERS, serviceHost, services } from "./names";
import { proxySettings } from "./proxy";
import {
  baseVolumes,
  claimVolume,
  credentialsVolume,
  fetches,
  replicasAt,
  type ServiceName,
  startsOf,
  tokenVolumes,
} from "./serverPods";
import type { OmniverseSite } from "./site";

/** ConfigMap with the settings of nginx. */
const PROXY_MAP = "nginx-settings";

/** What of one service differs from the others. */
interface Own {
  command?: string[];
  env: Record<string, string>;
  volumes: MountedVolume[];
  asks: Asks;
  serviceAccount?: string;
  first?: ReturnType<typeof fetches>;
  annotations?: Record<string, string>;
}

/** Everything that keeps nothing: who people are, where services are, what they see, and the door. */
export function statelessServices(at: OmniverseSite): StatelessService[] {
  const settings = proxySettings(at.config);
  const proxy = new k8s.core.v1.ConfigMap(
    `${at.prefix}-proxy-settings`,
    {
      metadata: { name: PROXY_MAP, namespace: at.placement.namespace, labels: labelsOf("edge") },
      data: { "nginx.conf": settings },
    },
    placed(at.parent, at.placement),
  );
  const placement = { ...at.placement, after: [...at.placement.after, proxy] };
  const { servers, images } = at.config;
  return Object.entries(ownOf(at, settings)).map(([key, own]) => {
    const name = key as Exclude<ServiceName, "server">;
    const { workload, port } = services[name];
    return new StatelessService(
      `${at.prefix}-${name}`,
      {
        placement,
        workload,
        labels: labelsOf(name),
        replicas: replicasAt(at),
        starts: startsOf(name, at),
        keep: servers.keep,
        image: images[name],
        ports: { https: port },
        startWithin: servers.startWithin,
        resources: sized(servers.size.other),
        uid: OMNIVERSE_UID,
        tolerate: servers.tolerate,
        zones: at.site.zones.length,
        ...own,
        volumes: [...baseVolumes, ...own.volumes],
      },
      { parent: at.parent },
    );
  });
}

function ownOf(at: OmniverseSite, settings: string): Record<Exclude<ServiceName, "server">, Own> {
  const { directory, namespace, dns } = at.config;
  const address = (name: ServiceName) => `https://${serviceHost(name, namespace)}:${services[name].port}`;
  // What the vendor's services answer at is not documented: a port that takes connections has to do.
  const listens = (name: ServiceName): Asks => ({ port: services[name].port });
  const common = (name: ServiceName) => ({
    NUCLEUS_PORT: String(services[name].port),
    NUCLEUS_TLS_DIR: FOLDERS.tls,
    NUCLEUS_LOGS: SERVER_FOLDERS.logs,
    NUCLEUS_DISCOVERY_URL: address("discovery"),
  });
  return {
    authentication: {
      env: {
        ...common("authentication"),
        // Each site asks its own first; both have two.
        DIRECTORY_URLS: directory[at.role].map(({ host }) => `ldaps://${host}:636`).join(" "),
        DIRECTORY_BASE: directory.base,
        DIRECTORY_USER: directory.user,
        DIRECTORY_PASSWORD_FILE: `${FOLDERS.credentials}/directory-password`,
      },
      volumes: [credentialsVolume, ...tokenVolumes, claimVolume("logs")],
      asks: listens("authentication"),
      serviceAccount: ACCOUNTS.authentication,
      first: fetches(at, "directory"),
    },
    discovery: {
      env: { ...common("discovery"), NUCLEUS_PUBLIC_NAME: dns.name },
      volumes: [claimVolume("logs")],
      asks: listens("discovery"),
    },
    navigator: {
      env: { ...common("navigator"), NUCLEUS_PUBLIC_NAME: dns.name },
      volumes: [claimVolume("logs")],
      asks: listens("navigator"),
    },
    edge: {
      command: [`${FOLDERS.jobs}/proxy.sh`],
      env: { TLS_DIR: FOLDERS.tls },
      volumes: [
        {
          name: "settings",
          mountPath: "/etc/nginx/nginx.conf",
          file: "nginx.conf",
          readOnly: true,
          source: { configMap: PROXY_MAP },
        },
        claimVolume("logs"),
      ],
      // Not /health: without a server behind it, nginx still has something to say.
      asks: { port: services.edge.port, path: "/alive" },
      annotations: {
        "checksum/settings": createHash("sha256")
          .update(settings)
          .update(jobScripts("omniverse")["proxy.sh"] ?? "")
          .digest("hex"),
      },
    },
  };
}
