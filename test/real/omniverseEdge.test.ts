import { once } from "node:events";
import * as fs from "node:fs";
import type { IncomingMessage } from "node:http";
import * as https from "node:https";
import * as os from "node:os";
import * as path from "node:path";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Resource } from "../../policies/graph";
import { loadGraph } from "../../preview/offline";
import { FOLDERS, PAGE, SERVER_FOLDERS, serviceHost, services } from "../../systems/omniverse/names";
import { freePort } from "../../tools/freePorts";
import { checkSettings, type Nginx, startNginx } from "../../tools/nginx";
import { jobsPath, makeCertificate, run } from "../support/doubles";
import { kindOf, metadataOf, ofSystem } from "../systems/declared";

const NAMESPACE = "omniverse-prod";
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "edge-"));
const at = (file: string) => path.join(folder, file);
type Service = Exclude<keyof typeof services, "edge">;
const behind: readonly Service[] = ["server", "navigator", "discovery", "authentication"];

/** How the double of a service answers, besides its name: a service of Nucleus is not to be had. */
let health = 200;
/** Bytes of a large file, and whether somebody has taken all of them off the service. */
const LARGE = 64 * 1024 * 1024;
let taken = false;
const servers: https.Server[] = [];
const running: Nginx[] = [];
const ports = {} as Record<Service | "proxy" | "page" | "plain", number>;
let ca: Buffer;

