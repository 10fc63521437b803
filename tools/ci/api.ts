/** One repository of a GitHub API. */
export interface Api {
  /** `https://api.github.com`, or that of an enterprise server. */
  url: string;
  token: string;
  /** `owner/name`. */
  repository: string;
}

/** What the API said to a call that it did not accept. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const pageSize = 100;

/** The API that a workflow's own variables name. @throws Error for the first variable that is missing. */
export function apiOf(variables: Readonly<Record<string, string | undefined>>): Api {
  const value = (name: string) => {
    const found = variables[name];
    if (!found) throw new Error(`${name} must be set: this runs in a workflow, which sets it`);
    return found;
  };
  return { url: value("GITHUB_API_URL"), token: value("GITHUB_TOKEN"), repository: value("GITHUB_REPOSITORY") };
}

/** Calls `path` below the repository; the answer is its JSON. @throws ApiError with GitHub's own words. */
export async function call(api: Api, method: "GET" | "POST" | "PATCH", path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${api.url}/repos/${api.repository}${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${api.token}`,
      "content-type": "application/json",
      "x-github-api-version": "2022-11-28",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new ApiError(answer.status, `${method} ${path}: ${answer.status} ${wordsOf(text)}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** Every entry of a list, page by page. */
export async function all(api: Api, path: string): Promise<unknown[]> {
  const entries: unknown[] = [];
  const joint = path.includes("?") ? "&" : "?";
  for (let page = 1; ; page++) {
    const found = await call(api, "GET", `${path}${joint}per_page=${pageSize}&page=${page}`);
    if (!Array.isArray(found)) throw new Error(`GET ${path} must answer with a list, got ${typeof found}`);
    entries.push(...found);
    if (found.length < pageSize) return entries;
  }
}

function wordsOf(text: string): string {
  try {
    return String((JSON.parse(text) as { message?: unknown }).message ?? text);
  } catch {
    return text.slice(0, 200);
  }
}
