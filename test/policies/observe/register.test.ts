import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { observe } from "../../../policies/observe";
import { assumption, declaredGraph, edit, forgotten, healthy, messages, read, registered, resource } from "./program";

const day = 86_400;

describe("register", () => {
  it("reads spans as seconds and fills in what Kubernetes does", () => {
    const { register } = read(healthy()).plan;
    expect(register.assumptions.find(({ term }) => term === "acknowledge")?.seconds).toBe(300);
    expect(register.assumptions.find(({ term }) => term === "restore-rate")?.bytesPerSecond).toBe(50_000_000);
    expect(register.sites.map(({ nodeGrace, controllerTimeZone }) => [nodeGrace, controllerTimeZone])).toEqual([
      [50, "Etc/UTC"],
      [50, "Etc/UTC"],
      [50, "Etc/UTC"],
    ]);
  });

  it("knows which sites the program holds credentials for", () => {
    const { sites } = read(healthy()).plan.register;
    expect(sites.map(({ name, place }) => [name, place.deployed])).toEqual([
      ["clean-room", false],
      ["primary", true],
      ["secondary", true],
    ]);
  });

  it("takes a site for reached when a provider does not say which account it leads to", () => {
    const parts = healthy();
    const anywhere = resource("pulumi:providers:aws", "anywhere", { region: "eu-west-1" });
    expect(read({ ...parts, anywhere }).plan.register.sites.every(({ place }) => place.deployed)).toBe(true);
  });

  const wrong: [string, string, Value, string][] = [
    [
      "an assumption's span",
      "assumptions[0].value",
      "15 minutes",
      'assumption omendb-acknowledge: value must be a duration such as "15m" or "1h30m", got "15 minutes"',
    ],
    [
      "a missing span",
      "assumptions[0].value",
      undefined,
      'assumption omendb-acknowledge: value must be a duration such as "15m" or "1h30m", got nothing',
    ],
    [
      "a span that is not known",
      "assumptions[0].value",
      UNKNOWN,
      'assumption omendb-acknowledge: value must be a duration such as "15m" or "1h30m", but it is not known before deployment',
    ],
    [
      "a missing owner",
      "assumptions[0].owner",
      undefined,
      'assumption omendb-acknowledge: owner must be a text such as "database team", got nothing',
    ],
    [
      "a day that does not exist",
      "assumptions[0].expires",
      "2027-02-30",
      'assumption omendb-acknowledge: expires must be a day such as "2027-03-01", got "2027-02-30"',
    ],
    [
      "a rate of nothing",
      "assumptions[7].bytesPerSecond",
      0,
      "assumption omendb-restore-rate: bytesPerSecond must be a whole number from 1 on, such as 50000000, got 0",
    ],
    [
      "a missing rate",
      "assumptions[7].bytesPerSecond",
      undefined,
      "assumption omendb-restore-rate: bytesPerSecond must be a whole number from 1 on, such as 50000000, got nothing",
    ],
    [
      "a disruption that is none",
      "assumptions[0].disruptions",
      ["flood"],
      'assumption omendb-acknowledge: disruptions must be among process, node, zone, region, corruption, compromise, got ["flood"]',
    ],
    [
      "no assets",
      "assumptions[0].assets",
      [],
      'assumption omendb-acknowledge: assets must name at least one asset, such as ["omendb/*"], got []',
    ],
    [
      "a site without zones",
      "sites[0].zones",
      [],
      'site primary: zones must name at least one zone, such as ["eu-central-1a"], got []',
    ],
    [
      "a zone named twice",
      "sites[0].zones",
      ["a", "b", "a"],
      'site primary: zones must name each zone once, got ["a","b","a"]',
    ],
    [
      "an owner of blanks",
      "assumptions[0].owner",
      " ",
      'assumption omendb-acknowledge: owner must be a text such as "database team", got " "',
    ],
    [
      "an account with a blank",
      "sites[0].account",
      "111111111111 ",
      'site primary: account must be a text such as "111111111111", got "111111111111 "',
    ],
    [
      "a storage class",
      "sites[0].storageClasses.efs.survives",
      "galaxy",
      'site primary: storageClasses["efs"].survives must be one of process, node, zone, region, got "galaxy"',
    ],
    [
      "a node grace",
      "sites[0].nodeGrace",
      "-5s",
      'site primary: nodeGrace must be a duration such as "15m" or "1h30m", got "-5s"',
    ],
  ];
  it.each(wrong)(
    "names entry, field, value and what is allowed for %s, and the entry does not count",
    (_what, path, value, message) => {
      const parts = edit(healthy(), "register", path, value);
      expect(messages(parts)).toContain(message);
      const before = read(healthy()).plan.register;
      const after = read(parts).plan.register;
      expect(after.assumptions.length + after.sites.length).toBe(before.assumptions.length + before.sites.length - 1);
    },
  );

  it("names the allowed terms for a term that is none", () => {
    const [message] = messages(edit(healthy(), "register", "assumptions[0].term", "hope"));
    expect(message).toMatch(/^assumption omendb-acknowledge: term must be one of acknowledge, decide, .*, got "hope"$/);
  });

  it("says everything that is wrong at once", () => {
    const parts = edit(edit(healthy(), "register", "assumptions[0].owner", 5), "register", "sites[0].region", "");
    expect(messages(parts).filter((message) => message.includes("must be a text"))).toEqual([
      'assumption omendb-acknowledge: owner must be a text such as "database team", got 5',
      'site primary: region must be a text such as "eu-central-1", got ""',
    ]);
  });

  it("counts an entry through its last day, and not after", () => {
    const last = Date.UTC(2027, 2, 1) / 1000;
    const on = (instant: number) => observe(declaredGraph(healthy()), instant);
    expect(on(last + day - 1).problems).toEqual([]);
    const after = on(last + day);
    expect(after.plan.register.assumptions).toEqual([]);
    expect(after.problems.map(({ message }) => message)).toContain(
      "assumption omendb-acknowledge expired on 2027-03-01: renew it with a reason, or mend what it stands for",
    );
  });

  it("refuses an entry that reaches more than 366 days ahead", () => {
    const until = (expires: string) => messages(edit(healthy(), "register", "assumptions[0].expires", expires));
    expect(until("2027-11-22")).toEqual([]);
    expect(until("2027-11-23")).toEqual([
      "assumption omendb-acknowledge expires on 2027-11-23, more than 366 days ahead: somebody must look at it once a year",
    ]);
  });

  it("refuses two sites behind one context", () => {
    expect(messages(edit(healthy(), "register", "sites[2].context", "prod-eu-west-1"))).toContain(
      "sites clean-room and secondary name one Kubernetes context: keep one of them",
    );
  });

  it("takes a site for reached whose account is that of a reached one, or that a provider without context may mean", () => {
    const deployed = (parts: ReturnType<typeof healthy>) =>
      read(parts).plan.register.sites.find(({ name }) => name === "clean-room")?.place.deployed;
    expect(deployed(healthy())).toBe(false);
    const same = edit(healthy(), "register", "sites[2].account", "111111111111");
    expect(deployed(same)).toBe(true);
    expect(deployed(edit(same, "register", "sites[2].cloud", "gcp"))).toBe(true);
    const anywhere = resource("pulumi:providers:kubernetes", "anywhere", { kubeconfig: "{}" });
    expect(deployed({ ...healthy(), anywhere })).toBe(true);
  });

  it("refuses waivers and drills of what nothing declares, and drills that do not say of how much", () => {
    const waiver = { rule: "rto-is-met", owner: "me", reason: "later", ticket: "OPS-1", expires: "2026-12-20" };
    expect(messages(registered(healthy(), "waivers", { ...waiver, asset: "omendb/other" }))).toEqual([
      "waiver of rto-is-met is for omendb/other, which nothing promises",
    ]);
    const drill = { id: "d1", path: "takeover", asset: "omendb/data", date: "2026-11-01", took: "1m", verified: true };
    const drilled = (more: Record<string, Value>) =>
      messages(registered(healthy(), "drills", { ...drill, bytes: 1, ...more }));
    expect(drilled({})).toEqual([]);
    expect(drilled({ asset: "omendb/other" })).toEqual(["drill record d1 is of omendb/other, which nothing promises"]);
    expect(drilled({ path: "hope" })).toEqual([
      "drill record d1 is of path hope, by which nothing recovers omendb/data",
    ]);
    expect(drilled({ bytes: undefined })).toEqual([
      "drill record d1: bytes must be a whole number from 1 on, such as 10000000, got nothing",
    ]);
  });

  it("does not count a drill that has not happened yet", () => {
    const drill = {
      id: "d1",
      asset: "omendb/data",
      path: "takeover",
      date: "2026-11-22",
      took: "1m",
      bytes: 1,
      verified: true,
    };
    const parts = registered(healthy(), "drills", drill);
    expect(read(parts).plan.register.drills).toEqual([]);
    expect(messages(parts)).toEqual(["drill record d1 is dated 2026-11-22, which has not come yet"]);
  });

  it("drops an expired waiver and says so", () => {
    const waiver = {
      rule: "rto-is-met",
      asset: "omendb/data",
      owner: "me",
      reason: "later",
      ticket: "OPS-1",
      expires: "2026-11-20",
    };
    const parts = registered(healthy(), "waivers", waiver);
    expect(read(parts).plan.register.waivers).toEqual([]);
    expect(messages(parts)[0]).toMatch(/^waiver rto-is-met for omendb\/data expired on 2026-11-20/);
  });

  it("merges several registers, and notes an entry that two write differently", () => {
    const acknowledge = assumption("acknowledge", "5m");
    const other = (entry: Value) =>
      resource("holdfast:register:Register", "other", { sites: [], assumptions: [entry], waivers: [], drills: [] });
    const parts = forgotten(healthy(), "decide");
    const merged = { ...parts, other: other(assumption("decide", "1m")) };
    expect(read(merged).plan.register.assumptions.find(({ term }) => term === "decide")?.seconds).toBe(60);
    expect(messages({ ...healthy(), other: other(acknowledge) })).toEqual([]);
    expect(messages({ ...healthy(), other: other({ ...acknowledge, value: "1m" }) })).toEqual([
      "assumption omendb-acknowledge is written twice and differs: keep one of them",
    ]);
  });

  it("cannot prove anything from a register that is not known", () => {
    const parts = edit(healthy(), "register", "assumptions", UNKNOWN);
    expect(read(parts).problems).toContainEqual(
      expect.objectContaining({
        message: "assumptions of Register register is not known before deployment",
        cannotProve: true,
      }),
    );
  });
});
