import type { Subject } from "./subject";
import type { Values } from "./values";

/** What a call of the engine is about. */
export interface Order {
  subject: Subject;
  /** Configuration of the provider resource. */
  provider: Values;
  inputs: Values;
}

/** An order for a resource that exists. */
export interface ExistingOrder extends Order {
  id: string;
  /** Inputs and outputs as the engine's state has them. */
  old: { inputs: Values; outputs: Values };
}

/** A resource as it is. */
export interface Live {
  id: string;
  inputs: Values;
  outputs: Values;
}

/** Carries out what the engine asks for: the simulated cloud, or a real server in its place. */
export interface Backend {
  /** Outputs of a resource that does not exist yet. @throws Error with the server's words */
  plan(order: Order): Promise<Values>;
  create(order: Order): Promise<Live>;
  /** Undefined when there is no such thing. */
  read(order: ExistingOrder): Promise<Live | undefined>;
  /** Outputs after an update; at preview nothing changes. */
  update(order: ExistingOrder, preview: boolean): Promise<Values>;
  remove(order: ExistingOrder): Promise<void>;
}
