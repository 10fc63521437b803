import type { Backend } from "./backend";
import type { Behaviour, Call } from "./behaviour";
import { cloudIn } from "./cloud";
import { disturb, simulatedBackend } from "./simulatedCloud";
import { type Subject, subjectOf } from "./subject";
import type { Values } from "./values";

/** Settings of a simulated provider. */
export interface ProviderSettings {
  behaviour: Behaviour;
  /** Folder that keeps the cloud. */
  folder: string;
  /** Receives every call as it comes. */
  calls: Call[];
  /** Called before the cloud does anything. */
  onCall?: (call: Call) => void;
  /** Called when the cloud has done what a call asked for, before the engine is told. */
  onDone?: (call: Call) => void;
  /** What carries out the orders for a resource in place of the simulated cloud. */
  backendOf?: (subject: Subject, provider: Values) => Backend | undefined;
}

/** What a request is about, who carries it out, and with which configuration. */
export interface Context {
  subject: Subject;
  provider: Values;
  backend: Backend;
}

/** What the answers of one provider have in common. */
export interface Session {
  behaviour: Behaviour;
  /** One server serves several provider resources (regions, clusters); each has its own connection. */
  configure(peer: string, configuration: Values): void;
  contextOf(request: { getUrn(): string }, peer: string): Context;
  /** Notes a call, before anything is done. */
  record(method: Call["method"], subject: Pick<Subject, "type" | "name">, preview?: boolean): Call;
  /** The last moment before the engine is told. */
  done(call: Call): void;
}

/** Opens a session on the cloud of a folder; `die` ends the provider in the middle of a call. */
export function openSession(settings: ProviderSettings, die: () => void): Session {
  const { behaviour, calls } = settings;
  const cloud = cloudIn(settings.folder);
  disturb(cloud, behaviour);
  const simulated = simulatedBackend(cloud, behaviour);
  const configurations = new Map<string, Values>();
  return {
    behaviour,
    configure: (peer, configuration) => {
      configurations.set(peer, configuration);
    },
    contextOf: (request, peer) => {
      const subject = subjectOf(request.getUrn());
      const provider = configurations.get(peer) ?? {};
      return { subject, provider, backend: settings.backendOf?.(subject, provider) ?? simulated };
    },
    record: (method, { type, name }, preview = false) => {
      const call: Call = { method, type, name, preview };
      calls.push(call);
      settings.onCall?.(call);
      return call;
    },
    done: (call) => {
      settings.onDone?.(call);
      const { dieAt } = behaviour;
      if (!call.preview && dieAt?.method === call.method && dieAt.name === call.name) die();
    },
  };
}
