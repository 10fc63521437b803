import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import type { ResourceGraph } from "../../../../policies/graph";
import type { RunWith } from "../../../support/cronJob";
import type { JobRun } from "../../../support/runToDeadline";
import { canaries, type Estate, makeEstate } from "./fixture";

/** Tokens, which nothing may show. */
export const tokens = { admin: "canary-of-the-administrators", api: "canary-of-the-readers" } as const;

/** What the service, the monitoring and the vendor say; a test changes it. */
export interface Answers {
  /** Status of `/health`, inside and as people see it. */
  health: number;
  secondary: number;
  sessions: unknown;
  users: unknown;
  updates: unknown;
  /** Value by query; null for a query without a series. */
  values: (query: string) => number | null;
  /** Values of a range query by time; an hour that is left out has none. */
  ranges: (query: string) => (time: number) => number | null;
  prometheus: number;
}

/** The estate with Nucleus, Prometheus and the vendor beside it. */
export interface Works extends Estate {
  answers: Answers;
  /** Runs a job of the daily work with all it may call. */
  work(name: string, runWith?: RunWith, site?: "primary" | "secondary"): Promise<JobRun>;
  /** State of the double of nucleus-admin. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON of a double
  admin(change?: (state: any) => void): any;
  /** State of the double of kubectl. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON of a double
  cluster(change?: (state: any) => void): any;
  upgrades(list: unknown): void;
  /** Writes a file of a claim, so many days old. */
  file(inPod: string, body: string, daysOld: number): string;
  end(): void;
}

const healthy = {
  health: 200,
  secondary: 503,
  sessions: { sessions: [{ id: "s1", users: ["ada"], project: "one", idle: 10 }] },
  users: { months: [{ month: "2026-10", users: 12 }] },
  updates: { latest: "2026.3" },
  values: (query: string) => (query.includes("node_load5") ? 1 : 40),
  ranges: (query: string) => () => (query.includes("nucleus_up") ? 1 : 4),
  prometheus: 200,
} satisfies Answers;

export async function makeWorks(graph: ResourceGraph): Promise<Works> {
  const estate = await makeEstate(graph);
  const at = (file: string) => path.join(estate.folder, file);
  for (const folder of ["admin", "kubectl", "apt", "tls"]) fs.mkdirSync(at(folder));
  certificate(at("tls"), 90);
  const answers: Answers = { ...healthy };
  const key = fs.readFileSync(at("tls/tls.key"));
  const cert = fs.readFileSync(at("tls/tls.crt"));
  const inside = await listening(
    https.createServer({ key, cert }, (request, response) => nucleus(answers, request, response)),
  );
  const outside = await listening(http.createServer((request, response) => beside(answers, request, response)));
  const [own, others] = [`https://localhost:${inside.port}`, `http://127.0.0.1:${outside.port}`];

  const written = (file: string) => ({
    read: () => JSON.parse(fs.readFileSync(at(file), "utf8")),
    write: (state: unknown) => fs.writeFileSync(at(file), JSON.stringify(state)),
  });
  const admin = written("admin/state.json");
  admin.write({
    ...tokens,
    sessions: [
      { id: "s1", users: ["ada"], project: "one", idle: 10 },
      { id: "s2", users: ["bob"], project: "two", idle: 7201 },
    ],
    users: [
      { name: "ada", inactive: 0 },
      { name: "gone", inactive: 31 },
    ],
    version: { installed: "2026.1", latest: "2026.3" },
  });
  const kubectl = written("kubectl/state.json");
  const deployment = (name: string) => ({
    metadata: { name, labels: { app: "nucleus" } },
    spec: { replicas: 2 },
    status: { readyReplicas: 2 },
  });
  kubectl.write({
    objects: {
      "deployment/nucleus-server": deployment("nucleus-server"),
      "deployment/nginx": deployment("nginx"),
      "node/a": {
        metadata: { name: "a", labels: { "nvidia.com/cuda.driver-version.full": "550.90" } },
        status: { nodeInfo: { kernelVersion: "6.1" } },
      },
    },
    logs: ["INFO started"],
  });
  const apt = written("apt/upgrades.json");
  apt.write([]);
  const state =
    ({ read, write }: ReturnType<typeof written>) =>
    // biome-ignore lint/suspicious/noExplicitAny: JSON of a double
    (change?: (state: any) => void) => {
      const now = read();
      change?.(now);
      write(now);
      return now;
    };
  const replaced: Record<string, string> = {
    NUCLEUS_URL: own,
    PROMETHEUS_URL: others,
    SITE_URL: `${others}/site`,
    PRIMARY_URL: `${others}/site`,
    SECONDARY_URL: `${others}/secondary`,
    UPDATES_URL: `${others}/updates`,
    SITE_NAME: "localhost",
  };
  const declared = (name: string) => {
    const spec = graph.resources.find(
      (one) => one.type.endsWith(":CronJob") && (one.props.metadata as { name?: string }).name === name,
    );
    return JSON.stringify(spec?.props.spec ?? "");
  };
  return {
    ...estate,
    answers,
    work: (name, more = {}, site) =>
      estate.job(
        name,
        {
          ...more,
          replace: {
            ...Object.fromEntries(Object.entries(replaced).filter(([key]) => declared(name).includes(`"${key}"`))),
            ...more.replace,
          },
          doubles: {
            NUCLEUS_DOUBLE_DIR: at("admin"),
            KUBECTL_DOUBLE_DIR: at("kubectl"),
            APT_DOUBLE_DIR: at("apt"),
            NMAP_DOUBLE_PORTS: "80,443",
            AWS_DOUBLE_DIR: at("aws"),
            PG_DOUBLE_DIR: at("pg"),
            ...(declared(name).includes('"SITE_NAME"') ? { SITE_PORT: String(inside.port) } : {}),
            ...more.doubles,
          },
          secrets: {
            "nucleus-admin-token": { token: tokens.admin },
            "nucleus-api-token": { token: tokens.api },
            "nucleus-tls": { "ca.crt": cert.toString(), "tls.key": "a key that no job is given" },
            ...more.secrets,
          },
        },
        site,
      ),
    admin: state(admin),
    cluster: state(kubectl),
    upgrades: apt.write,
    file: (inPod, body, daysOld) => {
      const file = path.join(estate.folder, "primary", inPod);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, body);
      const then = new Date(Date.now() - daysOld * 86_400_000);
      fs.utimesSync(file, then, then);
      return file;
    },
    end: () => {
      inside.server.close();
      outside.server.close();
      estate.close();
    },
  };
}

