import type { Disruption } from "../objective";
import type { Asset } from "../plan";
import type { Session } from "./session";
import { strikesToo } from "./ways";

/** An asset and all that it must fit together with: what strikes one of them may take all of them back. */
export function setWith(session: Session, asset: Asset): Asset[] {
  const members = session.about(asset.id)?.group?.members ?? [];
  const others = members.flatMap(({ asset: id }) => (id === asset.id ? [] : (session.about(id)?.asset ?? [])));
  return [asset, ...others];
}

/**
 * What takes another asset back when one is struck, or is taken back itself: the other, or one that it must fit, which is
 * struck at the same time. Undefined where nothing does.
 */
export function struckWith(session: Session, other: Asset, asset: Asset, disruption: Disruption): Asset | undefined {
  const own = setWith(session, asset);
  // Which members of one set go back is told by the way of the set.
  if (own.includes(other)) return strikesToo(other, asset, disruption) ? other : undefined;
  return setWith(session, other).find((one) => own.some((struck) => strikesToo(one, struck, disruption)));
}

/**
 * What takes the source of derived data back, as `struckWith` tells: the source itself, or one that it refers to and must
 * not be newer than.
 */
export function sourceStruckWith(
  session: Session,
  source: Asset,
  asset: Asset,
  disruption: Disruption,
): Asset | undefined {
  // Damage of what is derived may have come from its source.
  if (disruption === "corruption") return source;
  const own = setWith(session, asset);
  if (own.includes(source)) return struckWith(session, source, asset, disruption);
  const members = session.about(source.id)?.group?.members ?? [];
  const found = [source];
  for (const { id } of found) {
    const refersTo = members.find((one) => one.asset === id)?.refersTo ?? [];
    for (const other of refersTo.flatMap((one) => session.about(one)?.asset ?? [])) {
      if (!found.includes(other)) found.push(other);
    }
  }
  return found.find((one) => own.some((struck) => strikesToo(one, struck, disruption)));
}
