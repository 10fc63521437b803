import { compare, sumOf } from "../bound";
import type { Disruption } from "../objective";
import type { Asset, Path, Step, Term } from "../plan";
import type { Session } from "./session";
import { setWith, struckWith } from "./struck";
import { strikesToo } from "./ways";

/**
 * What steps of a recovery may have to wait for while other assets recover at the same time: each step there that shares
 * something with one of these counts once. Of the paths of another asset the worst counts, and none where one of both
 * recoveries begins when the other is over.
 */
export function turnTerms(
  session: Session,
  asset: Asset,
  disruption: Disruption,
  path: Path,
  steps: readonly Step[] = path.steps,
): Term[] {
  const about = session.about(asset.id);
  if (about?.takesTurns !== true) return [];
  const used = new Set(steps.flatMap(({ uses = [] }) => uses));
  if (used.size === 0) return [];
  return session.plan.assets.flatMap((other) => {
    if (other.id === asset.id || !goesBack(session, other, asset, disruption)) return [];
    if (isAfter(session, asset, path, other.id, disruption)) return [];
    let worst: Term[] = [];
    for (const rival of session.about(other.id)?.paths ?? []) {
      if (!rival.disruptions.includes(disruption) || rival.excluded[disruption] !== undefined) continue;
      if (isAfter(session, other, rival, asset.id, disruption)) continue;
      const terms = rival.steps
        .filter(({ uses = [] }) => uses.some((one) => used.has(one)))
        .map(({ name, bound }) => ({ ...bound, name: `${name} of ${other.id}, which shares something with these` }));
      if (compare(sumOf(terms), sumOf(worst)) > 0) worst = terms;
    }
    return worst;
  });
}

/** Whether another asset recovers too: it is struck, or may have to go back to fit what is. */
function goesBack(session: Session, other: Asset, asset: Asset, disruption: Disruption): boolean {
  return setWith(session, asset).includes(other) || struckWith(session, other, asset, disruption) !== undefined;
}

/** Whether the steps of a path begin when another asset is back, be it because of others that wait for it. */
function isAfter(session: Session, asset: Asset, path: Path, other: string, disruption: Disruption): boolean {
  const protection = session.about(asset.id)?.protections.find(({ id }) => id === path.protection);
  const origin = protection?.kind === "rebuild" ? [protection.from] : [];
  const seen = new Set<string>();
  const open = [...(asset.dependsOn ?? []), ...origin].map((id) => ({ id, by: asset }));
  for (const { id, by } of open) {
    const next = session.about(id)?.asset;
    // What is not struck is not waited for.
    if (next === undefined || seen.has(id) || !strikesToo(next, by, disruption)) continue;
    if (id === other) return true;
    seen.add(id);
    open.push(...(next.dependsOn ?? []).map((one) => ({ id: one, by: next })));
  }
  return false;
}
