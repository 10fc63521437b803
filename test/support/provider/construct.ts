import * as grpc from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import * as monitorProto from "@pulumi/pulumi/proto/resource_pb.js";
import { packageOf } from "./subject";
import { unknown, type Value, type Values } from "./values";
import { structOf } from "./wire";

/** A component that a provider makes, like a Helm chart: what is in it, and what it tells of it. */
export interface Component {
  /** Pulumi names of the parts are `<component>-<suffix>`. */
  parts: { type: string; suffix: string; inputs: Values }[];
  /** Its state; at preview all of it is unknown. */
  state: Record<string, Value>;
}

/** Makes a component and its parts, as a provider does it: by registering them with the engine. */
export async function construct(
  request: proto.ConstructRequest,
  component: Component,
): Promise<proto.ConstructResponse> {
  const monitor = new ResourceMonitorClient(request.getMonitorendpoint(), grpc.credentials.createInsecure());
  try {
    const own = new monitorProto.RegisterResourceRequest()
      .setType(request.getType())
      .setName(request.getName())
      .setParent(request.getParent())
      .setObject(structOf({}));
    const { urn } = await register(monitor, own);
    for (const { type, suffix, inputs } of component.parts) {
      const part = new monitorProto.RegisterResourceRequest()
        .setType(type)
        .setName(`${request.getName()}-${suffix}`)
        .setParent(urn)
        .setCustom(true)
        .setObject(structOf(inputs))
        .setProvider(request.getProvidersMap().get(packageOf(type)) ?? "")
        .setAcceptsecrets(true);
      await register(monitor, part);
    }
    const state = Object.entries(component.state).map(([name, value]) => [name, request.getDryrun() ? unknown : value]);
    const outputs = structOf(Object.fromEntries(state) as Values);
    const registered = new monitorProto.RegisterResourceOutputsRequest().setUrn(urn).setOutputs(outputs);
    await new Promise<void>((resolve, reject) => {
      monitor.registerResourceOutputs(registered, (error: Error | null) => (error ? reject(error) : resolve()));
    });
    return new proto.ConstructResponse().setUrn(urn).setState(outputs);
  } finally {
    monitor.close();
  }
}

function register(
  monitor: ResourceMonitorClient,
  request: monitorProto.RegisterResourceRequest,
): Promise<{ urn: string }> {
  return new Promise((resolve, reject) => {
    monitor.registerResource(request, (error, response) => {
      if (error) reject(error);
      else resolve({ urn: response.getUrn() });
    });
  });
}
