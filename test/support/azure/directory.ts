import { type Answer, type Asked, ok, refused } from "./wire";

/** The token of the cluster that jobs of the tests exchange. */
export const FEDERATED_TOKEN = "canary-of-the-cluster";

/** Who the tests themselves are; no declared identity is called so. */
export const TESTER = "client";

/** The directory: it gives tokens, each to one client and for one audience. */
export class Directory {
  private readonly given = new Map<string, { client: string; audience: string }>();

  answer({ method, path, body }: Asked): Answer {
    const form = new URLSearchParams(body.toString("utf8"));
    if (method !== "POST" || !path.endsWith("/oauth2/v2.0/token")) return refused(404, "no_such_page");
    const client = form.get("client_id");
    if (form.get("client_assertion") !== FEDERATED_TOKEN || !client) return refused(401, "invalid_client");
    const audience = (form.get("scope") ?? "").replace(/\/\.default$/, "");
    const token = `canary-token-${this.given.size}`;
    this.given.set(token, { client, audience });
    return ok({ access_token: token, expires_in: 3600, token_type: "Bearer" });
  }

  /** What is wrong with the token of a call, for the service that it is meant for. */
  refuses(asked: Asked, audience: string): Answer | undefined {
    const given = this.given.get(tokenOf(asked));
    if (given === undefined) return refused(401, "InvalidAuthenticationToken");
    return given.audience === audience ? undefined : refused(401, "InvalidAuthenticationTokenAudience");
  }

  /** Client that a token was given to. */
  callerOf(asked: Asked): string {
    return this.given.get(tokenOf(asked))?.client ?? "";
  }
}

function tokenOf({ headers }: Asked): string {
  return (headers.authorization ?? "").replace(/^Bearer /, "");
}
