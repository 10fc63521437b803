import { generateKeyPairSync, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureCrds } from "../../../tools/crds";
import { freePorts } from "../../../tools/freePorts";
import { ensureKubernetes } from "../../../tools/kubernetes";
import { type Access, connect, type KubeObject } from "./client";
import { type Started, start } from "./process";

/** A running API server of Kubernetes. */
export interface Cluster extends Access {
  stop(): Promise<void>;
}

const startLimit = 60_000;

/**
 * Starts an empty cluster on loopback that consists of the real API server, with the kinds of the operators, and etcd;
 * no controller and no node takes part: objects are validated, defaulted and kept, and nothing comes of them.
 * @throws Error when it does not answer.
 */
export async function startCluster(): Promise<Cluster> {
  const { apiServer, etcd } = ensureKubernetes();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-cluster-"));
  const processes: Started[] = [];
  const stop = async () => {
    process.off("exit", kill);
    await Promise.all(processes.map((one) => one.end()));
    fs.rmSync(folder, { recursive: true, force: true });
  };
  const kill = () => {
    for (const one of processes) void one.end();
    fs.rmSync(folder, { recursive: true, force: true });
  };
  process.on("exit", kill);
  try {
    const [store, peers, port] = await freePorts(3);
    const storeUrl = `http://127.0.0.1:${store}`;
    processes.push(start(etcd, folder, etcdArgs(storeUrl, `http://127.0.0.1:${peers}`)));
    const token = randomUUID();
    processes.push(start(apiServer, folder, apiServerArgs(folder, storeUrl, token, `${port}`)));
    const access = await ready(processes, folder, `https://127.0.0.1:${port}`, token);
    return { ...access, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function etcdArgs(clients: string, peers: string): string[] {
  return [
    "--data-dir=etcd",
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
    // Nothing here outlives the machine.
    "--unsafe-no-fsync",
  ];
}

function apiServerArgs(folder: string, store: string, token: string, port: string): string[] {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text, { mode: 0o600 });
  write("accounts.pub", publicKey);
  write("accounts.key", privateKey);
  write("tokens.csv", `${token},tests,1,system:masters\n`);
  return [
    `--etcd-servers=${store}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    // The certificate that the server makes for itself.
    "--cert-dir=certificates",
    "--service-account-issuer=https://holdfast.invalid",
    "--service-account-key-file=accounts.pub",
    "--service-account-signing-key-file=accounts.key",
    "--service-cluster-ip-range=10.0.0.0/16",
    "--token-auth-file=tokens.csv",
    "--authorization-mode=RBAC",
  ];
}

/** Waits until the server answers, and gives it the kinds of the operators. */
async function ready(processes: readonly Started[], folder: string, url: string, token: string): Promise<Access> {
  const certificate = path.join(folder, "certificates", "apiserver.crt");
  const end = Date.now() + startLimit;
  const waitFor = async (what: string, holds: () => Promise<boolean>) => {
    for (; !(await holds()); await sleep(100)) {
      const ended = processes.find((one) => one.ended());
      if (ended !== undefined) throw new Error(`${ended.name} ended: ${ended.said()}`);
      if (Date.now() > end) throw new Error(`kube-apiserver ${what}: ${processes.at(-1)?.said()}`);
    }
  };
  // Read anew each time, as it may be half written.
  const read = (): Access => ({
    url,
    authority: fs.existsSync(certificate) ? fs.readFileSync(certificate, "utf8") : "",
    token,
  });
  let access = read();
  let client = connect(access);
  try {
    // Until it listens, and has made its own first objects.
    await waitFor("does not answer", async () => {
      client.close();
      access = read();
      client = connect(access);
      return (await client.list("v1", "Namespace").catch((): string[] => [])).includes("default");
    });
    const definitions = ensureCrds();
    for (const definition of definitions) {
      const applied = await client.apply(definition as unknown as KubeObject);
      if (!applied.ok) throw new Error(`kube-apiserver refuses ${definition.metadata.name}: ${applied.message}`);
    }
    for (const { metadata, spec } of definitions) {
      for (const { name } of spec.versions.filter((version) => version.served)) {
        const served = () => client.serves(`${spec.group}/${name}`, spec.names.kind);
        await waitFor(`does not serve ${metadata.name}`, served);
      }
    }
    return access;
  } finally {
    client.close();
  }
}
