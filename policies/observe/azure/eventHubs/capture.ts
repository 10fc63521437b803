import { isUnknown } from "../../../../recovery/bound";
import { seconds } from "../../../../recovery/duration";
import { eventHubs, factSeconds } from "../../../../recovery/facts";
import type { Copy, Term } from "../../../../recovery/plan";
import { titleOf } from "../../names";
import type { Program } from "../../program";
import type { Facts } from "../../read";
import { pointsTo } from "../arm";
import { containersOf, copyInContainer } from "../storage/copies";
import type { Namespace, NamespacePart } from "./namespace";

const [least, most] = [factSeconds(eventHubs.captureWindowLeast), factSeconds(eventHubs.captureWindowMost)];
const [smallest, largest] = [eventHubs.captureSizeLeast.value ?? 0, eventHubs.captureSizeMost.value ?? 0];

/** What an event hub writes to storage by itself. */
export interface Captured {
  /** How long an event may wait for the end of its file: a full file ends it sooner, so the size adds nothing. */
  window: Term;
  copy: Copy;
}

/** The facts of an event hub that captures; nothing where it does not, or not for sure. */
export function capturesOf(facts: Facts): Facts[] {
  return facts.flag("captureDescription.enabled") === true ? [facts] : [];
}

/** What an event hub captures, or why it captures nothing. */
export function captureOf(
  hub: NamespacePart,
  namespace: Namespace,
  asset: string,
  program: Program,
): Captured | string {
  const { facts, resource } = hub;
  const title = titleOf(resource);
  const enabled = facts.flag("captureDescription.enabled");
  if (isUnknown(enabled)) return enabled.unknown;
  if (enabled !== true) return `${title} captures nothing`;
  if (namespace.tier === "Basic") return `${title} is in tier Basic, which has no Capture`;
  const place = "captureDescription.destination";
  const account = program.azure.storageAccounts.find((one) =>
    pointsTo(facts, `${place}.storageAccountResourceId`, one),
  );
  const name = facts.text(`${place}.blobContainer`);
  const found = containersOf(program).find(
    (one) => one.account === account && one.container.facts.text("containerName") === name,
  );
  if (found === undefined)
    return `${title} captures to a container that this program does not declare, or that is not known before deployment`;
  const sku = found.account.facts.text("sku.name");
  if (typeof sku === "string" && sku.startsWith("Premium"))
    return `${title} captures to an account of Premium storage, which Azure refuses`;
  return { window: windowOf(facts, title), copy: copyInContainer(found, asset, program) };
}

function windowOf(facts: Facts, title: string): Term {
  const path = "captureDescription.intervalInSeconds";
  const [interval, size] = [facts.whole(path), facts.whole("captureDescription.sizeLimitInBytes")];
  const term: Omit<Term, "value"> = {
    name: "until the file is written",
    grade: "guaranteed",
    source: facts.source(path),
    facts: [eventHubs.captureWindowMost.id],
  };
  const unread = [interval, size].find(isUnknown);
  if (isUnknown(unread)) return { ...term, value: unread };
  if (size !== undefined && (Number(size) < smallest || Number(size) > largest)) {
    const unknown = `captureDescription.sizeLimitInBytes of ${title} must be ${smallest} to ${largest}, got ${size}: Azure refuses it`;
    return { ...term, value: { unknown } };
  }
  if (typeof interval === "number" && interval >= least && interval <= most)
    return { ...term, value: seconds(interval) };
  const unknown = `${path} of ${title} must be ${least} to ${most}, got ${isUnknown(interval) ? "" : (interval ?? "nothing")}: Azure refuses it`;
  return { ...term, value: { unknown } };
}
