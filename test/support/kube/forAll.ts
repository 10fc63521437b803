import { afterAll, beforeAll } from "vitest";
import { type KubernetesBackend, kubernetesOf } from "../provider/kubernetes";
import { connect, type KubeClient } from "./client";
import { type Cluster, startCluster } from "./cluster";

/** What the tests of a file share. */
export interface SharedCluster {
  readonly cluster: Cluster;
  readonly client: KubeClient;
  /** The simulated provider's part that asks it. */
  readonly kubernetes: KubernetesBackend;
  /** What it warned the provider of. */
  readonly warnings: string[];
}

/** An empty cluster for all tests of a file, there from the first test or hook on. */
export function clusterForAll(): SharedCluster {
  const warnings: string[] = [];
  let started: Omit<SharedCluster, "warnings"> | undefined;
  beforeAll(async () => {
    const cluster = await startCluster();
    const kubernetes = kubernetesOf(cluster, (text) => warnings.push(text));
    started = { cluster, client: connect(cluster), kubernetes };
  });
  afterAll(async () => {
    started?.kubernetes.close();
    started?.client.close();
    await started?.cluster.stop();
  });
  const there = () => {
    if (started === undefined) throw new Error("the cluster has not been started yet");
    return started;
  };
  return {
    get cluster() {
      return there().cluster;
    },
    get client() {
      return there().client;
    },
    get kubernetes() {
      return there().kubernetes;
    },
    warnings,
  };
}
