import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Arm } from "./arm";
import { Workspace } from "./databricks";
import { Directory, TESTER } from "./directory";
import { EventHubs } from "./events";
import { Insights } from "./insights";
import { Logs } from "./logs";
import { PowerBi } from "./powerBi";
import { Account } from "./storage";
import { KeyVault } from "./vault";
import { type Answer, type Asked, refused, type Service } from "./wire";

/** A call that was made, with the status that it got. */
export interface Call {
  /** `GET /arm/subscriptions/...`: method and path, without the query. */
  line: string;
  status: number;
  query: string;
  body: Buffer;
}

/** A call of a client with a good token, at an address that is known: `name` is the account, vault or workspace. */
export interface ClientCall {
  client: string;
  service: string;
  name: string;
  asked: Asked;
}

/** What goes wrong with the calls that match, so many times. */
interface Failure {
  line: RegExp;
  status: number;
  left: number;
  headers: Record<string, string>;
}

/**
 * Azure, Databricks and Power BI as far as our jobs call them, simulated: one server, with state. It holds what a test
 * declares and nothing else, and refuses what the services themselves refuse: no token or one for something else, a call
 * without a version, a lock that has not ended, a statement of SQL that it does not know.
 */
export class SimulatedAzure {
  readonly arm = new Arm(() => `${this.url}/arm`);
  readonly powerBi = new PowerBi();
  readonly logs = new Logs();
  readonly events = new EventHubs();
  readonly insights = new Insights();
  readonly accounts = new Map<string, Account>();
  readonly vaults = new Map<string, KeyVault>();
  /** Workspaces by the name that their address ends with. */
  readonly workspaces = new Map<string, Workspace>();
  readonly calls: Call[] = [];
  /** Says no where a client may not do what it asks for. @default everybody may who has a token */
  gate: (call: ClientCall) => Answer | undefined = () => undefined;
  private readonly directory = new Directory();
  private readonly failures: Failure[] = [];
  private readonly own: [RegExp, Service][] = [];
  private readonly server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const whole = new URL(request.url ?? "/", "http://localhost");
      const { method = "GET", headers } = request;
      const asked: Asked = {
        method,
        path: whole.pathname,
        query: whole.searchParams,
        headers,
        body: Buffer.concat(parts),
      };
      const { status, body, headers: more } = this.answered(asked);
      this.calls.push({ line: `${method} ${whole.pathname}`, status, query: whole.search, body: asked.body });
      const bytes =
        Buffer.isBuffer(body) || typeof body === "string"
          ? Buffer.from(body)
          : Buffer.from(body === undefined ? "" : JSON.stringify(body));
      response.writeHead(status, { "content-length": bytes.length, ...more });
      response.end(method === "HEAD" ? undefined : bytes);
    });
  });
  private port = 0;

  /** Address of all of it. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Values of the variables that hold addresses, for jobs at a workspace. */
  addresses(workspace: string): Record<string, string> {
    return {
      ARM_URL: `${this.url}/arm`,
      DATABRICKS_URL: this.databricksUrl(workspace),
      POWERBI_URL: `${this.url}/powerbi/v1.0/myorg`,
      LOGS_URL: `${this.url}/logs/v1`,
      BLOB_URL: `${this.url}/blob/%s`,
      VAULT_URL: `${this.url}/vault/%s`,
      EVENTS_URL: `${this.url}/events/%s`,
      INGESTION_URLS: `${this.url}/insights*`,
      AZURE_AUTHORITY_HOST: `${this.url}/login/`,
    };
  }

  databricksUrl(workspace: string): string {
    return `${this.url}/databricks/${workspace}`;
  }

  /** Declares an account; with `lockDays` it keeps every version so long. */
  account(name: string, lockDays?: number): Account {
    return declared(this.accounts, name, () => new Account(lockDays));
  }

  workspace(name: string): Workspace {
    return declared(this.workspaces, name, () => new Workspace());
  }

  vault(name: string): KeyVault {
    return declared(this.vaults, name, () => new KeyVault(() => `${this.url}/vault/${name}`));
  }

  /** The calls whose method and path match fail so many times, as `fail(/^GET .*jobs\/list/, 503)`. */
  fail(
    line: RegExp,
    status: number,
    { times = 1, headers = {} }: { times?: number; headers?: Record<string, string> } = {},
  ): void {
    this.failures.push({ line, status, left: times, headers });
  }

  /** Answers the calls whose method and path match, before the services do. */
  on(line: RegExp, service: Service): void {
    this.own.unshift([line, service]);
  }

  /** How often calls that match were made. */
  count(line: RegExp): number {
    return this.calls.filter((one) => line.test(one.line)).length;
  }

  /** JSON that calls that match were made with. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON as the scripts wrote it
  bodies(line: RegExp): any[] {
    return this.calls.filter((one) => line.test(one.line)).map(({ body }) => JSON.parse(body.toString("utf8")));
  }

  async start(): Promise<this> {
    await new Promise<void>((done) => void this.server.listen(0, "127.0.0.1", done));
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answered(asked: Asked): Answer {
    const line = `${asked.method} ${asked.path}`;
    const failure = this.failures.find((one) => one.left > 0 && one.line.test(line));
    if (failure) {
      failure.left -= 1;
      return { ...refused(failure.status, "Injected"), headers: failure.headers };
    }
    const [, service = "", ...rest] = asked.path.split("/");
    if (service === "login") return this.directory.answer(asked);
    const found = this.service(service, rest);
    if (!found) return refused(404, "NoSuchHost");
    const [audience, within, answer] = found;
    const client = this.directory.callerOf(asked);
    asked.client = client;
    const [name = ""] = rest;
    const wrong =
      this.directory.refuses(asked, audience) ??
      (client === TESTER ? undefined : this.gate({ client, service, name, asked: within(asked) }));
    if (wrong) return wrong;
    for (const [pattern, own] of this.own) {
      const answered = pattern.test(line) ? own(asked) : undefined;
      if (answered) return answered;
    }
    return answer(within(asked));
  }

  /** Audience of a service, what of a call's path is below its address, and how it answers that. */
  private service(
    service: string,
    [name = "", ...rest]: string[],
  ): [audience: string, within: (asked: Asked) => Asked, answer: (asked: Asked) => Answer] | undefined {
    const below = (asked: Asked): Asked => ({ ...asked, path: `/${rest.join("/")}` });
    const all = (asked: Asked): Asked => ({ ...asked, path: `/${[name, ...rest].join("/")}` });
    const [account, workspace, vault] = [this.accounts.get(name), this.workspaces.get(name), this.vaults.get(name)];
    if (service === "arm") return ["https://management.azure.com", all, (asked) => this.arm.answer(asked)];
    if (service === "powerbi")
      return ["https://analysis.windows.net/powerbi/api", all, (asked) => this.powerBi.answer(asked)];
    if (service === "logs") return ["https://api.loganalytics.azure.com", all, (asked) => this.logs.answer(asked)];
    if (service === "events") return ["https://eventhubs.azure.net", below, (asked) => this.events.answer(name, asked)];
    if (service === "insights") return ["https://monitor.azure.com", all, (asked) => this.insights.answer(asked)];
    if (service === "blob" && account) return ["https://storage.azure.com", below, (asked) => account.answer(asked)];
    if (service === "databricks" && workspace)
      return ["2ff814a6-3304-4ab8-85cb-cd0e6f879c1d", below, (asked) => workspace.answer(asked)];
    if (service === "vault" && vault) return ["https://vault.azure.net", below, (asked) => vault.answer(asked)];
    return undefined;
  }
}

/** Starts one for a test. */
export function startAzure(): Promise<SimulatedAzure> {
  return new SimulatedAzure().start();
}

function declared<T>(all: Map<string, T>, name: string, make: () => T): T {
  const found = all.get(name) ?? make();
  all.set(name, found);
  return found;
}
