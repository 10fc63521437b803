import type { Redundancy, Shares } from "../protection";
import { type Domain, domains } from "../term";
import { type Form, named, whole, word } from "./form";
import { map, may, must } from "./map";
import { below, isMap, own, refuse, type Spot } from "./spot";
import { term } from "./terms";
import { maybe } from "./values";
import { perWord } from "./words";

const shares = named(
  "shares",
  map<Shares>(
    {
      needed: must(
        whole(1, 4),
        "How many must be left to read and write: k of an erasure code, the majority of a quorum.",
      ),
      total: must(whole(1, 6), "How many there are of one object: k + m, or the members of the quorum."),
      together: must(
        perWord(domains, whole(1, 1), "a fault domain"),
        "Most shares of one object that one fault domain holds; a domain left out takes as many as the next larger one.",
      ),
      away: may(whole(0, 1), "How many of the smallest domains planned work takes away at a time. @default 0"),
      members: may(whole(1, 8), "How many of the smallest domains there are in all, spare ones included."),
      rebuild: may(term("rebuild of lost shares"), "How long rebuilding the shares of one lost member takes."),
    },
    { check: noteShares },
  ),
);

function noteShares({ needed, total, together = {}, away = 0, members }: Partial<Shares>, at: Spot): void {
  if (needed !== undefined && total !== undefined && needed > total) {
    refuse(below(at, "needed"), `must be at most total, ${total}, got ${needed}`);
  }
  const stated = domains.flatMap((domain) => {
    const held = together[domain];
    return held === undefined ? [] : [{ domain, held }];
  });
  for (const [index, { domain, held }] of stated.entries()) {
    const spot = below(below(at, "together"), domain);
    const inner = stated[index - 1];
    if (total !== undefined && held > total) refuse(spot, `must be at most total, ${total}, got ${held}`);
    if (inner && held < inner.held) {
      refuse(spot, `must be at least what one ${inner.domain} in it holds, ${inner.held}, got ${held}`);
    }
  }
  const [smallest] = stated;
  if (members === undefined) return;
  if (away >= members) refuse(below(at, "away"), `must be less than members, ${members}, got ${away}`);
  if (smallest && total !== undefined && members * smallest.held < total) {
    const room = `${members} × ${smallest.held} shares`;
    refuse(below(at, "members"), `must have room for all ${total} shares, got ${room}`);
  }
}

const domain = word(domains);

/** A fault domain, or the shares from which it follows. */
export const survives: Form<Redundancy["survives"]> = {
  read: (value, at) =>
    isMap(value) && own(value, "unknown") === undefined ? shares.read(value, at) : maybe(domain).read(value, at),
  write: (value) => (typeof value === "object" && "needed" in value ? shares.write(value) : maybe(domain).write(value)),
  schema: (definitions) => ({ anyOf: [maybe<Domain>(domain).schema(definitions), shares.schema(definitions)] }),
};
