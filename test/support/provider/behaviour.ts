import type { Access } from "../kube/client";
import type { Component } from "./construct";
import type { Value, Values } from "./values";

/** A call of the engine that asked the simulated cloud to do or tell something. */
export interface Call {
  method: "create" | "read" | "update" | "delete" | "construct" | "invoke";
  type: string;
  /** Pulumi name; of an invoke, its token. */
  name: string;
  preview: boolean;
}

/** A moment in a run. */
export type Moment = Pick<Call, "method" | "name">;

/** What the simulated cloud does; plain data, so that it can be handed to another process. */
export interface Behaviour {
  /**
   * What becomes of an output that the SDK always has and that the program did not set: `unknown` at preview and
   * made up afterwards, as the bridged providers do, or `absent`. @default "unknown"
   */
  unset?: "unknown" | "absent";
  /**
   * `filled`: check fills in what the real providers fill in: regions, defaults, names of what has none; `echo`: it
   * changes nothing. @default "echo"
   */
  check?: "echo" | "filled";
  /** Pulumi names of resources whose creation fails (not at preview). */
  failCreate?: string[];
  /** Pulumi names of resources that come to exist although their creation fails, like a Pod that is never ready. */
  partialCreate?: string[];
  /** The provider dies at this call: the cloud has done it, and nobody answers any more. */
  dieAt?: Moment;
  /** Milliseconds that a creation takes, by Pulumi name. */
  slowCreate?: Record<string, number>;
  /** Pulumi names of resources that somebody removed behind the engine's back. */
  vanished?: string[];
  /** What somebody changed behind the engine's back; `path` is dotted. */
  drift?: { name: string; path: string; value: Value }[];
  /** What others made, for `.get()` and import. */
  exists?: { type: string; id: string; properties: Values }[];
  /** Answers of provider functions, by token. */
  invokes?: Record<string, Values>;
  /** API servers of Kubernetes that take the objects in the simulated cloud's place, by the provider's context. */
  clusters?: Record<string, Access>;
  /** Components that a provider makes, by type token. */
  components?: Record<string, Component>;
}
