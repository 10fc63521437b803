import { describe, expect, it } from "vitest";
import { provision, type Tool } from "../../tools/provision";

const fails = (message: string) => () => {
  throw new Error(message);
};

async function told(tools: readonly Tool[]): Promise<{ lines: string[]; message: string | undefined }> {
  const lines: string[] = [];
  const message = await provision(tools, (line) => lines.push(line.replace(/[\d.]+ s$/, "N s"))).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { lines, message };
}

describe("the tools of the tests with real parts", () => {
  it("are obtained one after the other, each told with its seconds", async () => {
    const order: string[] = [];
    const slow = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push("slow");
    };
    expect(
      await told([
        ["slow", slow],
        ["quick", () => order.push("quick")],
      ]),
    ).toEqual({
      lines: ["slow: N s", "quick: N s"],
      message: undefined,
    });
    expect(order).toEqual(["slow", "quick"]);
  });

  it("stop the run where one is missing: every one is named, and the rest is obtained all the same", async () => {
    const rejects = () => Promise.reject(new Error("etcd is missing, there is no apt-get"));
    expect(
      await told([
        ["a", fails("a is missing, x")],
        ["etcd", rejects],
        ["b", () => 1],
      ]),
    ).toEqual({
      lines: ["a: missing", "etcd: missing", "b: N s"],
      message: "these tests need tools that are missing:\na is missing, x\netcd is missing, there is no apt-get",
    });
  });
});
