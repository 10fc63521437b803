import { formatSeconds } from "../../../../recovery/duration";
import { saidForIncident, saidHolds } from "../../../incident";
import { shell } from "../../../runbooks/commands";
import { bullets, type Page, page, table } from "../../../runbooks/page";
import { type ShownStep, stepBlocks, stepTable } from "../../../runbooks/recoverySteps";
import { INCIDENT_MAP } from "../../names";
import { type AssetName, assetIds, assetObjectives } from "../../objectives";
import { roomNeeds } from "../../recovery/recoveryEnv";
import {
  type PathName,
  type PathPlan,
  pathNames,
  recoveryPaths,
  stepJob,
  type Way,
} from "../../recovery/recoverySteps";
import { contacts } from "../../routes";
import { commands } from "../commands";
import { damageTexts } from "./damageTexts";
import type { PathText } from "./pathText";
import { regionTexts } from "./regionTexts";
import { roomTexts } from "./roomTexts";
import { stepText } from "./stepTexts";
import { endsAfter, lasts, stepOf } from "./times";

const texts: Readonly<Record<PathName, PathText>> = { ...regionTexts, ...damageTexts, ...roomTexts };

/** Cluster whose jobs go a way: the other region's outlives the one that works. */
const runsAt: Readonly<Record<Way, string>> = { secondary: "secondary", place: "secondary", room: "clean-room" };

/** A page for every way back. */
export function pathPages(): Page[] {
  return pathNames.map(pathPage);
}

/** The ways back that lead to one place, those that are over first at the top. */
export function pathsOf(way: Way): PathName[] {
  return soonestFirst(pathNames.filter((path) => recoveryPaths[path].way === way));
}

/** Ways back that the page of an alert leads to, likewise. */
export function answersTo(alert: string): PathName[] {
  return soonestFirst(pathNames.filter((path) => texts[path].alerts.includes(alert)));
}

function soonestFirst(paths: readonly PathName[]): PathName[] {
  return [...paths].sort((one, other) => endsAfter(one) - endsAfter(other));
}

/** Ways back in the order in which they can be begun, each with what it waits for. */
export function inOrder(paths: readonly PathName[]): string[] {
  return paths.map((path) => {
    const { asset, waitsFor = [] }: PathPlan = recoveryPaths[path];
    const waits = waitsFor.map((other) => `, waits for ${linked(other)}`).join("");
    return `[${path}](${path}.md): ${assetIds[asset]}${waits}, ${formatSeconds(endsAfter(path))} at most`;
  });
}

function pathPage(path: PathName): Page {
  const { asset, disruption, way, waitsFor = [] }: PathPlan = recoveryPaths[path];
  const { when, alerts, words, before, over, after, undo } = texts[path];
  const { rpo, rto } = assetObjectives[asset][disruption] ?? { rpo: "unknown", rto: "unknown" };
  const [own, all] = [lasts(path), endsAfter(path)];
  const others = pathNames.filter((one) => one !== path && recoveryPaths[one].asset === asset);
  const shown = shownSteps(path);
  return page(`${path}.md`, `Recovery: ${path.replaceAll("-", " ")}`, [
    when,
    `Told by ${alerts.map((alert) => `[${alert}](${alert}.md)`).join(", ")}.`,
    `Promised for ${assetIds[asset]}, ${disruption}: loses at most ${rpo}, back within ${rto}. All steps of this page take at most ${formatSeconds(own)}${all > own ? `, ${formatSeconds(all)} with what they wait for` : ""}; each has ended by its deadline or has failed.`,
    "## Before",
    bullets([...before, ...(waitsFor.length === 0 ? [] : [`${waitsFor.map(linked).join(" and ")} must have ended.`])]),
    ...saidBlocks(asset, way, words),
    "## Steps",
    `Run by the ${runsAt[way]} site: \`kubectl config use-context <${runsAt[way]}>\`. The Jobs refuse to run out of order, and any of them can be started again; the first begins anew.`,
    stepTable(shown),
    ...stepBlocks(shown, commands),
    "## Over",
    `It is over when ${over}`,
    "## The way back from it",
    undo,
    "## Afterwards",
    bullets(after),
    ...(Object.keys(inputsOf(asset, way)).length === 0
      ? []
      : [
          "After the last way back of this incident: what was said must not steer the next.",
          shell([commands.removeInputs(INCIDENT_MAP)]),
        ]),
    "## When to stop, who to call",
    `A step that failed twice, or half the time gone with no step complete: ${contacts["on-call"].who} ${contacts["on-call"].reach}, then ${contacts.platform.who} ${contacts.platform.reach}, ${contacts.platform.above}. Other ways back of ${assetIds[asset]}: ${others.map((other) => `[${other}](${other}.md)`).join(", ")}.`,
  ]);
}

function shownSteps(path: PathName): ShownStep[] {
  const { steps, waitsFor = [] }: PathPlan = recoveryPaths[path];
  const order = Object.keys(steps);
  return Object.entries(steps).map(([step, { deadline }], place) => ({
    step,
    job: stepJob(path, step),
    deadline,
    waitsFor: place === 0 ? waitsFor.map(linked) : order.slice(place - 1, place),
    text: stepText(path, step),
  }));
}

/** `lake-in-secondary.verify` as people read it. */
function linked(other: string): string {
  const [path, step] = stepOf(other);
  return `${step} of [${path}](${path}.md)`;
}

/** What whoever starts a way back says: the moments and places that its steps refuse to go on without. */
function inputsOf(asset: AssetName, way: Way): Readonly<Record<string, string>> {
  // A promotion and a switch-over take what is there: there is no moment to choose.
  if (way === "secondary") return asset === "kafka" || asset === "logs" ? {} : { LOST_AT: "<moment>" };
  const moment = { RESTORE_BEFORE: "<moment>" };
  if (way === "place") return moment;
  const needs = ["ROOM_SUBSCRIPTION", "ROOM_GROUP", ...roomNeeds[asset].split(" ")];
  return { ...moment, ...Object.fromEntries(needs.map((name) => [name, `<${meanings[name] ?? name}>`])) };
}

const meanings: Readonly<Record<string, string>> = {
  ROOM_SUBSCRIPTION: "id of its subscription",
  ROOM_GROUP: "its resource group",
  ROOM_DATABRICKS_URL: "https://host of its workspace",
  ROOM_CAPACITY: "name of its capacity",
  ROOM_VAULT: "name of its vault",
  ROOM_ACCOUNT: "name of its account",
};

function saidBlocks(asset: AssetName, way: Way, words: PathText["words"] = {}): string[] {
  const inputs = inputsOf(asset, way);
  if (Object.keys(inputs).length === 0) return [];
  const rows = Object.entries(words);
  return [
    `Name the incident, and say what only a person knows. ${saidHolds} One incident is said once: this adds to what was said of it on another page.`,
    shell(commands.addInputs(INCIDENT_MAP, saidForIncident(inputs))),
    ...(rows.length === 0
      ? []
      : [
          "Words that only some need, one at a time, which leaves the others as they are:",
          table(["word", "when"], rows),
          shell([commands.addWord(INCIDENT_MAP)]),
        ]),
  ];
}
