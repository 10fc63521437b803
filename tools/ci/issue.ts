import { type Api, all, call } from "./api";
import { bot } from "./comment";

/** Something that is wrong until it is right again. */
export interface Trouble {
  title: string;
  /** First line of the body, by which the issue is found again; readers do not see it. */
  marker: string;
  /** What is wrong; nothing when all is well. */
  body?: string;
}

interface Found {
  number: number;
  body: string | null;
  user: { login: string } | null;
  pull_request?: object;
}

/** Opens an issue, writes it anew while the trouble lasts, and closes it when it is over: there is never a second. */
export async function upsertIssue(
  api: Api,
  { title, marker, body }: Trouble,
): Promise<"opened" | "updated" | "closed" | "quiet"> {
  const issues = (await all(api, "/issues?state=open")) as Found[];
  const own = issues.find(
    (one) => one.pull_request === undefined && one.user?.login === bot && one.body?.startsWith(marker),
  );
  if (body === undefined) {
    if (own === undefined) return "quiet";
    await call(api, "PATCH", `/issues/${own.number}`, { state: "closed", state_reason: "completed" });
    return "closed";
  }
  const text = { title, body: `${marker}\n${body}` };
  if (own === undefined) {
    await call(api, "POST", "/issues", text);
    return "opened";
  }
  await call(api, "PATCH", `/issues/${own.number}`, text);
  return "updated";
}
