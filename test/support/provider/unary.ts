import * as grpc from "@grpc/grpc-js";

/** Answers a call; an error may be one of gRPC's own, with details for the engine. */
export function unary<Request, Response>(
  answer: (request: Request, peer: string) => Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    answer(call.request, call.getPeer()).then(
      (response) => callback(null, response),
      (error: unknown) => {
        if (error instanceof Error) callback({ code: grpc.status.UNKNOWN, details: error.message });
        else callback(error as Partial<grpc.StatusObject>);
      },
    );
  };
}
