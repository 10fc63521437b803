import { type Api, all, call } from "./api";

/** Whom the token of a workflow speaks as. */
export const bot = "github-actions[bot]";

/** First line of what is ours; readers do not see it. */
export const marker = "<!-- holdfast -->";

/** A text under one number: a pull request or an issue. */
export interface Comment {
  number: number;
  /** Begins with the marker, by which it is found again. */
  body: string;
}

interface Found {
  id: number;
  body: string | null;
  user: { login: string } | null;
}

/** Writes the comment, over the one that was written before: there is never a second. */
export async function upsertComment(api: Api, { number, body }: Comment): Promise<"created" | "updated" | "unchanged"> {
  const comments = (await all(api, `/issues/${number}/comments`)) as Found[];
  // Anybody can write the marker; only the workflow writes as the bot.
  const own = comments.find((one) => one.user?.login === bot && one.body?.startsWith(marker));
  if (own === undefined) {
    await call(api, "POST", `/issues/${number}/comments`, { body });
    return "created";
  }
  if (own.body === body) return "unchanged";
  await call(api, "PATCH", `/issues/comments/${own.id}`, { body });
  return "updated";
}
