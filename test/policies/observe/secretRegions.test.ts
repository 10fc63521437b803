import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { here, stepOf } from "./nucleus";
import { edit, messages, type Parts, resource } from "./program";
import { asset, kept } from "./s3Program";

const title = "Secret password";

/** A recovery in the other region that asks for a secret of the first one. */
function asking(replicas: Value): Parts {
  const secret = resource(
    "aws:secretsmanager/secret:Secret",
    "password",
    { name: "nucleus", replicas },
    { provider: here },
  );
  const step = stepOf(asset, "serve-elsewhere", "region", "object-replica", { name: "DB_SECRET", value: "nucleus" });
  const env = "spec.jobTemplate.spec.template.spec.containers[0].env";
  const all = { ...kept(), secret, elsewhere: step };
  return edit(all, "elsewhere", env, [
    { name: "BUCKET", value: "s3://assets-far/" },
    { name: "DB_SECRET", value: "nucleus" },
  ]);
}

describe("a secret that a recovery in another region asks for", () => {
  it("is there where its replicas name that region", () => {
    expect(messages(asking([{ region: "eu-west-1" }]))).toEqual([]);
  });

  it.each([
    ["has none", undefined],
    ["has one elsewhere", [{ region: "eu-north-1" }]],
  ])("is out of reach where it %s", (_, replicas) => {
    expect(messages(asking(replicas))).toEqual([
      `CronJob serve-elsewhere-step asks for ${title} in eu-west-1, where it is not: add eu-west-1 to its replicas, or a recovery there starts nothing that needs it`,
    ]);
  });

  it.each<[string, Value]>([
    ["its replicas", UNKNOWN],
    ["the region of one", [{ region: UNKNOWN }]],
  ])("is no secret that is there where nobody knows %s", (_, replicas) => {
    expect(messages(asking(replicas))).toEqual([expect.stringContaining("is not known before deployment")]);
  });

  it("is asked for where the container is told to ask", () => {
    const env = "spec.jobTemplate.spec.template.spec.containers[0].env";
    const told = edit(asking(undefined), "elsewhere", env, [
      { name: "BUCKET", value: "s3://assets-far/" },
      { name: "AWS_REGION", value: "eu-central-1" },
      { name: "DB_SECRET", value: "nucleus" },
    ]);
    expect(messages(told)).toEqual([]);
  });

  it("is people's own where the recovery runs beyond what the program reaches", () => {
    const beyond = edit(asking(undefined), "elsewhere", `metadata.annotations["holdfast.dev/runs-at"]`, "clean-room");
    expect(messages(beyond).filter((one) => one.includes(title))).toEqual([]);
  });
});
