import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { readRegister } from "../../../../systems/config/register";
import { jobNames } from "../../../../systems/omniverse/names";
import type { RunWith } from "../../../support/cronJob";
import { declaredGraph } from "../../../support/declaredGraph";
import { COPIES, canaries, clockAhead, type Estate, makeEstate } from "./fixture";

let graph: ResourceGraph;
let estate: Estate;
beforeAll(async () => {
  graph = await declaredGraph("prod");
});
beforeEach(async () => {
  estate = await makeEstate(graph);
});
afterEach(() => estate.close());

const copy = (runWith?: RunWith) => estate.job(jobNames.accounts, runWith);
const verify = (runWith?: RunWith) => estate.job(jobNames.verifyAccounts, runWith);
const drill = (runWith?: RunWith) => estate.job(jobNames.drillAccounts, runWith);
const labels = '{asset="omniverse/accounts",instance="omniverse/accounts",job="holdfast"';

describe("a copy of accounts and tags", () => {
  it("says what it holds, is locked, and is told to the alerts", async () => {
    const run = await copy();
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining('"accounts":2') as string]);
    const [manifest] = estate.points("accounts");
    expect(manifest.holds).toEqual({ version: "2023.2.9", accounts: 2, tags: 3 });
    expect(Date.parse(manifest.ended)).toBeGreaterThanOrEqual(Math.floor(Date.parse(manifest.capture) / 1000) * 1000);
    const series = await estate.gateway.series();
    const captured = Math.floor(Date.parse(manifest.capture) / 1000);
    expect(series[`holdfast_capture_timestamp_seconds${labels},role="full"}`]).toBe(captured);
    expect(estate.keys("backups/accounts/primary/copies/")).toHaveLength(1);
    for (const secret of canaries) expect(estate.said()).not.toContain(secret);
  });

  it.each<[string, () => RunWith | undefined, string]>([
    ["the ports of the tools are closed", () => void estate.nucleus({ ports: [] }), "nucleus-server:3006 refused"],
    ["the port of the dump is closed", () => void estate.nucleus({ ports: [3006] }), "nucleus-server:5555 refused"],
    ["the token is not the one", () => void estate.nucleus({ token: "other" }), "401 Unauthorized"],
    ["the tools die half way", () => void estate.nucleus({ fault: "dies" }), "could not copy accounts and tags"],
    ["what they wrote cannot be read", () => void estate.nucleus({ fault: "torn" }), "the copy cannot be read"],
    ["nobody has an account", () => void estate.nucleus({ accounts: [] }), "holds no account at all"],
    ["it does not restore whole", () => void estate.nucleus({ fault: "loses" }), "restored is not what was copied"],
    [
      "the server is of another version than the program says",
      () => void estate.nucleus({ version: "2023.2.8" }),
      "the server says that it is 2023.2.8, the program says 2023.2.9",
    ],
    ["the connection to the bucket is lost", () => ({ doubles: { AWS_DOUBLE_FAIL_PUT: "1" } }), "copy.0000"],
    ["the connection is lost at its last object", () => ({ doubles: { AWS_DOUBLE_FAIL_PUT: "2" } }), "cannot write"],
    [
      "the lock can be lifted",
      () => void estate.bucket(COPIES, { region: "eu-west-1", lock: { mode: "GOVERNANCE", days: 90 } }),
      "COMPLIANCE mode, got GOVERNANCE",
    ],
  ])("is none when %s, and the one before stays the newest", async (_, spoil, says) => {
    const run = await copy(spoil());
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining(says) as string]);
    expect(estate.points("accounts")).toEqual([]);
    expect(await estate.gateway.series()).toEqual({});
  });
});

describe("a rehearsal with accounts and tags", () => {
  it("restores the newest and an older copy, though both were overwritten and hidden since", async () => {
    await copy();
    estate.nucleus({ accounts: ["ann", "ben", "cleo"] });
    await copy();
    for (const key of estate.keys("backups/accounts/")) {
      estate.object(COPIES, key, "overwritten");
      estate.object(COPIES, key);
    }
    const run = await verify();
    expect([run.code, run.stderr]).toEqual([0, expect.stringMatching(/"accounts":3[\s\S]*"accounts":2/) as string]);
    expect(await estate.gateway.series()).toHaveProperty(
      [`holdfast_verified_timestamp_seconds${labels},role="verify"}`],
      expect.any(Number),
    );
  });

  it("passes over an older copy of the version before, which only that version restores", async () => {
    await copy();
    const program = { replace: { SERVER_VERSION: "2023.3.0" } };
    estate.nucleus({ version: "2023.3.0" });
    await copy(program);
    const run = await verify(program);
    expect([run.code, run.stderr]).toEqual([
      0,
      expect.stringContaining("is of Nucleus 2023.2.9: not restored") as string,
    ]);
  });

  it.each<[string, () => RunWith | undefined, string]>([
    ["there is no copy", () => void estate.age("backups/accounts/", 0), "no copy"],
    ["one does not restore whole", () => void estate.nucleus({ fault: "loses" }), "is not what was copied"],
    [
      "the newest is of another version",
      () => ({ replace: { SERVER_VERSION: "2023.3.0" } }),
      "was written by Nucleus 2023.2.9, here is 2023.3.0",
    ],
  ])("fails when %s, and measures nothing", async (what, spoil, says) => {
    if (what !== "there is no copy") await copy();
    const before = Object.keys(await estate.gateway.series());
    const with_ = spoil();
    const [first, second] = [await drill(with_), await verify(with_)];
    expect([first.code, second.code]).toEqual([1, 1]);
    if (what !== "there is no copy") expect(second.stderr).toContain(says);
    expect(first.stderr).toContain(says);
    expect(Object.keys(await estate.gateway.series())).toEqual(before);
  });

  it("measures how long a restore takes, and prints what the register reads", async () => {
    await copy();
    const run = await drill();
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining("restores") as string]);
    const said = JSON.parse(run.stdout);
    expect(said).toMatchObject({ asset: "omniverse/accounts", holds: { accounts: 2, tags: 3 }, verified: true });
    fs.writeFileSync(path.join(estate.folder, "drills.json"), JSON.stringify({ drills: said.records }));
    const { entries, problems } = readRegister(estate.folder, ["drills.json"]);
    expect(problems).toEqual([]);
    expect(entries.drills.map((one) => [one.asset, one.path, one.took])).toEqual(
      ["clean-room", "secondary"].map((where) => [
        "omniverse/accounts",
        `accounts-in-${where}`,
        `${said.restoreSeconds}s`,
      ]),
    );
  });

  it("fails where what it brings back is older than is promised, and than the schedule explains", async () => {
    await copy();
    const run = await drill(clockAhead(estate, 1));
    expect([run.code, run.stderr]).toEqual([
      1,
      expect.stringMatching(
        /as old as 86\d{3}s, promised \(RPO\) are 14400s; .* with one failed run it should be at most \d+s/,
      ) as string,
    ]);
    const { ageSeconds } = JSON.parse(run.stdout) as { ageSeconds: number };
    expect(ageSeconds).toBeGreaterThanOrEqual(86_400);
    expect(ageSeconds).toBeLessThan(86_700);
  });
});
