import { setTimeout as sleep } from "node:timers/promises";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { diffResponse } from "./diff";
import { filled } from "./filled";
import { idOf } from "./identity";
import { replacedBy } from "./immutable";
import { initFailed } from "./initFailed";
import type { Session } from "./session";
import { unary } from "./unary";
import { structOf, valuesOf } from "./wire";

type Answers = Pick<IResourceProviderServer, "check" | "diff" | "create" | "read" | "update" | "delete">;

/** Answers about single resources. */
export function resourceAnswers(session: Session): Answers {
  const { behaviour } = session;
  return {
    check: unary(async (request: proto.CheckRequest, peer) => {
      const { subject, provider } = session.contextOf(request, peer);
      const inputs = valuesOf(request.getNews());
      const old = valuesOf(request.getOlds());
      const autonaming = request.getAutonaming();
      const checked = behaviour.check === "filled" ? filled({ subject, inputs, old, provider, autonaming }) : inputs;
      return new proto.CheckResponse().setInputs(structOf(checked));
    }),
    diff: unary(async (request: proto.DiffRequest, peer) => {
      const { subject, provider } = session.contextOf(request, peer);
      const olds = valuesOf(request.getOldInputs());
      const news = valuesOf(request.getNews());
      // Made-up names are always the same here, so what has one cannot exist twice either.
      const deleteFirst = idOf(subject, olds, provider) === idOf(subject, news, provider);
      return diffResponse({ olds, news, replacing: replacedBy(subject.type), deleteFirst });
    }),
    create: unary(async (request: proto.CreateRequest, peer) => {
      const { subject, provider, backend } = session.contextOf(request, peer);
      const { name } = subject;
      const order = { subject, provider, inputs: valuesOf(request.getProperties()) };
      const call = session.record("create", subject, request.getPreview());
      const response = new proto.CreateResponse();
      if (call.preview) return response.setProperties(structOf(await backend.plan(order)));
      if (behaviour.failCreate?.includes(name)) throw new Error(`the simulated provider was told to refuse ${name}`);
      await sleep(behaviour.slowCreate?.[name] ?? 0);
      const live = await backend.create(order);
      session.done(call);
      if (behaviour.partialCreate?.includes(name))
        throw initFailed(live, `the simulated provider was told that ${name} never becomes ready`);
      return response.setId(live.id).setProperties(structOf(live.outputs));
    }),
    read: unary(async (request: proto.ReadRequest, peer) => {
      const { subject, provider, backend } = session.contextOf(request, peer);
      const call = session.record("read", subject);
      const old = { inputs: valuesOf(request.getInputs()), outputs: valuesOf(request.getProperties()) };
      const live = await backend.read({ subject, provider, inputs: old.inputs, id: request.getId(), old });
      session.done(call);
      const response = new proto.ReadResponse();
      if (live === undefined) return response;
      return response.setId(live.id).setProperties(structOf(live.outputs)).setInputs(structOf(live.inputs));
    }),
    update: unary(async (request: proto.UpdateRequest, peer) => {
      const { subject, provider, backend } = session.contextOf(request, peer);
      const call = session.record("update", subject, request.getPreview());
      const inputs = valuesOf(request.getNews());
      const old = { inputs: valuesOf(request.getOldInputs()), outputs: valuesOf(request.getOlds()) };
      const outputs = await backend.update({ subject, provider, inputs, id: request.getId(), old }, call.preview);
      session.done(call);
      return new proto.UpdateResponse().setProperties(structOf(outputs));
    }),
    delete: unary(async (request: proto.DeleteRequest, peer) => {
      const { subject, provider, backend } = session.contextOf(request, peer);
      const call = session.record("delete", subject);
      const old = { inputs: valuesOf(request.getOldInputs()), outputs: valuesOf(request.getProperties()) };
      await backend.remove({ subject, provider, inputs: old.inputs, id: request.getId(), old });
      session.done(call);
      return new Empty();
    }),
  };
}
