import { factsOf } from "./group";

const nodeStatus = { source: "https://kubernetes.io/docs/reference/node/node-status/", read: "2026-11-21" };
const oldNodeStatus = {
  source: "kubernetes/website content/en/docs/reference/node/node-status.md @093c1a7",
  read: "2026-11-21",
};
const taints = {
  source: "https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/",
  read: "2026-11-21",
};
const nodes = { source: "https://kubernetes.io/docs/concepts/architecture/nodes/", read: "2026-11-21" };
const zoneState = {
  source: "kubernetes/kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go",
  read: "2026-11-21",
};
const detach = {
  source: "kubernetes/kubernetes pkg/controller/volume/attachdetach/attach_detach_controller.go",
  read: "2026-11-21",
};
const shutdown = {
  source: "kubernetes/website content/en/docs/concepts/cluster-administration/node-shutdown.md @0637786",
  read: "2025",
};
const lifecycle = { source: "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/", read: "2026-11-21" };
const sdk = { source: "@pulumi/kubernetes 4.34.2 types/input.d.ts", read: "2026-11-21" };
const cronJobs = {
  source: "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/",
  read: "2026-11-21",
};
const jobs = { source: "https://kubernetes.io/docs/concepts/workloads/controllers/job/", read: "2026-11-21" };
const snapshots = { source: "https://kubernetes.io/docs/concepts/storage/volume-snapshots/", read: "2025" };
const disruptions = { source: "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/", read: "2025" };

/** What a Kubernetes cluster does where nobody sets it otherwise. */
export const kubernetes = factsOf("kubernetes", {
  nodeGrace: {
    says: "A node that no longer reports counts as lost after this long, from Kubernetes 1.32 on.",
    value: 50,
    unit: "seconds",
    standing: "design",
    ...nodeStatus,
  },
  olderNodeGrace: {
    says: "Before Kubernetes 1.32 a silent node counted as lost after this long.",
    value: 40,
    unit: "seconds",
    standing: "design",
    ...oldNodeStatus,
  },
  toleration: {
    says: "A pod that names no toleration of its own stays on a lost node for this long.",
    value: 300,
    unit: "seconds",
    standing: "design",
    ...taints,
  },
  forceDetach: {
    says: "A volume that a lost node does not let go is taken from it after this long.",
    value: 360,
    unit: "seconds",
    standing: "design",
    ...detach,
  },
  statefulSetStays: {
    says: "A pod of a StatefulSet stays Terminating on a lost node until a person removes the node or taints it.",
    standing: "none",
    ...shutdown,
  },
  evictionInterval: {
    says: "The pods of one lost node of a zone are evicted each time this has passed.",
    value: 10,
    unit: "seconds",
    standing: "design",
    ...nodes,
  },
  slowEvictionInterval: {
    says: "While most nodes of a zone are lost, a larger cluster evicts the pods of one node each time this has passed.",
    value: 100,
    unit: "seconds",
    standing: "design",
    ...nodes,
  },
  zoneEvictionStop: {
    says: "Once at least this share of a zone's nodes is lost, evictions there slow down or stop.",
    value: 55,
    unit: "percent",
    standing: "design",
    ...nodes,
  },
  smallCluster: {
    says: "Where most of a zone is lost, evictions stop with up to this many nodes and slow down with more.",
    value: 50,
    unit: "count",
    standing: "design",
    ...nodes,
  },
  alwaysEvicted: {
    says: "Up to this many lost nodes never count as most of a zone, whatever their share.",
    value: 2,
    unit: "count",
    standing: "design",
    ...zoneState,
  },
  restartBackOff: {
    says: "A container that ended is started again after this long, doubled each time it ends soon.",
    value: 10,
    unit: "seconds",
    standing: "design",
    ...lifecycle,
  },
  restartBackOffMost: {
    says: "The wait before a container is started again never grows beyond this.",
    value: 300,
    unit: "seconds",
    standing: "design",
    ...lifecycle,
  },
  terminationGrace: {
    says: "A pod that is told to end has this long to do so by itself.",
    value: 30,
    unit: "seconds",
    standing: "design",
    ...lifecycle,
  },
  livenessPeriod: {
    says: "A probe that names no period is tried this often.",
    value: 10,
    unit: "seconds",
    standing: "design",
    ...sdk,
  },
  livenessTimeout: {
    says: "An attempt of a probe that names no timeout fails after this long.",
    value: 1,
    unit: "seconds",
    standing: "design",
    ...sdk,
  },
  livenessFailures: {
    says: "A probe that names no threshold fails after this many failed attempts in a row.",
    value: 3,
    unit: "count",
    standing: "design",
    ...sdk,
  },
  leastStartingDeadline: {
    says: "A CronJob may never run if its startingDeadlineSeconds is below this: the controller looks no more often.",
    value: 10,
    unit: "seconds",
    standing: "design",
    ...cronJobs,
  },
  jobRetries: {
    says: "A Job that names no backoffLimit is tried again this often.",
    value: 6,
    unit: "count",
    standing: "design",
    ...sdk,
  },
  jobBackOff: {
    says: "A Job waits this long before its first new attempt, and twice as long before each further one.",
    value: 10,
    unit: "seconds",
    standing: "design",
    ...jobs,
  },
  jobBackOffMost: {
    says: "The wait before a new attempt of a Job never grows beyond this.",
    value: 360,
    unit: "seconds",
    standing: "design",
    ...jobs,
  },
  disruptionBudget: {
    says: "A PodDisruptionBudget holds back drains and evictions by request, never the loss of a node.",
    standing: "design",
    ...disruptions,
  },
  spreadAnyway: {
    says: "A spread constraint with ScheduleAnyway promises nothing: only DoNotSchedule keeps pods apart.",
    standing: "design",
    ...sdk,
  },
  snapshotDeletion: {
    says: "A VolumeSnapshot with deletionPolicy Delete takes its copy with it: only Retain outlives the namespace.",
    standing: "design",
    ...snapshots,
  },
});
