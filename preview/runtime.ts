import { createRequire } from "node:module";
import * as config from "@pulumi/pulumi/runtime/config";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import * as settings from "@pulumi/pulumi/runtime/settings";
import * as stacks from "@pulumi/pulumi/runtime/stack";
import * as state from "@pulumi/pulumi/runtime/state";
import { withoutKey } from "./encryptedConfig";

/** What a program sees of the run it is part of. */
export interface Run {
  stack: string;
  project: string;
  /** Folder of the `Pulumi.yaml`. */
  folder: string;
  config: Record<string, string>;
  secretKeys: string[];
  monitor: MockMonitor;
}

/** The parts of the SDK's state that its published types leave out; the automation API uses them in the same way. */
interface State {
  withLocalStorage<T>(work: () => Promise<T>): Promise<T>;
  getStore(): { logErrorCount: number; settings: { options: { rootDirectory?: string } } };
}

const { withLocalStorage, getStore } = state as unknown as State;

/** What the SDK makes of each of its promises; the same module that the program loads. */
type Debuggable = Record<"debuggablePromise", (...of: never[]) => unknown>;

const debuggable = createRequire(__filename)("@pulumi/pulumi/runtime/debuggable") as Debuggable;

/**
 * Runs a program as a Pulumi preview with a state of its own, and waits until all it registers has arrived.
 * @throws what the program throws, also from a promise that nobody waits for.
 */
export function inOwnRuntime(run: Run, program: () => Promise<unknown>): Promise<void> {
  return withLocalStorage(async () => {
    settings.setMockOptions(run.monitor, run.project, run.stack, true, "organization");
    getStore().settings.options.rootDirectory = run.folder;
    config.setAllConfig(run.config, run.secretKeys);
    const restored = withoutKey(run.config);
    const traced = withoutTraces();
    try {
      await failing(async () => {
        await stacks.runInPulumiStack(program);
        await settings.disconnect();
      });
    } finally {
      traced();
      restored();
    }
    if (getStore().logErrorCount > 0) throw new Error("the program logged an error");
  });
}

/**
 * The SDK notes on every promise the trace of where it was made, and shows it only where that is asked for; with source
 * maps, which a program in TypeScript has, this is a sixth of a preview. Returns what undoes it.
 */
function withoutTraces(): () => void {
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS) return () => undefined;
  const original = debuggable.debuggablePromise;
  debuggable.debuggablePromise = (...of) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return original(...of);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
  return () => {
    debuggable.debuggablePromise = original;
  };
}

/**
 * The SDK reports a failed registration as a promise that nobody waits for, then waits for the registration for ever;
 * and one failure arrives as several of them, the last ones after the program has ended.
 */
async function failing(work: () => Promise<void>): Promise<void> {
  let fail: (reason: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  process.on("unhandledRejection", fail);
  try {
    await Promise.race([work(), failed]);
    await Promise.race([settled(), failed]);
  } finally {
    await settled();
    process.off("unhandledRejection", fail);
  }
}

/** Two turns of the event loop: by then Node has reported what was rejected in this one. */
async function settled(): Promise<void> {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}
