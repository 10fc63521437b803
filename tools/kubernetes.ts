import * as fs from "node:fs";
import * as path from "node:path";
import { goBuild, goModule } from "./go";
import { cached, findOnPath, say, unpack } from "./packages";

/** The version of Kubernetes that the tests ask; its staging modules are of version 0.36.3. */
export const kubernetesVersion = "1.36.3";

/** Absolute paths of the commands that make an API server. */
export interface Kubernetes {
  apiServer: string;
  etcd: string;
}

/** Built where Debian's package cannot be had. */
const etcdSource = {
  name: "etcd",
  main: "go.etcd.io/etcd/server/v3",
  modules: { "go.etcd.io/etcd/server/v3": "v3.6.8" },
};

/**
 * Finds what the API server of Kubernetes needs, or obtains it.
 * @throws Error with one line that names what is missing.
 */
export function ensureKubernetes(): Kubernetes {
  return { apiServer: ensureApiServer(), etcd: ensureEtcd() };
}

/**
 * Finds kube-apiserver of the pinned version, or obtains it: from the PATH, else by building it from source (some three
 * minutes, once). Kubernetes publishes no packages of it.
 * @returns its absolute path.
 * @throws Error with one line that names what is missing.
 */
export function ensureApiServer(): string {
  const own = findOnPath("kube-apiserver");
  const said = own === undefined ? undefined : say(own, ["--version"]);
  if (own !== undefined && said?.last === `Kubernetes v${kubernetesVersion}`) return own;
  const folder = cached(`kube-apiserver-${kubernetesVersion}`, (into) => {
    const otherwise = own === undefined ? "not on the PATH" : `of another version on the PATH (${said?.last})`;
    const modules = { "k8s.io/kubernetes": `v${kubernetesVersion}` };
    const name = `kube-apiserver ${kubernetesVersion}`;
    const main = "k8s.io/kubernetes/cmd/kube-apiserver";
    goBuild({ name, main, modules, replace: staging, variables }, path.join(into, "kube-apiserver"), otherwise);
  });
  return path.join(folder, "kube-apiserver");
}

/**
 * Finds etcd, in which the API server keeps its objects, or obtains it: from the PATH, from Debian's package of the
 * server, else by building it from source.
 * @returns its absolute path.
 * @throws Error with one line that names what is missing.
 */
export function ensureEtcd(): string {
  const own = findOnPath("etcd");
  if (own !== undefined && say(own, ["--version"]).ok) return own;
  const folder = cached("etcd", (into) => {
    const refused = unpack("etcd-server", "usr/bin/etcd", into);
    if (refused !== undefined) goBuild(etcdSource, path.join(into, "etcd"), refused);
  });
  return path.join(folder, "etcd");
}

const [major, minor, patch] = kubernetesVersion.split(".");

/** Which the API server says of itself, and goes by where features depend on the version. */
const variables = {
  "k8s.io/component-base/version.gitVersion": `v${kubernetesVersion}`,
  "k8s.io/component-base/version.gitMajor": `${major}`,
  "k8s.io/component-base/version.gitMinor": `${minor}`,
};

/** Kubernetes names its own parts by folders of its repository; each is published as a module too. */
function staging(): Record<string, string> {
  const folder = goModule("kube-apiserver", { module: "k8s.io/kubernetes", version: `v${kubernetesVersion}` });
  const text = fs.readFileSync(path.join(folder, "go.mod"), "utf8");
  const parts = [...text.matchAll(/^\s*(\S+) => \.\/staging\/src\//gm)].map((match) => match[1] ?? "");
  return Object.fromEntries(parts.map((part) => [part, `${part} v0.${minor}.${patch}`]));
}