/** All that nobody may read in a log. */
export const secrets = [...canaries, ...Object.values(tokens)];

/** Writes `tls.crt` and `tls.key` for `localhost` that end after so many days. */
function certificate(into: string, days: number): void {
  const at = (name: string) => path.join(into, name);
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", String(days)],
      ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
      ...["-keyout", at("tls.key"), "-out", at("tls.crt")],
    ],
    { stdio: "ignore" },
  );
}

async function listening<T extends http.Server | https.Server>(server: T): Promise<{ server: T; port: number }> {
  await new Promise<void>((done) => server.listen(0, "localhost", done));
  return { server, port: (server.address() as AddressInfo).port };
}

function say(response: http.ServerResponse, status: number, body: unknown = {}): unknown {
  return response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** The part of the API of Nucleus that the runbook calls; a request without a token is refused. */
function nucleus(answers: Answers, request: http.IncomingMessage, response: http.ServerResponse): unknown {
  const { pathname, searchParams } = new URL(request.url ?? "", "https://localhost");
  if (pathname === "/health") return say(response, answers.health);
  const shown = (request.headers.authorization ?? "").replace(/^Bearer /, "");
  if (!Object.values(tokens).some((token) => token === shown)) return say(response, 401);
  const unknown = [...searchParams].filter(([name, value]) => name !== "status" || value !== "active");
  if (unknown.length > 0) return say(response, 400);
  if (pathname === "/api/v1/sessions") return say(response, 200, answers.sessions);
  if (pathname === "/api/v1/analytics/users/monthly") return say(response, 200, answers.users);
  return say(response, 404);
}

/** What people see of both sites, what Prometheus answers, and the vendor. */
function beside(answers: Answers, request: http.IncomingMessage, response: http.ServerResponse): unknown {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
  const query = searchParams.get("query") ?? "";
  if (pathname === "/site/health") return say(response, answers.health);
  if (pathname === "/secondary/health") return say(response, answers.secondary);
  if (pathname === "/updates") return say(response, answers.updates === null ? 500 : 200, answers.updates);
  const success = (resultType: string, result: unknown) =>
    say(response, answers.prometheus, { status: "success", data: { resultType, result } });
  if (pathname === "/api/v1/query") {
    const value = answers.values(query);
    const metric = { mountpoint: "/opt/ove/nucleus/logs" };
    return success("vector", value === null ? [] : [{ metric, value: [1, String(value)] }]);
  }
  if (pathname === "/api/v1/query_range") {
    const [start, end] = [Number(searchParams.get("start")), Number(searchParams.get("end"))];
    if (searchParams.get("step") !== "1h" || start % 3600 !== 0) return say(response, 400);
    const hours = Array.from({ length: (end - start) / 3600 + 1 }, (_, hour) => start + hour * 3600);
    const of = answers.ranges(query);
    const values = hours.flatMap((time) => {
      const value = of(time);
      return value === null ? [] : [[time, String(value)]];
    });
    return success("matrix", values.length === 0 ? [] : [{ metric: {}, values }]);
  }
  return say(response, 404);
}
