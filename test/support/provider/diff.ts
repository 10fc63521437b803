import * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import { at, isValues, same, unknown, type Values } from "./values";

const { Kind } = proto.PropertyDiff;
type Kind = proto.PropertyDiff.Kind;
const { DiffChanges } = proto.DiffResponse;

/** The difference between two sets of inputs as the engine wants it. */
export interface Difference {
  olds: Values;
  news: Values;
  /** Inputs whose change replaces. */
  replacing: string[];
  /** Whether the replacement cannot exist beside the old one: it has the same physical name. */
  deleteFirst: boolean;
}

/** Answers a diff by the inputs: what changed, what replaces, and in which order. */
export function diffResponse({ olds, news, replacing, deleteFirst }: Difference): proto.DiffResponse {
  const changes = changedIn(olds, news);
  // A new value that is not known yet may turn out to be the old one: only a known change replaces.
  const replaces = replacing.filter((name) => {
    const value = at(news, name);
    return value !== unknown && !same(at(olds, name), value);
  });
  const response = new proto.DiffResponse();
  response.setChanges(changes.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
  response.setDiffsList([...new Set(changes.map(({ path }) => path.split(".")[0] ?? path))]);
  response.setReplacesList([...new Set(replaces.map((name) => name.split(".")[0] ?? name))]);
  response.setHasdetaileddiff(true);
  for (const { path, kind } of changes) {
    const replace = replaces.some((name) => path === name || path.startsWith(`${name}.`));
    const detail = new proto.PropertyDiff().setKind(replace ? replacingKind[kind] : kind).setInputdiff(true);
    response.getDetaileddiffMap().set(path, detail);
  }
  response.setDeletebeforereplace(replaces.length > 0 && deleteFirst);
  return response;
}

const replacingKind: Record<Kind, Kind> = {
  [Kind.ADD]: Kind.ADD_REPLACE,
  [Kind.DELETE]: Kind.DELETE_REPLACE,
  [Kind.UPDATE]: Kind.UPDATE_REPLACE,
  [Kind.ADD_REPLACE]: Kind.ADD_REPLACE,
  [Kind.DELETE_REPLACE]: Kind.DELETE_REPLACE,
  [Kind.UPDATE_REPLACE]: Kind.UPDATE_REPLACE,
};

/** Paths into objects; a list differs as a whole. */
function changedIn(olds: Values, news: Values, prefix = ""): { path: string; kind: Kind }[] {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((name) => name !== "__defaults");
  return names.flatMap((name) => {
    const path = `${prefix}${name}`;
    const [before, after] = [olds[name], news[name]];
    if (before === undefined) return [{ path, kind: Kind.ADD }];
    if (after === undefined) return [{ path, kind: Kind.DELETE }];
    if (same(before, after)) return [];
    if (isValues(before) && isValues(after) && !/[.[\]"/]/.test(Object.keys({ ...before, ...after }).join("")))
      return changedIn(before, after, `${path}.`);
    return [{ path, kind: Kind.UPDATE }];
  });
}
