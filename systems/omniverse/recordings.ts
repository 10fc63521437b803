import type { RecordingRule } from "../../components/alerts/recordingRules";
import type { Seconds } from "../../recovery/duration";
import { series } from "../alerts/rule";
import { SERVER_CLAIMS, SERVER_FOLDERS } from "./names";
import { assetIds } from "./objectives";

/** What the series under the runbook's names are made from. */
export interface RecordingArgs {
  namespace: string;
  /** Age at which what a job measured counts no more: a Pushgateway forgets nothing. */
  fresh: Seconds;
}

/** What the collector measures, by the word under which it says when. */
const measured = [
  { record: "nucleus_up", pushed: "holdfast_nucleus_up", what: "health" },
  { record: "nucleus_response_seconds", pushed: "holdfast_nucleus_response_seconds", what: "response" },
  { record: "nucleus_active_sessions", pushed: "holdfast_nucleus_sessions", what: "sessions" },
  { record: "postgres_up", pushed: "holdfast_database_up", what: "database" },
] as const;

/** Series under the names that the runbook's alerts and reports use, and no exporter has. */
export function recordingRules({ namespace, fresh }: RecordingArgs): RecordingRule[] {
  const asset = assetIds.database;
  return [
    ...measured.map(({ record, pushed, what }) => {
      const at = series("holdfast_measured_timestamp_seconds", { asset, what });
      const expr = `max(${series(pushed, { asset })}) and on () (time() - max(${at}) <= ${fresh})`;
      return { record, expr, labels: { namespace } };
    }),
    {
      record: "cpu_usage_percent",
      expr: ofNodes(
        namespace,
        `100 * (1 - avg by (instance) (rate(${series("node_cpu_seconds_total", { mode: "idle" })}[2m])))`,
      ),
      labels: { namespace },
    },
    {
      record: "memory_usage_percent",
      expr: ofNodes(
        namespace,
        "100 * (1 - max by (instance) (node_memory_MemAvailable_bytes) / max by (instance) (node_memory_MemTotal_bytes))",
      ),
      labels: { namespace },
    },
    {
      record: "disk_usage_percent",
      expr: ofNodes(namespace, `100 * (1 - ${ofRoot("avail")} / ${ofRoot("size")})`),
      labels: { namespace, mountpoint: "/" },
    },
    ...(Object.keys(SERVER_CLAIMS) as (keyof typeof SERVER_CLAIMS)[]).map((name) => ({
      record: "disk_usage_percent",
      expr: ofClaim(namespace, SERVER_CLAIMS[name]),
      labels: { namespace, mountpoint: SERVER_FOLDERS[name] },
    })),
  ];
}

/** Of the nodes that carry Nucleus: an exporter of nodes names them by their address and port. */
function ofNodes(namespace: string, expr: string): string {
  const carrying = `group by (host_ip) (${series("kube_pod_info", { namespace, pod: "~nucleus-.+" })})`;
  return `label_replace(${expr}, "host_ip", "$1", "instance", "(.+):[0-9]+") and on (host_ip) ${carrying}`;
}

function ofRoot(what: "avail" | "size"): string {
  return `max by (instance) (${series(`node_filesystem_${what}_bytes`, { mountpoint: "/" })})`;
}

/**
 * Against what was asked for: a volume of EFS says that it has room for eight exbibytes
 * (https://github.com/kubernetes-sigs/aws-efs-csi-driver/issues/1242), and its driver says what is used only where it is
 * told to.
 */
function ofClaim(namespace: string, persistentvolumeclaim: string): string {
  const labels = { namespace, persistentvolumeclaim };
  const of = (metric: string) => `max by (persistentvolumeclaim) (${series(metric, labels)})`;
  return `100 * ${of("kubelet_volume_stats_used_bytes")} / ${of("kube_persistentvolumeclaim_resource_requests_storage_bytes")}`;
}
