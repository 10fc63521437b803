import { type Bound, isUnknown } from "../../recovery/bound";
import { formatSeconds, type Seconds } from "../../recovery/duration";
import type { Source } from "../../recovery/plan";
import { annotationProperty, spanOf } from "./annotations";
import { sourceOf, titleOf } from "./names";
import type { Problems } from "./problems";
import type { Facts } from "./read";
import type { CronJob } from "./resources/cronJob";
import type { Volume } from "./resources/pod";

const secondsPerDay = 86_400;

/** How backup tools are told when to delete: `--retention-days 30`. */
const option = /(?<![\w-])--retention-days(?:\s*=\s*|\s+)["']?(\d+)["']?(?![\w.])/g;

/** A span and where it was read. */
interface Kept {
  value: Bound;
  source: Source;
}

/** How long a job keeps what it writes to a volume: what it says, if all that its commands tell their tool agrees. */
export function keptOnVolume(job: CronJob, volume: Volume, problems: Problems): Kept {
  const { resource, protects } = job;
  const title = titleOf(resource);
  const said = spanOf(resource, "kept-for", problems, protects);
  const told = said === undefined ? undefined : agreement(said, job);
  if (told) return told;
  if (said !== undefined) {
    const message = `${title} says that it keeps restore points for ${formatSeconds(said)}, but ${missing(said)}`;
    problems.add(sourceOf(resource, annotationProperty("kept-for")), message, protects);
  }
  const unknown = `nothing declares how long ${title} keeps what it writes to volume ${volume.name}`;
  return { value: { unknown }, source: volume.facts.source() };
}

/** A span that every `--retention-days` of a job's commands gives; nothing when there is none, or another. */
function agreement(span: Seconds, { pod }: CronJob): Kept | undefined {
  const found: { words: Facts; days: number }[] = [];
  for (const words of pod.containers.flatMap(({ facts }) => [facts.at("command"), facts.at("args")])) {
    const texts = words.texts();
    if (isUnknown(texts)) return { value: texts, source: words.source() };
    const given = [...(texts ?? []).join(" ").matchAll(option)];
    found.push(...given.map(([, days]) => ({ words, days: Number(days) })));
  }
  const [first] = found;
  const agree = found.every(({ days }) => days * secondsPerDay === span);
  return first && agree ? { value: span, source: first.words.source() } : undefined;
}

function missing(span: Seconds): string {
  return span % secondsPerDay === 0
    ? `its commands do not say --retention-days ${span / secondsPerDay}`
    : "--retention-days counts whole days";
}
