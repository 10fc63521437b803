import { createHash } from "node:crypto";
import { LeasedDatabase } from "../../components/database/leasedDatabase";
import type { DatabasePodArgs } from "../../components/database/pod";
import { servingSlice } from "../../components/database/traffic";
import { fixedAmounts } from "../../components/kubernetes/nodeDisk";
import { duration } from "../../recovery/duration";
import { jobScripts } from "../jobScripts";
import {
  ACCOUNTS,
  FOLDERS,
  JOB_LABELS,
  labelsOf,
  OMNIVERSE_UID,
  SERVER_CLAIMS,
  SERVER_FOLDERS,
  serviceHost,
  services,
  TLS_SECRET,
  TOOL_LABELS,
  TOOL_PORTS,
} from "./names";
import { ACCOUNTS_ID, accountRetention } from "./objectives";
import {
  baseVolumes,
  claimsOf,
  claimVolume,
  credentialsVolume,
  fetches,
  placeVolume,
  replicasAt,
  startsOf,
  tokenVolumes,
} from "./serverPods";
import type { OmniverseSite } from "./site";
import { callersOf, POSTGRES, portsCalledBy } from "./traffic";

const { workload, port, metrics } = services.server;

const ports = { api: port, metrics, service: TOOL_PORTS.service, dump: TOOL_PORTS.dump };

/** Time that serve.sh leaves itself to report before the kubelet kills the pod. */
const STOP_MARGIN_SECONDS = 2;

/**
 * Nucleus itself: one pod serves, because accounts and tags are files that only one may write; the others wait, started,
 * in the other zones. Metadata and projects are not on its volume.
 */
export function nucleusServer(at: OmniverseSite): LeasedDatabase {
  const { config, site, placement } = at;
  const { namespace, servers, accounts, objectives, dns } = config;
  const hosts = (Object.keys(services) as (keyof typeof services)[]).map((name) => serviceHost(name, namespace));
  return new LeasedDatabase(
    `${at.prefix}-server`,
    {
      placement,
      workload,
      labels: labelsOf("server"),
      kind: "accounts",
      promise: {
        id: ACCOUNTS_ID,
        objectives: objectives.accounts,
        retention: accountRetention,
        bytes: accounts.bytes,
        // Nobody is let in whom Active Directory does not know.
        needs: ["directory"],
      },
      replicas: replicasAt(at),
      starts: startsOf("server", at),
      keep: servers.keep,
      holds: [SERVER_CLAIMS.data],
      pod: serverPod(at),
      serviceAccount: ACCOUNTS.serving,
      lease: servers.lease,
      claims: claimsOf(config),
      traffic: {
        service: workload,
        ports,
        callers: {
          api: [...callersOf("server"), JOB_LABELS],
          metrics: [site.cluster.monitoring.namespace, JOB_LABELS],
          // Whoever may call these reads every account.
          service: [TOOL_LABELS],
          dump: [TOOL_LABELS],
        },
        calls: [POSTGRES, ...portsCalledBy("server")],
      },
      certificate: {
        secret: TLS_SECRET,
        issuer: site.cluster.issuer,
        ...servers.certificate,
        names: ["localhost", ...hosts, dns.endpoints[at.role], dns.name],
      },
    },
    { parent: at.parent },
  );
}

function serverPod(at: OmniverseSite): DatabasePodArgs {
  const { config, site } = at;
  const { servers, images, namespace, assets } = config;
  const scripts = jobScripts("omniverse");
  const probe = (kind: "live" | "ready") => ({ command: [`${FOLDERS.jobs}/probe.sh`, kind] });
  const hash = createHash("sha256");
  for (const file of ["serve.sh", "engine.sh", "credentials.sh", "lib.sh", "common.sh"])
    hash.update(scripts[file] ?? "");
  return {
    container: workload,
    image: images.server,
    command: [`${FOLDERS.jobs}/serve.sh`],
    env: {
      NAMESPACE: namespace,
      LEASE: workload,
      SLICE: servingSlice(workload),
      JOBS_DIR: FOLDERS.jobs,
      RUN_DIR: FOLDERS.run,
      HOME: FOLDERS.run,
      STOP_SECONDS: String(Math.max(1, duration(servers.stopWithin) - STOP_MARGIN_SECONDS)),
      AWS_REGION: site.region,
      // What nucleus reads; files of projects are objects.
      NUCLEUS_DATA: SERVER_FOLDERS.data,
      NUCLEUS_LOGS: SERVER_FOLDERS.logs,
      NUCLEUS_CACHE: SERVER_FOLDERS.cache,
      NUCLEUS_ASSET_BUCKET: at.role === "primary" ? assets.bucket : assets.replica,
      NUCLEUS_PORT: String(port),
      NUCLEUS_METRICS_PORT: String(metrics),
      NUCLEUS_SERVICE_PORT: String(TOOL_PORTS.service),
      NUCLEUS_DUMP_PORT: String(TOOL_PORTS.dump),
      NUCLEUS_TLS_DIR: FOLDERS.tls,
      NUCLEUS_AUTHENTICATION_URL: `https://${serviceHost("authentication", namespace)}:${services.authentication.port}`,
      NUCLEUS_DISCOVERY_URL: `https://${serviceHost("discovery", namespace)}:${services.discovery.port}`,
      NUCLEUS_CREDENTIALS_DIR: FOLDERS.credentials,
      NUCLEUS_ADMIN_TOKEN_FILE: `${FOLDERS.credentials}-admin-token/token`,
      NUCLEUS_API_TOKEN_FILE: `${FOLDERS.credentials}-api-token/token`,
      NUCLEUS_URL: `https://localhost:${port}`,
      NUCLEUS_CA: `${FOLDERS.tls}/ca.crt`,
    },
    podFields: { POD_NAME: "metadata.name", POD_IP: "status.podIP" },
    first: fetches(at, "database"),
    volumes: [
      ...baseVolumes,
      credentialsVolume,
      placeVolume,
      ...tokenVolumes,
      claimVolume("data"),
      claimVolume("logs"),
      claimVolume("cache"),
    ],
    ports,
    probes: {
      startup: { ...probe("live"), ...servers.probes.startup },
      live: { ...probe("live"), ...servers.probes.live },
      ready: { ...probe("ready"), ...servers.probes.ready },
    },
    // A running pod does not see a new serve.sh: a changed checksum rolls the pods.
    annotations: { "checksum/scripts": hash.digest("hex") },
    resources: fixedAmounts(servers.size.server),
    uid: OMNIVERSE_UID,
    tolerate: servers.tolerate,
    stopWithin: servers.stopWithin,
    spreadOver: { zones: site.zones.length, nodes: servers.replicas },
  };
}
