import type { Copy, Lock } from "../plan";
import { formatInstant } from "../schedule";
import { type Aspects, amount, either, elsewhere, kept, list, needText, placeText, termText, word } from "./aspects";
import { seriesOf } from "./runs";
import { changesOf, changesWithin, type Kind } from "./things";

/** What keeps copies from being deleted. */
export const lockAspects: Aspects<Lock> = {
  mode: word("lock", ["compliance", "governance", "none"]),
  keptFor: kept("lock"),
  graceUntil: amount("grace of the lock", "more", "best", formatInstant),
};

/** Places where restore points or a log of an asset are kept. */
export function copiesOf(asset: string, asOf: number): Kind<Copy> {
  const relays = seriesOf(asset, asOf);
  const copies: Kind<Copy> = {
    noun: "copy",
    id: ({ source }) => source.name,
    name: ({ source }) => source.name,
    asset: () => asset,
    added: "stronger",
    text: ({ at, keptFor, lock }) =>
      `${placeText(at)}, kept ${termText(keptFor)}, locked ${termText(lock.keptFor)} (${lockAspects.mode === elsewhere ? "" : lockAspects.mode.text(lock.mode)})`,
    aspects: {
      at: either("place of the copy", placeText),
      keptFor: kept("keeping of restore points"),
      newest: amount("number of restore points kept", "less", "best"),
      deletedBy: either("deletion of restore points", termText),
      lock: elsewhere,
      needs: list("what the copy needs", "added", needText),
      relay: elsewhere,
      source: elsewhere,
    },
    parts: (before, after) => [
      ...changesWithin(copies, lockAspects, after, before.lock, after.lock),
      ...changesOf(relays, before.relay ? [before.relay] : [], after.relay ? [after.relay] : []),
    ],
  };
  return copies;
}
