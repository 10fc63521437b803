import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { ensureApiServer, ensureEtcd, kubernetesVersion } from "../../tools/kubernetes";
import { goThatBuilds, machineForEach } from "./commands";

const name = `kube-apiserver-${kubernetesVersion}`;
const go = (before = "") => goThatBuilds(`Kubernetes v${kubernetesVersion}`, before);

const here = machineForEach();

describe("kube-apiserver", () => {
  it("is taken from the PATH where it has the pinned version", () => {
    const own = here.put("kube-apiserver", `say("Kubernetes v${kubernetesVersion}")`);
    expect(ensureApiServer()).toBe(own);
    expect(here.cache()).toEqual([]);
  });

  it("is built from source where the PATH has another version, and says so", () => {
    here.put("kube-apiserver", `say("Kubernetes v1.20.0")`);
    expect(() => ensureApiServer()).toThrow(
      "of another version on the PATH (Kubernetes v1.20.0), and building it needs",
    );
    here.put("go", go());
    expect(ensureApiServer()).toBe(path.join(here.env.XDG_CACHE_HOME ?? "", "holdfast", name, "kube-apiserver"));
  });

  it("is built with the parts of Kubernetes that its own module names by folder, and with its version", () => {
    const kept = path.join(here.env.HOME ?? "", "kept");
    here.put("go", go(`fs.copyFileSync("go.mod", ${JSON.stringify(kept)});`));
    ensureApiServer();
    expect(fs.readFileSync(kept, "utf8")).toBe(
      [
        "module holdfast.invalid/build",
        "go 1.25.0",
        `require k8s.io/kubernetes v${kubernetesVersion}`,
        "replace k8s.io/api => k8s.io/api v0.36.3",
        "",
      ].join("\n"),
    );
    const build = here.calls().at(-1) ?? "";
    expect(build).toContain(`-X k8s.io/component-base/version.gitVersion=v${kubernetesVersion} `);
    expect(build).toMatch(/-o \S+ k8s\.io\/kubernetes\/cmd\/kube-apiserver$/);
  });

  it("is built once, and found in the cache from then on, without Go", () => {
    const own = here.put("go", go());
    const built = ensureApiServer();
    fs.rmSync(own);
    expect(ensureApiServer()).toBe(built);
    expect(here.cache()).toEqual([name]);
  });

  it("is built once by two processes that want it at a time", async () => {
    here.put("go", go("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);"));
    const source = path.resolve(__dirname, "../../tools/kubernetes.ts");
    const script = `console.log(require(${JSON.stringify(source)}).ensureApiServer())`;
    const found = await Promise.all([run(script), run(script)]);
    expect(found[0]).toBe(found[1]);
    expect(found[0]).toContain(name);
    expect(here.calls().filter((call) => call.startsWith("go build"))).toHaveLength(1);
    expect(here.cache()).toEqual([name]);
  });

  it("is not taken half built, and nothing of a build that failed is left", () => {
    here.put(
      "go",
      go(`fs.writeFileSync(args[args.indexOf("-o") + 1], "half"); console.error("no space left"); process.exit(1);`),
    );
    expect(() => ensureApiServer()).toThrow(
      `kube-apiserver ${kubernetesVersion} is missing, not on the PATH, and building it with go1.26.8 failed: no space left`,
    );
    expect(here.cache()).toEqual([]);
    here.put("go", go());
    expect(fs.readFileSync(ensureApiServer(), "utf8")).not.toBe("half");
  });

  it("waits for nobody who is gone: the lock of a process that was ended does not count", () => {
    here.put("go", go());
    const folder = path.join(here.env.XDG_CACHE_HOME ?? "", "holdfast");
    fs.mkdirSync(folder);
    // Above the highest number that Linux gives to a process.
    fs.writeFileSync(path.join(folder, `${name}.lock`), "4194305");
    ensureApiServer();
    expect(here.cache()).toEqual([name]);
  });

  it.each([
    ["there is no Go", undefined, "building it needs Go 1.26 or newer on the PATH"],
    ["Go does not run", "process.exit(1)", "building it needs Go 1.26 or newer on the PATH"],
    [
      "the source cannot be fetched",
      `if (args[0] === "env") say("go1.26.8"); else { say(JSON.stringify({ Error: "proxy: 403" })); process.exit(1); }`,
      `k8s.io/kubernetes v${kubernetesVersion} is missing, and go cannot fetch it: proxy: 403`,
    ],
  ])("is named in one line where %s", (_title, body, message) => {
    if (body !== undefined) here.put("go", body);
    expect(() => ensureApiServer()).toThrow(message);
    expect(messageOf(ensureApiServer)).toMatch(/^kube-apiserver.*$/);
  });
});

describe("etcd", () => {
  const downloads = `if (args[0] === "download") fs.writeFileSync("etcd-server.deb", "");`;
  const unpacks = `
    fs.mkdirSync("usr/bin", { recursive: true });
    fs.writeFileSync("usr/bin/etcd", "#!${process.execPath}", { mode: 0o755 });
  `;

  it("is taken out of Debian's package, which is not installed", () => {
    here.put("apt-get", downloads);
    here.put("dpkg-deb", unpacks);
    expect(ensureEtcd()).toBe(path.join(here.env.XDG_CACHE_HOME ?? "", "holdfast", "etcd", "etcd"));
    expect(here.calls()).toEqual(["apt-get download etcd-server", "dpkg-deb --extract etcd-server.deb ."]);
    expect(fs.readdirSync(path.dirname(ensureEtcd()))).toEqual(["etcd"]);
  });

  it("is built from source where there is no such package", () => {
    here.put("apt-get", `console.error("E: Unable to locate package etcd-server"); process.exit(100);`);
    here.put("sudo", "process.exit(1)");
    expect(() => ensureEtcd()).toThrow(
      "etcd is missing, apt-get cannot download it: E: Unable to locate package etcd-server, and building it needs Go",
    );
    here.put("go", goThatBuilds("etcd Version: 3"));
    ensureEtcd();
    expect(here.calls().at(-1)).toMatch(/^go build .* go\.etcd\.io\/etcd\/server\/v3$/);
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

/** What a process of its own prints, in the environment of this one. */
function run(script: string): Promise<string> {
  const child = spawn(process.execPath, ["--require", require.resolve("tsx/cjs"), "--eval", script]);
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (data: Buffer) => {
      said += data.toString();
    });
    child.on("error", reject).on("close", () => resolve(said.trim()));
  });
}
