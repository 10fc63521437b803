import { type Answer, type Asked, ok, refused } from "./wire";

/** An event that was taken. */
export interface TakenEvent {
  namespace: string;
  topic: string;
  partition: number;
  // biome-ignore lint/suspicious/noExplicitAny: what the producer wrote
  body: any;
}

/** Namespaces of Event Hubs, as far as events are sent to them by HTTP. */
export class EventHubs {
  readonly taken: TakenEvent[] = [];
  /** Partitions of every topic. */
  partitions = 80;
  /** What becomes of an event once it is taken. */
  carry: (event: TakenEvent) => void = () => {};

  answer(namespace: string, { method, path, query, headers, body }: Asked): Answer {
    const [, topic, partition] = /^\/([\w-]+)\/partitions\/(\d+)\/messages$/.exec(path) ?? [];
    if (method !== "POST" || topic === undefined || query.get("api-version") === null)
      return refused(404, "EntityNotFound");
    if (Number(partition) >= this.partitions) return refused(404, "PartitionNotFound");
    if (!headers["content-type"]?.startsWith("application/atom+xml")) return refused(400, "BadContentType");
    const event = { namespace, topic, partition: Number(partition), body: JSON.parse(body.toString("utf8")) };
    this.taken.push(event);
    this.carry(event);
    return ok(undefined, 201);
  }
}

/** Refuses a query of captured events that takes for a time what Capture writes as words, `M/d/yyyy h:mm:ss a`. */
export function readsCapture(statement: string): void {
  const rest = statement.replaceAll("to_timestamp(EnqueuedTimeUtc, 'M/d/yyyy h:mm:ss a')", "");
  if (!statement.includes("EnqueuedTimeUtc") || rest.includes("EnqueuedTimeUtc")) throw new Error("CAST_INVALID_INPUT");
}