/** One service of Nucleus as a double: says who it is, takes WebSockets, and sends a large file. */
function double(name: string, tls: string): https.Server {
  const server = https.createServer({
    key: fs.readFileSync(`${tls}/tls.key`),
    cert: fs.readFileSync(`${tls}/tls.crt`),
  });
  server.on("request", (request, response) => {
    if (request.url === "/health") return void response.writeHead(health).end(name);
    if (request.url !== "/omni/large") return void response.end(`${name} ${request.url}`);
    taken = false;
    response.end(Buffer.alloc(LARGE), () => {
      taken = true;
    });
  });
  server.on("upgrade", (request, socket: Duplex) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${request.headers.upgrade}\r\nConnection: Upgrade\r\n\r\n`,
    );
    socket.pipe(socket);
  });
  servers.push(server);
  return server;
}

async function listen(name: keyof typeof ports, server: https.Server): Promise<void> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  ports[name] = typeof address === "object" && address ? address.port : 0;
}

/** Declared settings of nginx, with addresses and folders of this machine and all else as it is declared. */
function placed(resources: readonly Resource[], map: string, port: number): string {
  const declared = resources.find(
    (one) => kindOf(one.type) === "ConfigMap" && one.provider?.name === "primary" && metadataOf(one).name === map,
  );
  if (declared === undefined) throw new Error(`no ConfigMap ${map}`);
  let text = String((declared.props.data as unknown as Record<string, string>)["nginx.conf"]);
  const replace = (from: string, to: string) => {
    expect(text).toContain(from);
    text = text.replaceAll(from, to);
  };
  replace(`listen ${services.edge.port} ssl`, `listen 127.0.0.1:${port} ssl`);
  replace(FOLDERS.tls, at("tls"));
  // The folders that pods may write to.
  text = text.replaceAll(/(_path|pid) \/tmp\//g, `$1 ${folder}/`);
  if (map === "nginx-settings") {
    for (const name of behind) {
      replace(`${serviceHost(name, NAMESPACE)}:${services[name].port};`, `127.0.0.1:${ports[name]};`);
    }
    replace(SERVER_FOLDERS.logs, folder);
  } else replace(`https://${PAGE.behind}.${NAMESPACE}.svc:${services.edge.port}`, `https://127.0.0.1:${ports.proxy}`);
  const settings = at(`${map}.conf`);
  fs.writeFileSync(settings, text);
  return settings;
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

async function ask(port: number, url: string): Promise<Answer> {
  const request = https.get({ host: "localhost", port, path: url, ca, agent: false });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let body = "";
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

const checks: Record<string, { ok: boolean; output: string }> = {};
beforeAll(async () => {
  const { graph } = await loadGraph({ program: path.resolve(__dirname, "../.."), stack: "prod" });
  const own = ofSystem(graph.resources, "omniverse");
  const certificate = own.find((one) => kindOf(one.type) === "Certificate" && one.provider?.name === "primary");
  if (certificate === undefined) throw new Error("no Certificate of the services");
  const { dnsNames } = certificate.props.spec as unknown as { dnsNames: string[] };
  makeCertificate(at("tls"), dnsNames);
  makeCertificate(at("stranger"), ["stranger"]);
  // Both are trusted, so that what refuses the stranger is its name.
  ca = Buffer.concat([fs.readFileSync(at("tls/tls.crt")), fs.readFileSync(at("stranger/tls.crt"))]);
  fs.writeFileSync(at("tls/ca.crt"), ca);
  fs.chmodSync(folder, 0o755);
  for (const name of behind) await listen(name, double(name, name === "discovery" ? at("stranger") : at("tls")));
  const plain = https.createServer({
    key: fs.readFileSync(at("tls/tls.key")),
    cert: fs.readFileSync(at("tls/tls.crt")),
  });
  plain.on("request", (_, response) => void response.writeHead(503).end());
  servers.push(plain);
  await listen("plain", plain);
  for (const [name, map] of [
    ["proxy", "nginx-settings"],
    ["page", "omniverse-page-settings"],
  ] as const) {
    ports[name] = await freePort();
    const settings = placed(own, map, ports[name]);
    checks[name] = checkSettings(settings);
    running.push(await startNginx(settings, ports[name]));
  }
});
beforeEach(() => {
  health = 200;
});
afterAll(async () => {
  for (const one of running) await one.stop();
  for (const one of servers) {
    one.closeAllConnections();
    one.close();
  }
  fs.rmSync(folder, { recursive: true, force: true });
});

describe("nginx, as it is declared", () => {
  it.each(["proxy", "page"])("takes the settings of the %s, without a warning", (name) => {
    expect(checks[name]?.output).toMatch(/syntax is ok[\s\S]*test is successful/);
    expect(checks[name]?.output).not.toMatch(/\[(warn|emerg)\]/);
    expect(checks[name]?.ok).toBe(true);
  });

  it("answers /health as the server does, and /alive by itself", async () => {
    expect(await ask(ports.proxy, "/health")).toMatchObject({ status: 200, body: "server" });
    health = 503;
    expect(await ask(ports.proxy, "/health")).toMatchObject({ status: 503, body: "server" });
    expect(await ask(ports.proxy, "/alive")).toMatchObject({ status: 200, body: "alive\n" });
  });

  it.each([
    ["/omni/auth/login", "authentication"],
    ["/omni/api", "server"],
    ["/api/v1/sessions", "server"],
    ["/anything", "navigator"],
  ])("leads %s to the service %s", async (url, service) => {
    expect(await ask(ports.proxy, url)).toMatchObject({ status: 200, body: `${service} ${url}` });
  });

  it("trusts no service whose certificate names another", async () => {
    expect((await ask(ports.proxy, "/omni/discovery")).status).toBe(502);
    expect(running[0]?.said()).toContain("nucleus-discovery.omniverse-prod.svc");
  });

  it("passes a WebSocket through, both ways", async () => {
    const socket = connect({ host: "localhost", port: ports.proxy, ca, servername: "localhost" });
    await once(socket, "secureConnect");
    socket.write("GET /omni/api HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    const [head] = (await once(socket, "data")) as [Buffer];
    expect(String(head)).toMatch(/^HTTP\/1.1 101 /);
    socket.write("are you there");
    const [echo] = (await once(socket, "data")) as [Buffer];
    expect(String(echo)).toBe("are you there");
    socket.destroy();
  });

  it("passes a file on as it comes, and keeps none of it", async () => {
    const request = https.get({ host: "localhost", port: ports.proxy, path: "/omni/large", ca, agent: false });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    // Nobody reads: what nginx took all the same would lie in its pod, which has no room for it.
    await sleep(2_000);
    expect(taken).toBe(false);
    let bytes = 0;
    for await (const chunk of response) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(LARGE);
  });
});

describe("the page of a deployment", () => {
  it("says by a mark that it is the page, and passes /health to what is behind it", async () => {
    const page = await ask(ports.page, "/omni/api");
    expect(page).toMatchObject({
      status: 503,
      headers: { "retry-after": "900", [PAGE.mark.toLowerCase()]: "maintenance" },
    });
    expect(page.body).toContain("being maintained");
    expect(await ask(ports.page, "/health")).toMatchObject({ status: 200, body: "server" });
    health = 503;
    const sick = await ask(ports.page, "/health");
    expect([sick.status, sick.headers[PAGE.mark.toLowerCase()]]).toEqual([503, undefined]);
  });

  it.each(["page", "plain", "proxy"] as const)("is told from what else answers 503 by the jobs: %s", async (name) => {
    const { code, stderr } = await run(
      ["bash", "-c", 'source "$JOBS_DIR/lib.sh"; source "$JOBS_DIR/release.sh"; page_shown'],
      {
        env: {
          JOBS_DIR: jobsPath("omniverse"),
          HOME: folder,
          CURL_CA_BUNDLE: at("tls/ca.crt"),
          SITE_URL: `https://localhost:${ports[name]}`,
          PAGE_MARK: PAGE.mark,
          ...{
            EDGE_SERVICE: "nginx",
            PAGE: PAGE.workload,
            PAGE_REPLICAS: "2",
            PAGE_SELECTOR: "{}",
            RELEASE_PREFIX: "x",
            HEALTH_SECONDS: "0",
          },
        },
      },
    );
    expect([code, stderr]).toEqual([name === "page" ? 0 : 1, ""]);
  });
});
