import { isUnbounded, isUnknown } from "../bound";
import { type Joint, type Joints, jointLoss, type Member } from "../loss/joint";
import { midnightOf } from "../loss/series";
import type { Asset, Group, Term } from "../plan";
import type { Candidate } from "./assessment";
import type { Session } from "./session";
import { type Endless, type Origin, placeOf, streamOf } from "./streams";

/** How one member of a group comes back: by a way of its own, or by itself where nothing strikes it. */
export interface Back {
  asset: Asset;
  way?: Candidate;
  origin?: Origin;
  /** Every number, and everything needed, that its way rests on. */
  rests: Term[];
}

/** Members of a group that come back, in its order, each with the places among them of those it refers to. */
type Fitted = { back: Back; refersTo: number[] }[];

/** What comes back of a group, which may be a part of it. */
export function setOf(group: Group, backs: readonly Back[]): Fitted {
  const members = group.members.filter(({ asset: id }) => backs.some(({ asset }) => asset.id === id));
  return members.flatMap((member) => {
    const back = backs.find(({ asset }) => asset.id === member.asset);
    const places = member.refersTo.map((id) => members.findIndex(({ asset }) => asset === id));
    return back ? [{ back, refersTo: places.filter((at) => at >= 0) }] : [];
  });
}

/** The members as a walk sees them, by their places, which stand for any asset; or why nothing bounds what they lose. */
export function membersOf(session: Session, set: Fitted): Member[] | Endless {
  const streams = set.map(({ back }) => streamOf(session, back.origin));
  const endless = streams.filter((stream) => !("kind" in stream));
  const worst = endless.filter(isUnbounded).sort(byText)[0] ?? endless.filter(isUnknown).sort(byText)[0];
  if (worst !== undefined) return worst;
  return streams.flatMap((stream, place): Member[] => {
    const refersTo = set[place]?.refersTo ?? [];
    return "kind" in stream ? [{ name: String(place), carrier: `${carrier}${place}`, stream, refersTo }] : [];
  });
}

const known = new Map<string, Joints>();

/** Most answers that are kept in memory. */
const mostKept = 10_000;

/** What a set loses; reckoned once for each set of calendars and spans, whichever assets they belong to. */
export function lossOf(session: Session, set: Fitted): [healthy: Joint, failed: Joint] | Endless {
  const parts = set.map(({ back, refersTo }) => `${placeOf(back.origin)}>${refersTo.join()}`);
  const key = `${midnightOf(session.asOf)} ${parts.join(" ")}`;
  let answer = known.get(key);
  if (answer === undefined) {
    const members = membersOf(session, set);
    answer = Array.isArray(members) ? jointLoss(members) : members;
    if (known.size >= mostKept) known.clear();
    known.set(key, answer);
  }
  if ("torn" in answer) {
    const unbounded = `${set[answer.torn]?.back.asset.id} cannot be brought back to a moment that all it refers to hold`;
    return { unbounded };
  }
  if (!Array.isArray(answer)) return answer;
  return [named(answer[0], set), named(answer[1], set)];
}

/** Members go by their places, which stand for any asset. */
function named(joint: Joint, set: Fitted): Joint {
  if (joint.witness === undefined) return joint;
  const { at, captured, failed } = joint.witness;
  const moments = captured.map((one) => ({ name: nameIn(set, one.name), at: one.at }));
  const witness =
    failed === undefined ? { at, captured: moments } : { at, captured: moments, failed: nameIn(set, failed) };
  return { loss: joint.loss, witness };
}

function nameIn(set: Fitted, name: string): string {
  const isCarrier = name.startsWith(carrier);
  const back = set[Number(isCarrier ? name.slice(carrier.length) : name)]?.back;
  return (isCarrier ? back?.origin?.relay?.name : undefined) ?? back?.asset.id ?? name;
}

/** What the job that carries the points of a member is called before its place. */
const carrier = "carrier ";

/** Of several reasons the same is told in any order. */
function byText(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
