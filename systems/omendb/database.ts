import { createHash } from "node:crypto";
import { LeasedDatabase } from "../../components/database/leasedDatabase";
import type { DatabasePodArgs } from "../../components/database/pod";
import { servingSlice } from "../../components/database/traffic";
import type { ClaimArgs } from "../../components/database/volumeClaims";
import { duration } from "../../recovery/duration";
import { jobScripts } from "../jobScripts";
import { chainRhythm } from "./backups";
import { formulaBytes, guideStorage, scratchBytes, volumeBytes } from "./capacity";
import type { OmendbConfig } from "./config";
import {
  ACCOUNTS,
  CLAIMS,
  CONTAINER,
  FOLDERS,
  JOB_LABELS,
  JOB_USER_SECRET,
  OMENDB_UID,
  POD_LABELS,
  serviceHost,
  TLS_SECRET,
  WORKLOAD,
} from "./names";
import { DATA } from "./objectives";
import type { OmendbSite } from "./site";
import { omendbEnvironment, omendbToml } from "./toml";
import { commonVolumes, dataVolumes, serverVolumes } from "./volumes";

/** The guide's network tuning. */
const sysctls = { "net.core.somaxconn": "4096", "net.ipv4.tcp_max_syn_backlog": "4096" };

/** Time that serve.sh leaves itself to report before the kubelet kills the pod. */
const STOP_MARGIN_SECONDS = 2;

/** OmenDB at a site: serving at the primary, without pods but otherwise whole at the secondary. */
export function omendbDatabase(at: OmendbSite): LeasedDatabase {
  const { prefix, config, site, placement, role } = at;
  const { toml } = config;
  const ports = { https: toml.http.port, metrics: toml.monitoring.prometheus_port };
  const { monitoring, ingressNamespace, issuer } = site.cluster;
  return new LeasedDatabase(
    `${prefix}-database`,
    {
      placement,
      workload: WORKLOAD,
      labels: POD_LABELS,
      jobs: {
        labels: JOB_LABELS,
        pushgateway: { namespace: monitoring.namespace, port: monitoring.pushgatewayPort },
      },
      promise: { id: DATA, objectives: config.objectives, retention: config.retention, bytes: dataBytes(config) },
      replicas: role === "primary" ? config.replicas : 0,
      keep: config.keep,
      pod: omendbPod(config, ports, site.zones.length),
      serviceAccount: ACCOUNTS.serving,
      lease: config.lease,
      claims: claimsOf(config),
      traffic: {
        service: WORKLOAD,
        ports,
        callers: { https: [ingressNamespace, ...config.clients], metrics: [monitoring.namespace] },
      },
      certificate: {
        secret: TLS_SECRET,
        issuer,
        ...config.certificate,
        names: ["localhost", WORKLOAD, serviceHost(config.namespace), site.endpoint, config.dns.name],
      },
      metrics: {
        port: "metrics",
        ...config.scrape,
        selectors: monitoring.selectors,
        serverName: serviceHost(config.namespace),
        user: JOB_USER_SECRET,
      },
    },
    { parent: at.parent },
  );
}

/** Bytes that a restore has to write: data and log by the guide's formula. */
export function dataBytes({ toml }: OmendbConfig): number {
  const { data, wal } = formulaBytes(toml.database.expected_size);
  return data + wal;
}

/** Sizes of the claims: the formula's, not below the guide's machine, unless a stack says more. */
export function claimsOf(config: OmendbConfig): [data: ClaimArgs, wal: ClaimArgs, scratch: ClaimArgs] {
  const records = config.toml.database.expected_size;
  const volumes = volumeBytes(records, guideStorage[config.sizing]);
  const least = volumeBytes(records, guideStorage.minimum);
  const scratch = scratchBytes(records, chainRhythm(config));
  const { storage } = config;
  return [
    {
      claim: CLAIMS.data,
      storageClass: storage.class,
      gib: storage.dataGib ?? gib(volumes.data),
      needs: Math.ceil(least.data),
    },
    {
      claim: CLAIMS.wal,
      storageClass: storage.class,
      gib: storage.walGib ?? gib(volumes.wal),
      needs: Math.ceil(least.wal),
    },
    {
      claim: CLAIMS.scratch,
      storageClass: storage.class,
      gib: storage.scratchGib ?? gib(scratch),
      needs: Math.ceil(scratch),
      protect: false,
    },
  ];
}

function omendbPod(config: OmendbConfig, ports: Record<string, number>, zones: number): DatabasePodArgs {
  const { toml, resources, probes } = config;
  const amounts = { cpu: String(resources.cores), memory: `${resources.memoryMib}Mi` };
  const scripts = jobScripts("omendb");
  const probe = (kind: "live" | "ready") => ({ command: [`${FOLDERS.jobs}/probe.sh`, kind] });
  return {
    container: CONTAINER,
    image: config.image,
    command: [`${FOLDERS.jobs}/serve.sh`],
    env: {
      ...omendbEnvironment(toml),
      NAMESPACE: config.namespace,
      LEASE: WORKLOAD,
      SLICE: servingSlice(WORKLOAD),
      JOBS_DIR: FOLDERS.jobs,
      RUN_DIR: FOLDERS.run,
      OMENDB_CONFIG: FOLDERS.settings,
      OMENDB_URL: `https://localhost:${toml.http.port}`,
      METRICS_URL: `https://localhost:${toml.monitoring.prometheus_port}/metrics`,
      OMENDB_CA: `${FOLDERS.tls}/ca.crt`,
      OMENDB_CURLRC: `${FOLDERS.jobUser}/curlrc`,
      STOP_SECONDS: String(Math.max(1, duration(config.stopWithin) - STOP_MARGIN_SECONDS)),
    },
    podFields: { POD_NAME: "metadata.name", POD_IP: "status.podIP" },
    volumes: [...dataVolumes(false), ...commonVolumes, ...serverVolumes],
    ports,
    probes: {
      // A standby is up as soon as it waits; how long the database may take is the lease's start deadline.
      startup: { ...probe("live"), ...probes.startup },
      live: { ...probe("live"), ...probes.live },
      ready: { ...probe("ready"), ...probes.ready },
    },
    annotations: {
      "checksum/settings": checksumOf(
        omendbToml(toml),
        ...["serve.sh", "engine.sh", "lib.sh", "common.sh"].map((file) => scripts[file]),
      ),
    },
    resources: { requests: amounts, limits: amounts },
    uid: OMENDB_UID,
    ...(config.sysctls ? { sysctls } : {}),
    tolerate: config.tolerate,
    stopWithin: config.stopWithin,
    spreadOver: { zones, nodes: config.replicas },
  };
}

function gib(bytes: number): number {
  return Math.ceil(bytes / 1_073_741_824);
}

/** A running pod does not see new settings or a new serve.sh: a changed checksum rolls the pods. */
function checksumOf(...texts: (string | undefined)[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text}\0`);
  return hash.digest("hex");
}
