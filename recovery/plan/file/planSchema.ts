import type { Schema } from "./form";
import { planForm } from "./planForm";

/** The JSON Schema of a plan file: whatever `readPlan` accepts has this shape. */
export function planSchema(): Schema {
  const definitions: Record<string, Schema> = {};
  const top = planForm.schema(definitions);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "urn:holdfast:plan:1",
    title: "Holdfast plan",
    description:
      "What is promised about recovery, and what keeps the promises: the input of `holdfast assess --plan`, in YAML or JSON. Spans are durations such as 15m or whole seconds, sizes are bytes.",
    ...top,
    $defs: Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
