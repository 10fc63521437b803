import { type Answer, type Asked, ok, refused } from "./wire";

/** The token of the cluster that jobs of the tests exchange. */
export const FEDERATED_TOKEN = "canary-of-the-cluster";

/** The directory: it gives tokens, each for one audience. */
export class Directory {
  private readonly audiences = new Map<string, string>();

  answer({ method, path, body }: Asked): Answer {
    const form = new URLSearchParams(body.toString("utf8"));
    if (method !== "POST" || !path.endsWith("/oauth2/v2.0/token")) return refused(404, "no_such_page");
    if (form.get("client_assertion") !== FEDERATED_TOKEN || !form.get("client_id"))
      return refused(401, "invalid_client");
    const audience = (form.get("scope") ?? "").replace(/\/\.default$/, "");
    const token = `canary-token-${this.audiences.size}`;
    this.audiences.set(token, audience);
    return ok({ access_token: token, expires_in: 3600, token_type: "Bearer" });
  }

  /** What is wrong with the token of a call, for the service that it is meant for. */
  refuses({ headers }: Asked, audience: string): Answer | undefined {
    const token = (headers.authorization ?? "").replace(/^Bearer /, "");
    const given = this.audiences.get(token);
    if (given === undefined) return refused(401, "InvalidAuthenticationToken");
    return given === audience ? undefined : refused(401, "InvalidAuthenticationTokenAudience");
  }
}
