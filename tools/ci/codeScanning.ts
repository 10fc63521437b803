import { gzipSync } from "node:zlib";
import { type Api, ApiError, call } from "./api";

/** A SARIF log and the commit that it is about. */
export interface Analysis {
  sarif: string;
  commit: string;
  /** `refs/heads/main`, or `refs/pull/7/head`: a merge ref is made anew all the time and may not match its commit. */
  ref: string;
}

/** Hands a log to code scanning; the answer says why not where the repository does not have it. */
export async function uploadSarif(api: Api, { sarif, commit, ref }: Analysis): Promise<string | undefined> {
  try {
    await call(api, "POST", "/code-scanning/sarifs", {
      commit_sha: commit,
      ref,
      sarif: gzipSync(sarif).toString("base64"),
    });
    return undefined;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 403 || error.status === 404)) return error.message;
    throw error;
  }
}
