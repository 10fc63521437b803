// What the preview costs beside loading the same program, and what the model costs: npm run bench [-- <folder>].
import { modelCost } from "./model.mjs";
import { previewCost } from "./preview.mjs";

const kept = [previewCost(), modelCost()];
process.exitCode = kept.every(Boolean) ? 0 : 1;
