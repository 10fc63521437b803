import { z } from "zod";
import * as is from "../../config/settings";

/** Layers of the lake: schemas of its catalog, and folders of its container. */
export const layers = ["bronze", "silver", "gold"] as const;

/** One of them. */
export type Layer = (typeof layers)[number];

const name = () => is.matching('a name of lower-case letters, digits and "_", such as "events"', /^[a-z][a-z0-9_]*$/);

/** A table that this program declares; clones take every table of the layers, declared here or not. */
export const tableSettings = z.strictObject({
  layer: is.oneOf(...layers),
  name: name(),
  columns: is.some(z.strictObject({ name: name(), type: is.words("string") }), "[{ name: event_type, type: string }]"),
});

/** A table of the lake. */
export type LakeTable = z.output<typeof tableSettings>;

const columns = [
  { name: "date", type: "date" },
  { name: "event_type", type: "string" },
  { name: "customer_id", type: "string" },
];

/** The table that the document names, and its refined form in the other layers. */
export const defaultTables: LakeTable[] = [
  {
    layer: "bronze",
    name: "events",
    columns: [
      ...columns,
      { name: "event_time", type: "timestamp" },
      { name: "partition_id", type: "int" },
      { name: "sequence_number", type: "bigint" },
      { name: "body", type: "string" },
    ],
  },
  {
    layer: "silver",
    name: "events",
    columns: [...columns, { name: "event_time", type: "timestamp" }, { name: "event_id", type: "string" }],
  },
  { layer: "gold", name: "daily_events", columns: [...columns, { name: "events", type: "bigint" }] },
];
