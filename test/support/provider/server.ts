import * as grpc from "@grpc/grpc-js";
import * as pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import * as service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { construct } from "./construct";
import { diffResponse } from "./diff";
import { providerReplacedBy } from "./immutable";
import { resourceAnswers } from "./resourceAnswers";
import { openSession, type ProviderSettings } from "./session";
import { subjectOf } from "./subject";
import { unary } from "./unary";
import { structOf, valuesOf } from "./wire";

/** A running simulated provider. */
export interface SimulatedProvider {
  /** Value of `PULUMI_DEBUG_PROVIDERS` that makes the engine use it. */
  debugProviders: string;
  close(): void;
}

/** The packages that the simulated provider stands in for. */
export const simulatedPackages = ["aws", "kubernetes", "random", "azure-native", "databricks"] as const;

/**
 * Starts a SIMULATED resource provider: no cloud, no cluster. What it makes is kept in a file, apart from the engine's
 * state. It is deterministic, and answers previews with unknown for what only a cloud can tell.
 */
export async function startSimulatedProvider(settings: ProviderSettings): Promise<SimulatedProvider> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": 1024 * 1024 * 400,
    "grpc.max_send_message_length": 1024 * 1024 * 400,
  });
  const session = openSession(settings, () => server.forceShutdown());
  server.addService(service.ResourceProviderService, {
    ...resourceAnswers(session),
    handshake: unary(async (_request: proto.ProviderHandshakeRequest) =>
      new proto.ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptResources(true),
    ),
    attach: unary(async () => new Empty()),
    cancel: unary(async () => new Empty()),
    getPluginInfo: unary(async () => {
      const info = new pluginProto.PluginInfo();
      // Newer than any SDK: the engine warns of a provider older than the SDK, and one server stands in for several.
      info.setVersion("1000.0.0-simulated");
      return info;
    }),
    getMapping: unary(async () => new proto.GetMappingResponse()),
    getMappings: unary(async () => new proto.GetMappingsResponse()),
    getSchema: unary(async () => new proto.GetSchemaResponse().setSchema("{}")),
    checkConfig: unary(async (request: proto.CheckRequest) => new proto.CheckResponse().setInputs(request.getNews())),
    diffConfig: unary(async (request: proto.DiffRequest) =>
      diffResponse({
        olds: valuesOf(request.getOldInputs()),
        news: valuesOf(request.getNews()),
        replacing: providerReplacedBy(subjectOf(request.getUrn()).type),
        deleteFirst: false,
      }),
    ),
    configure: unary(async (request: proto.ConfigureRequest, peer) => {
      session.configure(peer, valuesOf(request.getArgs()));
      return new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true).setAcceptresources(true);
    }),
    invoke: unary(async (request: proto.InvokeRequest) => {
      const token = request.getTok();
      session.record("invoke", { type: token, name: token });
      const answer = session.behaviour.invokes?.[token];
      if (answer === undefined) throw new Error(`the simulated provider has no function ${token}`);
      return new proto.InvokeResponse().setReturn(structOf(answer));
    }),
    construct: unary(async (request: proto.ConstructRequest) => {
      const type = request.getType();
      session.record("construct", { type, name: request.getName() }, request.getDryrun());
      const component = session.behaviour.components?.[type];
      if (component === undefined) throw new Error(`the simulated provider has no component ${type}`);
      return construct(request, component);
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
    close: () => server.forceShutdown(),
  };
}
