import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Api } from "../../tools/ci/api";
import { bot } from "../../tools/ci/comment";

/** A comment or an issue as the simulated GitHub keeps it. */
export interface Entry {
  id: number;
  number: number;
  title?: string;
  body: string;
  state: string;
  user: { login: string };
  pull_request?: object;
}

/** A pull request as the simulated GitHub lists it. */
export interface Pull {
  number: number;
  state: "open" | "closed";
  /** `owner:branch`. */
  label: string;
  head: { sha: string; repo: { full_name: string } | null };
}

/** What was asked of it, and what it holds. */
export interface SimulatedGithub {
  api: Api;
  /** Method and path of each call, in order. */
  calls: string[];
  comments: Entry[];
  issues: Entry[];
  pulls: Pull[];
  sarifs: { commit_sha: string; ref: string; sarif: string }[];
  /** Status that code scanning answers with. */
  codeScanning: number;
  stop(): Promise<void>;
}

const token = "token-of-the-test";

/** Answers, on loopback, the calls that a workflow's scripts make, as GitHub documents them: pages, limits, refusals. */
export async function simulateGithub(): Promise<SimulatedGithub> {
  let next = 1;
  const server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      const url = new URL(request.url ?? "", "http://localhost");
      const path = url.pathname.replace("/repos/example/shop", "");
      const method = request.method ?? "";
      github.calls.push(`${method} ${path}`);
      const [status, answer] =
        request.headers.authorization === `Bearer ${token}`
          ? answerTo(method, path, url.searchParams, text === "" ? {} : (JSON.parse(text) as Record<string, string>))
          : [401, { message: "Bad credentials" }];
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });

  function answerTo(
    method: string,
    path: string,
    query: URLSearchParams,
    body: Record<string, string>,
  ): [number, unknown] {
    const page = (entries: readonly unknown[]): [number, unknown] => {
      const size = Number(query.get("per_page") ?? 30);
      const from = (Number(query.get("page") ?? 1) - 1) * size;
      return [200, entries.slice(from, from + size)];
    };
    if ((body.body?.length ?? 0) > 65_536) return [422, { message: "Body is too long (maximum is 65536 characters)" }];
    const of = /^\/issues\/(\d+)\/comments$/.exec(path)?.[1];
    if (of !== undefined && method === "GET") return page(github.comments.filter((one) => one.number === Number(of)));
    if (of !== undefined && method === "POST") return [201, add(github.comments, Number(of), body)];
    const comment = /^\/issues\/comments\/(\d+)$/.exec(path)?.[1];
    if (comment !== undefined && method === "PATCH") return change(github.comments, (one) => one.id, comment, body);
    if (path === "/issues" && method === "GET") return page(github.issues.filter(({ state }) => state === "open"));
    if (path === "/issues" && method === "POST") return [201, add(github.issues, 1000 + next, body)];
    const issue = /^\/issues\/(\d+)$/.exec(path)?.[1];
    if (issue !== undefined && method === "PATCH") return change(github.issues, (one) => one.number, issue, body);
    if (path === "/pulls" && method === "GET") {
      return page(github.pulls.filter((one) => one.state === query.get("state") && one.label === query.get("head")));
    }
    if (path === "/code-scanning/sarifs" && method === "POST") {
      if (github.codeScanning >= 400) return [github.codeScanning, { message: "Code scanning is not enabled" }];
      github.sarifs.push(body as (typeof github.sarifs)[number]);
      return [202, { id: "1" }];
    }
    return [404, { message: "Not Found" }];
  }

  function add(entries: Entry[], number: number, { title, body = "" }: Record<string, string>): Entry {
    const made = { id: next++, number, body, state: "open", user: { login: bot }, ...(title ? { title } : {}) };
    entries.push(made);
    return made;
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const github: SimulatedGithub = {
    api: { url: `http://127.0.0.1:${port}`, token, repository: "example/shop" },
    calls: [],
    comments: [],
    issues: [],
    pulls: [],
    sarifs: [],
    codeScanning: 202,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return github;
}

/** An entry that somebody wrote. */
export function entry(login: string, body: string, number = 7): Entry {
  return { id: 5000 + Math.abs(number) + body.length, number, body, state: "open", user: { login } };
}

function change(
  entries: Entry[],
  key: (entry: Entry) => number,
  wanted: string,
  body: Record<string, string>,
): [number, unknown] {
  const found = entries.find((one) => key(one) === Number(wanted));
  if (found === undefined) return [404, { message: "Not Found" }];
  return [200, Object.assign(found, body)];
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
