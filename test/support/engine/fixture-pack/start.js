// Pulumi's pack runner knows only ts-node with type checks; tsx takes its place for what is loaded from here on.
require("tsx/cjs");
require("./index.ts");
