import * as grpc from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import { Status } from "@pulumi/pulumi/proto/status_pb.js";
import { Any } from "google-protobuf/google/protobuf/any_pb.js";
import type { Live } from "./backend";
import { structOf } from "./wire";

/**
 * The error of a creation that failed after the thing came to exist: the engine keeps the resource with its errors and
 * updates it next time (pulumi/pulumi#1836).
 */
export function initFailed(live: Live, reason: string): Partial<grpc.StatusObject> {
  const detail = new proto.ErrorResourceInitFailed()
    .setId(live.id)
    .setProperties(structOf(live.outputs))
    .setInputs(structOf(live.inputs))
    .setReasonsList([reason]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(reason).setDetailsList([any]);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: reason, metadata };
}
