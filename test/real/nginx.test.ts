import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as https from "node:https";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as tls from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FOLDERS, SERVER_FOLDERS, services } from "../../systems/omniverse/names";
import { proxySettings } from "../../systems/omniverse/proxy";
import { freePort } from "../../tools/freePorts";
import { ensureNginx } from "../../tools/nginx";

let folder = "";
let port = 0;
let pod: ChildProcess;
let said = "";
const at = (name: string) => path.join(folder, name);

/** A certificate of its own for each name, put where the kubelet puts the Secret. */
function renew(name: string): void {
  const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
  const files = ["-keyout", at("tls/tls.key"), "-out", at("tls/tls.crt")];
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"];
  execFileSync("openssl", ["req", ...kind, ...subject, ...files], { stdio: "ignore" });
  fs.copyFileSync(at("tls/tls.crt"), at("tls/ca.crt"));
}

function served(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
      const { CN } = socket.getPeerCertificate().subject;
      socket.destroy();
      resolve(String(CN));
    });
    socket.on("error", reject);
  });
}

const ask = (url: string) =>
  new Promise<number>((resolve, reject) => {
    const options = { port, host: "127.0.0.1", path: url, rejectUnauthorized: false };
    https
      .get(options, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      })
      .on("error", reject);
  });

async function becomes<T>(wanted: T, now: () => Promise<T>): Promise<void> {
  let last: unknown;
  for (let tries = 0; tries < 100; tries++) {
    last = await now().catch((error: Error) => error.message);
    if (last === wanted) return;
    await sleep(100);
  }
  expect({ last, said }).toEqual({ last: wanted, said: "" });
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(tmpdir(), "nginx-"));
  // Where root runs it, nginx gives its workers to somebody else; in a pod all are one.
  for (const name of ["", "tls", "logs", "run"]) {
    fs.mkdirSync(at(name), { recursive: true });
    fs.chmodSync(at(name), 0o777);
  }
  renew("first");
  port = await freePort();
  const settings = proxySettings({ namespace: "here", edge: { idle: "1h" } })
    // First, because it is where this test has its folder.
    .replaceAll(new RegExp(`${FOLDERS.run}(?=[/;])`, "g"), at("run"))
    .replaceAll(FOLDERS.tls, at("tls"))
    .replaceAll(SERVER_FOLDERS.logs, at("logs"))
    .replace(`listen ${services.edge.port} ssl`, `listen 127.0.0.1:${port} ssl`)
    // Nothing is behind it: what it logs is what it could not pass on.
    .replaceAll(/server [a-z.-]+\.svc:\d+;/g, "server 127.0.0.1:1;");
  fs.writeFileSync(at("nginx.conf"), settings);
  pod = spawn(path.resolve(__dirname, "../../systems/omniverse/jobs/proxy.sh"), {
    env: {
      PATH: `${path.dirname(ensureNginx())}:${process.env.PATH}`,
      TZ: "UTC",
      TLS_DIR: at("tls"),
      SETTINGS: at("nginx.conf"),
      LOOK_SECONDS: "0.2",
    },
    // Its loop as well ends with the group.
    detached: true,
  });
  pod.stderr?.on("data", (text: Buffer) => {
    said += text.toString();
  });
  await becomes(200, () => ask("/alive"));
});
afterAll(async () => {
  if (pod.pid !== undefined) process.kill(-pod.pid, "SIGKILL");
  fs.rmSync(folder, { recursive: true });
});

describe("nginx with our settings", () => {
  it("says that it lives by itself, and what the server says of its health", async () => {
    expect(await ask("/alive")).toBe(200);
    expect(await ask("/health")).toBe(502);
  });

  it("writes who asked for what into a file of its pod and day, which grows old as the days pass", async () => {
    expect(await ask("/api/projects")).toBe(502);
    await becomes(1, async () => fs.readdirSync(at("logs")).length);
    const [file = ""] = fs.readdirSync(at("logs"));
    const day = new Date().toISOString().slice(0, 10);
    expect(file).toMatch(
      new RegExp(`^nginx-.+\\.log\\.(${day}|${new Date(Date.now() - 60_000).toISOString().slice(0, 10)})$`),
    );
    await becomes(true, async () => fs.readFileSync(at(`logs/${file}`), "utf8").includes('"GET /api/projects" 502'));
  });

  it("serves a renewed certificate without being started again, and goes on with the old one where a new one is broken", async () => {
    const { pid } = pod;
    expect(await served()).toBe("first");
    renew("second");
    await becomes("second", served);
    fs.writeFileSync(at("tls/tls.crt"), "broken");
    await becomes(true, async () => said.includes("cannot be used"));
    expect(await served()).toBe("second");
    renew("third");
    await becomes("third", served);
    expect([pod.pid, pod.exitCode]).toEqual([pid, null]);
  });

  it("ends when its pod is told to stop", async () => {
    pod.kill("SIGQUIT");
    await becomes(0, async () => pod.exitCode ?? -1);
  });
});
