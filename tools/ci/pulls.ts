import { type Api, all } from "./api";

/** The run that has ended, as the event `workflow_run` tells it. */
export interface EndedRun {
  html_url: string;
  head_sha: string;
  head_branch: string | null;
  head_repository: { full_name: string; owner: { login: string } } | null;
}

interface Pull {
  number: number;
  head: { sha: string; repo: { full_name: string } | null };
}

/**
 * The open pull request that a run was of; none where it has moved on since, or is closed. GitHub leaves the event's own
 * list empty for forks, and finds no pull request by a commit that is in a fork: the branch finds both.
 */
export async function pullOf(api: Api, run: EndedRun): Promise<number | undefined> {
  if (run.head_repository === null || run.head_branch === null) return undefined;
  const head = encodeURIComponent(`${run.head_repository.owner.login}:${run.head_branch}`);
  const pulls = (await all(api, `/pulls?state=open&head=${head}`)) as Pull[];
  const from = run.head_repository.full_name;
  return pulls.find((pull) => pull.head.sha === run.head_sha && pull.head.repo?.full_name === from)?.number;
}
