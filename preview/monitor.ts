import * as provider from "@pulumi/pulumi/proto/provider_pb";
import * as proto from "@pulumi/pulumi/proto/resource_pb";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Value } from "../policies/graph";
import { providerTypes, urnOf } from "./urn";
import { decodeObject, echoObject, unknownOnWire, type Wire } from "./wire";

/** One registration, before providers and links are resolved. */
export interface Registration {
  type: string;
  name: string;
  urn: string;
  custom: boolean;
  props: Record<string, Value>;
  parent: string;
  /** URN of the provider it names; empty for a default provider. */
  provider: string;
  /** Version of the SDK that made it, which names its default provider. */
  version: string;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  protect: boolean;
  ignoreChanges: string[];
  /** Where the program made it. */
  position?: { uri: string; line: number };
}

type Reply<T> = (error: unknown, answer: T) => void;

/** Features of the real engine that work without it; `outputValues` would only change how remote components see inputs. */
const features = new Set([
  "secrets",
  "resourceReferences",
  "deletedWith",
  "replaceWith",
  "aliasSpecs",
  "parameterization",
]);

/**
 * Stands where the engine would: notes what a program registers and answers as a first preview does, inputs known and
 * everything else unknown. Nothing is asked and nothing is invented.
 */
export class GraphMonitor extends MockMonitor {
  readonly registrations = new Map<string, Registration>();
  /** Functions of providers that the program called; nobody answered. */
  readonly asked = new Set<string>();

  constructor(
    private readonly stack: string,
    private readonly project: string,
    private readonly onRegistered: (count: number) => void,
  ) {
    super({ call: () => ({}), newResource: () => ({ id: undefined, state: {} }) });
  }

  override async registerResource(
    request: proto.RegisterResourceRequest,
    reply: Reply<proto.RegisterResourceResponse>,
  ): Promise<void> {
    const urn = urnOf(this.stack, this.project, request.getParent(), request.getType(), request.getName());
    if (this.registrations.has(urn)) {
      return reply(new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`), undefined as never);
    }
    const inputs = propertiesOf(request.getObject());
    this.registrations.set(urn, this.registrationOf(request, urn, inputs));
    this.onRegistered(this.registrations.size);
    const answer = new proto.RegisterResourceResponse();
    answer.setUrn(urn);
    // No id: an id that is set would be known, and it is not before deployment.
    answer.setObject(
      Struct.fromJavaScript(request.getRemote() ? {} : (echoObject(inputs) as { [key: string]: JavaScriptValue })),
    );
    reply(null, answer);
  }

  override registerResourceOutputs(request: proto.RegisterResourceOutputsRequest, reply: Reply<object>): void {
    const registration = this.registrations.get(request.getUrn());
    if (registration) registration.props = decodeObject(propertiesOf(request.getOutputs()));
    reply(null, {});
  }

  override async readResource(
    request: proto.ReadResourceRequest,
    reply: Reply<proto.ReadResourceResponse>,
  ): Promise<void> {
    // Not part of the graph, as in the engine; its properties are in a cloud that nobody asks.
    const answer = new proto.ReadResourceResponse();
    answer.setUrn(urnOf(this.stack, this.project, request.getParent(), request.getType(), request.getName()));
    answer.setProperties(new Struct());
    reply(null, answer);
  }

  override async invoke(request: proto.ResourceInvokeRequest, reply: Reply<provider.InvokeResponse>): Promise<void> {
    if (request.getTok() === "pulumi:pulumi:getResource") return reply(null, this.reference(request));
    this.asked.add(request.getTok());
    reply(null, unknownAnswer());
  }

  /** A resource of this program, found again by its URN. */
  private reference(request: proto.ResourceInvokeRequest): provider.InvokeResponse {
    const { urn } = propertiesOf(request.getArgs());
    const answer = new provider.InvokeResponse();
    answer.setReturn(Struct.fromJavaScript({ urn: String(urn), id: "", state: {} }));
    return answer;
  }

  /** A method of a remote component. */
  call(request: proto.ResourceCallRequest, reply: Reply<provider.InvokeResponse>): void {
    this.asked.add(request.getTok());
    reply(null, unknownAnswer());
  }

  override supportsFeature(request: proto.SupportsFeatureRequest, reply: Reply<proto.SupportsFeatureResponse>): void {
    const answer = new proto.SupportsFeatureResponse();
    answer.setHassupport(features.has(request.getId()));
    reply(null, answer);
  }

  private registrationOf(
    request: proto.RegisterResourceRequest,
    urn: string,
    inputs: { [key: string]: Wire },
  ): Registration {
    const type = request.getType();
    const isProvider = type.startsWith(providerTypes);
    // A component has what it registers as its outputs, which arrive later.
    const props = request.getCustom() ? decodeObject(inputs) : {};
    if (isProvider && request.getVersion() !== "") props.version = request.getVersion();
    const position = positionOf(request);
    return {
      type,
      name: request.getName(),
      urn,
      custom: (request.getCustom() || request.getRemote()) && !isProvider,
      props,
      parent: request.getParent(),
      // A reference is "<urn>::<id>".
      provider: request.getProvider().split("::").slice(0, -1).join("::"),
      version: request.getVersion(),
      dependencies: request.getDependenciesList(),
      propertyDependencies: dependenciesOf(request),
      protect: request.getProtect() ?? false,
      ignoreChanges: request.getIgnorechangesList(),
      ...(position === undefined ? {} : { position }),
    };
  }
}

function dependenciesOf(request: proto.RegisterResourceRequest): Record<string, string[]> {
  const result: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((dependencies, property) => {
    result[property] = dependencies.getUrnsList();
  });
  return result;
}

function propertiesOf(struct: Struct | undefined): { [key: string]: Wire } {
  return (struct?.toJavaScript() ?? {}) as { [key: string]: Wire };
}

/**
 * An answer that is unknown as a whole. The protocol only knows unknown properties, and which properties an answer has
 * is not known here: a property that nobody listed would read as absent, which is an invention. So the SDK is made to
 * put its unknown value under the answer (`__proto__`), where it covers every property; the second one serves functions
 * whose answer is the value of their only property.
 */
function unknownAnswer(): provider.InvokeResponse {
  const wire = JSON.parse(`{"__proto__":"${unknownOnWire}","value":"${unknownOnWire}"}`) as { [key: string]: Wire };
  const answer = new provider.InvokeResponse();
  const struct = new Struct();
  struct.toJavaScript = () => wire as ReturnType<Struct["toJavaScript"]>;
  answer.setReturn(struct);
  return Object.assign(answer, { getReturndependenciesMap: () => undefined });
}

/** The first line of the program itself on the way to the constructor. */
function positionOf(request: proto.RegisterResourceRequest): Registration["position"] {
  const frames = request.getStacktrace()?.getFramesList() ?? [];
  for (const frame of frames) {
    const at = frame.getPc();
    if (at && !at.getUri().includes("/node_modules/")) return { uri: at.getUri(), line: at.getLine() };
  }
  return undefined;
}
