import * as grpc from "@grpc/grpc-js";
import * as pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import * as service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { type Answers, at, checked, created, idOf, planned, replacedBy, type Subject, updated } from "./resources";
import { same, unknown, type Value, type Values } from "./values";

/** A call of the engine that asked the simulated cloud to do or tell something. */
export interface Call {
  method: "create" | "read" | "update" | "delete";
  type: string;
  name: string;
  preview: boolean;
}

/** What the simulated cloud does; plain data, so that it can be handed to another process. */
export interface Behaviour extends Answers {
  /** Pulumi names of resources whose creation fails (not at preview). */
  failCreate?: string[];
  /** Pulumi names of resources that a read no longer finds. */
  vanished?: string[];
}

/** A running simulated provider. */
export interface SimulatedProvider {
  /** Value of `PULUMI_DEBUG_PROVIDERS` that makes the engine use it. */
  debugProviders: string;
  /** Every call so far. */
  calls: Call[];
  close(): void;
}

/** The packages that the simulated provider stands in for. */
export const simulatedPackages = ["aws", "kubernetes", "random", "azure-native"] as const;

type Handler<Request, Response> = (request: Request, peer: string) => Response;

/**
 * Starts a SIMULATED resource provider: no cloud, no cluster. It keeps no state of its own (the engine's state is all
 * there is), is deterministic, and answers previews with unknown for what only a cloud can tell.
 */
export async function startSimulatedProvider(behaviour: Behaviour = {}): Promise<SimulatedProvider> {
  const calls: Call[] = [];
  // One server serves several provider resources (regions, clusters); each has its own connection.
  const configurations = new Map<string, Values>();
  const record = (method: Call["method"], request: Named, preview = false) => {
    const subject = subjectOf(request);
    calls.push({ method, type: subject.type, name: subject.name, preview });
    return subject;
  };

  const server = new grpc.Server({
    "grpc.max_receive_message_length": 1024 * 1024 * 400,
    "grpc.max_send_message_length": 1024 * 1024 * 400,
  });
  server.addService(service.ResourceProviderService, {
    handshake: unary((_request: proto.ProviderHandshakeRequest) =>
      new proto.ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptResources(true),
    ),
    attach: unary(() => new Empty()),
    cancel: unary(() => new Empty()),
    getPluginInfo: unary(() => {
      const info = new pluginProto.PluginInfo();
      // Newer than any SDK: the engine warns of a provider older than the SDK, and one server stands in for several.
      info.setVersion("1000.0.0-simulated");
      return info;
    }),
    getMapping: unary(() => new proto.GetMappingResponse()),
    getMappings: unary(() => new proto.GetMappingsResponse()),
    checkConfig: unary((request: proto.CheckRequest) => new proto.CheckResponse().setInputs(request.getNews())),
    diffConfig: unary((request: proto.DiffRequest) => diff(request, [])),
    configure: unary((request: proto.ConfigureRequest, peer) => {
      configurations.set(peer, valuesOf(request.getArgs()));
      return new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true).setAcceptresources(true);
    }),
    invoke: unary((request: proto.InvokeRequest) => {
      throw new Error(`the simulated provider has no function ${request.getTok()}`);
    }),
    check: unary((request: proto.CheckRequest) => {
      const inputs = checked(subjectOf(request), valuesOf(request.getNews()), behaviour);
      return new proto.CheckResponse().setInputs(structOf(inputs));
    }),
    diff: unary((request: proto.DiffRequest) => diff(request, replacedBy(subjectOf(request).type))),
    create: unary((request: proto.CreateRequest, peer) => {
      const subject = record("create", request, request.getPreview());
      const inputs = valuesOf(request.getProperties());
      const provider = configurations.get(peer) ?? {};
      const response = new proto.CreateResponse();
      if (request.getPreview()) {
        return response.setProperties(structOf(planned(subject, inputs, provider, behaviour)));
      }
      if (behaviour.failCreate?.includes(subject.name)) {
        throw new Error(`the simulated provider was told to refuse ${subject.name}`);
      }
      const outputs = created(subject, inputs, provider, behaviour);
      return response.setId(idOf(subject, inputs)).setProperties(structOf(outputs));
    }),
    read: unary((request: proto.ReadRequest) => {
      const subject = record("read", request);
      const response = new proto.ReadResponse();
      if (behaviour.vanished?.includes(subject.name)) return response;
      return response.setId(request.getId()).setProperties(request.getProperties()).setInputs(request.getInputs());
    }),
    update: unary((request: proto.UpdateRequest) => {
      const subject = record("update", request, request.getPreview());
      const news = valuesOf(request.getNews());
      const outputs = updated(subject, news, valuesOf(request.getOldInputs()), valuesOf(request.getOlds()), behaviour);
      return new proto.UpdateResponse().setProperties(structOf(outputs));
    }),
    delete: unary((request: proto.DeleteRequest) => {
      record("delete", request);
      return new Empty();
    }),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    debugProviders: simulatedPackages.map((name) => `${name}:${port}`).join(","),
    calls,
    close: () => server.forceShutdown(),
  };
}

function unary<Request, Response>(handler: Handler<Request, Response>): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    try {
      callback(null, handler(call.request, call.getPeer()));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
    }
  };
}

function diff(request: proto.DiffRequest, replacing: string[]): proto.DiffResponse {
  const olds = valuesOf(request.getOldInputs());
  const news = valuesOf(request.getNews());
  const names = new Set([...Object.keys(olds), ...Object.keys(news)]);
  const changed = [...names].filter((name) => !same(olds[name], news[name]));
  // A new value that is not known yet may turn out to be the old one: only a known change replaces.
  const replaces = replacing.filter((name) => {
    const value = at(news, name);
    return value !== unknown && !same(at(olds, name), value);
  });
  const response = new proto.DiffResponse();
  response.setChanges(
    changed.length > 0 ? proto.DiffResponse.DiffChanges.DIFF_SOME : proto.DiffResponse.DiffChanges.DIFF_NONE,
  );
  response.setDiffsList(changed);
  response.setReplacesList(replaces);
  // Physical names are the program's here, so the old one has to go first.
  response.setDeletebeforereplace(replaces.length > 0);
  return response;
}

interface Named {
  getUrn(): string;
}

/** `urn:pulumi:stack::project::parent$type::name`. */
function subjectOf(request: Named): Subject {
  const urn = request.getUrn();
  const [, , types, ...name] = urn.split("::");
  return { urn, type: types?.split("$").at(-1) ?? "", name: name.join("::") };
}

function valuesOf(struct: Struct | undefined): Values {
  return (struct?.toJavaScript() ?? {}) as Record<string, Value>;
}

function structOf(values: Values): Struct {
  return Struct.fromJavaScript(values as Parameters<typeof Struct.fromJavaScript>[0]);
}
