import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  BACKEND,
  CANARY,
  damage,
  deployment,
  type Estate,
  IMAGE,
  incident,
  makeEstate,
  objects,
  REPLICA,
  SECRETS_PROVIDER,
  stackAt,
  ZONE,
} from "./fixture";

let estate: Estate;
beforeEach(async () => {
  estate = await makeEstate();
});
afterEach(() => estate.close());

type Asset = "state" | "keys" | "registry" | "dns" | "clusters" | "monitoring";

async function exported(asset: string): Promise<void> {
  const { code, stderr } = await estate.job(asset, "export.sh");
  expect([code, stderr]).toEqual([0, expect.stringContaining("exported") as string]);
}

const manifestsOf = (asset: string) =>
  Object.values(estate.objects(`exports/${asset}/points/`)).map(
    (body) => JSON.parse(body.toString()) as { counts: unknown; parts: { key: string }[] },
  );

describe("an export", () => {
  it.each<[Asset, unknown]>([
    ["state", { stacks: 1, resources: 2 }],
    ["keys", { secrets: 2 }],
    ["registry", { images: 1 }],
    ["dns", { zones: 1, records: 3 }],
    ["clusters", { objects: 3, kinds: 3 }],
    ["monitoring", { objects: 1, kinds: 1 }],
  ])("of %s is counted, locked in the bucket, and pushed", async (asset, counts) => {
    await exported(asset);
    expect(manifestsOf(asset).map((one) => one.counts)).toEqual([counts]);
    const series = await estate.gateway.series();
    const key = `holdfast_capture_timestamp_seconds{asset="platform/${asset}",instance="platform/${asset}",job="holdfast",role="full"}`;
    expect(Math.abs((series[key] ?? 0) - Date.now() / 1000)).toBeLessThan(60);
  });

  it.each<[string, Asset, () => void, string]>([
    [
      "a secret in clear",
      "state",
      () => {
        const open = JSON.stringify(deployment).replace('"ciphertext":"v1:c"', '"plaintext":"\\"x\\""');
        estate.write(stackAt(BACKEND), JSON.parse(open));
      },
      "holds a secret in clear",
    ],
    ["a list of names that was cut short", "dns", () => estate.write("aws/route53.json", soaOnly()), "is not whole"],
    ["no secret at all", "keys", () => estate.write("aws/secrets.json", {}), "there is no secret below"],
    [
      "an image of another digest",
      "registry",
      () => estate.write("skopeo/images.json", { [IMAGE]: "{}" }),
      "cannot copy",
    ],
    [
      "no object at all",
      "clusters",
      () => estate.write("kube/state.json", { objects: { "node/a": objects["node/a"] } }),
      "there is no object at all",
    ],
    [
      "a cluster that does not answer",
      "clusters",
      () => estate.write("kube/state.json", { down: true }),
      "cannot read",
    ],
  ])("with %s is refused, and the newest stays the newest", async (_, asset, spoil, says) => {
    spoil();
    const { code, stderr } = await estate.job(asset, "export.sh");
    expect([code, stderr]).toEqual([1, expect.stringContaining(says) as string]);
    expect(await estate.gateway.series()).toEqual({});
  });

  it("is refused by a bucket that does not lock long enough", async () => {
    const { code, stderr } = await estate.job("dns", "export.sh", [], { REQUIRED_LOCK_DAYS: "60" });
    expect([code, stderr]).toEqual([1, expect.stringContaining("must stay locked for 60 days") as string]);
    expect(manifestsOf("dns")).toEqual([]);
  });

  it("of secrets leaves none of them readable anywhere", async () => {
    await exported("keys");
    expect(estate.holding(CANARY)).toEqual(["aws/secrets.json"]);
  });

  it("of clusters leaves out what is not ours and what the cluster itself wrote", async () => {
    await exported("clusters");
    expect(estate.holding("coredns")).toEqual(["kube/state.json"]);
    const { "configmap/omendb-config": _, ...others } = objects;
    estate.write("kube/state.json", { objects: others });
    expect((await estate.job("clusters", "recover.sh", ["restore"], { IN_PLACE: "yes", ...incident() })).code).toBe(0);
    expect(estate.json("kube/state.json").objects["configmap/omendb-config"].metadata).not.toHaveProperty(
      "resourceVersion",
    );
  });

  it("goes in parts where one object would be too large", async () => {
    const { code } = await estate.job("dns", "export.sh", [], { PART_BYTES: "100" });
    expect(code).toBe(0);
    expect(manifestsOf("dns")[0]?.parts.length).toBeGreaterThan(1);
    expect((await estate.job("dns", "verify.sh")).code).toBe(0);
  });
});

describe("a verification", () => {
  it("reads back the newest and one older export, and finds what their manifests counted", async () => {
    await exported("state");
    await exported("state");
    const { code, stderr } = await estate.job("state", "verify.sh");
    expect([code, stderr.match(/holds \{/g)?.length]).toEqual([0, 2]);
  });

  it("fails where there is no export", async () => {
    const { code, stderr } = await estate.job("state", "verify.sh");
    expect([code, stderr]).toEqual([1, expect.stringContaining("no export of platform/state") as string]);
  });

  it("does not take an export that is dated ahead of now for the newest", async () => {
    await exported("state");
    const [file = ""] = estate.holding("").filter((one) => /%2Fpoints%2F.*\.json\/.*\.json$/.test(one));
    const ahead = (text: string) => text.replace(/(points(?:%2F|\/)2\d)\d/, "$19");
    writeFileSync(join(estate.dir, file), ahead(readFileSync(join(estate.dir, file), "utf8")));
    renameSync(dirname(join(estate.dir, file)), ahead(dirname(join(estate.dir, file))));
    const { code, stderr } = await estate.job("state", "verify.sh");
    expect([code, stderr]).toEqual([1, expect.stringContaining("is dated ahead of now") as string]);
  });

  it("fails where a part is not what was sent", async () => {
    await exported("state");
    const [manifest] = manifestsOf("state");
    const key = manifest?.parts[0]?.key ?? "";
    const [file = ""] = estate
      .holding("")
      .filter((one) => one.includes(encodeURIComponent(key)) && one.endsWith(".bin"));
    estate.write(file, "damaged");
    const { code, stderr } = await estate.job("state", "verify.sh");
    expect([code, stderr]).toEqual([1, expect.stringContaining("is damaged") as string]);
  });
});

describe("a drill", () => {
  it.each<[Asset, string]>([
    ["state", "every stack imported into an empty backend"],
    ["registry", "every image copied out of the export"],
    ["clusters", "without effect"],
    ["monitoring", "without effect"],
    ["dns", "0 record sets of the export are missing there, 0 changed, 0 added"],
    ["keys", "envelopes only"],
  ])("of %s rehearses what it can, changes nothing and measures", async (asset, rehearsed) => {
    await exported(asset);
    const before = ["kube/state.json", "skopeo/images.json", "aws/route53.json"].map(estate.json);
    const { code, stdout, stderr } = await estate.job(asset, "drill.sh");
    expect([code, stderr.includes("error")]).toEqual([0, false]);
    expect(JSON.parse(stdout)).toMatchObject({ asset: `platform/${asset}`, verified: true });
    expect((JSON.parse(stdout) as { rehearsed: string }).rehearsed).toContain(rehearsed);
    expect(["kube/state.json", "skopeo/images.json", "aws/route53.json"].map(estate.json)).toEqual(before);
    const series = Object.keys(await estate.gateway.series());
    expect(series.some((one) => one.startsWith(`holdfast_drill_restore_seconds{asset="platform/${asset}"`))).toBe(true);
  });

  it("fails where the API server refuses what was exported", async () => {
    await exported("clusters");
    estate.write("kube/state.json", { objects, refuse: "no" });
    expect((await estate.job("clusters", "drill.sh")).code).toBe(1);
  });
});

describe("a recovery", () => {
  const recover = async (asset: string, env: Record<string, string> = {}) => [
    (await estate.job(asset, "recover.sh", ["restore"], env)).code,
    (await estate.job(asset, "recover.sh", ["verify"], env)).code,
  ];

  it("gives every stack to the backend of the other region", async () => {
    await exported("state");
    expect((await estate.job("state", "recover.sh", ["verify"])).code).toBe(1);
    expect(await recover("state")).toEqual([0, 0]);
    // The export names the key of the lost region; the same key has another there.
    const provider = { type: "cloud", state: { url: SECRETS_PROVIDER, encryptedkey: "one" } };
    const given = { ...deployment.deployment, secrets_providers: provider };
    expect(estate.json(stackAt(REPLICA))).toEqual({ ...deployment, deployment: given });
  });

  it("leaves the newer state that replication brought there, unless it is damaged", async () => {
    await exported("state");
    const after = { ...deployment.deployment, resources: [...deployment.deployment.resources, { urn: "urn:later" }] };
    const newer = { ...deployment, deployment: after };
    estate.write(stackAt(REPLICA), newer);
    expect(await recover("state")).toEqual([0, 0]);
    expect(estate.json(stackAt(REPLICA))).toEqual(newer);
    expect(await recover("state", damage())).toEqual([0, 0]);
    expect(estate.json(stackAt(REPLICA)).deployment.resources).toEqual(deployment.deployment.resources);
  });

  it("writes back the names that are ours, and not those of the zone itself", async () => {
    await exported("dns");
    const name = `${ZONE} omendb.example.com. CNAME`;
    const zone = estate.json("aws/route53.json");
    const was = zone.records[name];
    zone.records[name] = { ...was, ResourceRecords: [{ Value: "evil.example.com" }] };
    estate.write("aws/route53.json", zone);
    // A name that a recovery has moved stays where it is.
    expect(await recover("dns")).toEqual([0, 0]);
    expect(estate.json("aws/route53.json").records[name]).toEqual(zone.records[name]);

    const damaged = damage();
    expect((await estate.job("dns", "recover.sh", ["verify"], damaged)).stderr).toContain(
      `changed CNAME omendb.example.com. in zone ${ZONE}: ResourceRecords.0.Value`,
    );
    expect(await recover("dns", damaged)).toEqual([0, 0]);
    expect(estate.json("aws/route53.json").records[name]).toEqual(was);
  });

  it("gives images back under their digests, and objects but for what takes an administrator", async () => {
    await exported("registry");
    expect(await recover("registry")).toEqual([0, 0]);
    expect(Object.keys(estate.json("skopeo/images.json"))).toHaveLength(2);

    await exported("clusters");
    estate.write("kube/state.json", { objects: {} });
    expect(await recover("clusters")).toEqual([0, 0]);
    expect(Object.keys(estate.json("kube/state.json").objects)).toEqual([
      "namespace/omendb-prod",
      "configmap/omendb-config",
    ]);
  });

  it("changes nothing of what stands ready elsewhere, and puts everything back in place", async () => {
    await exported("clusters");
    const ready = {
      kind: "ConfigMap",
      metadata: { name: "omendb-config", namespace: "omendb-prod" },
      data: { a: "b" },
    };
    const { "configmap/omendb-config": was, ...others } = objects;
    estate.write("kube/state.json", { objects: { ...others, "configmap/omendb-config": ready } });
    expect(await recover("clusters")).toEqual([0, 0]);
    expect(estate.json("kube/state.json").objects["configmap/omendb-config"].data).toEqual(ready.data);
    expect(await recover("clusters", { IN_PLACE: "yes", ...incident() })).toEqual([0, 0]);
    expect(estate.json("kube/state.json").objects["configmap/omendb-config"].data).toEqual(was.data);
  });

  it("writes names to other zones where the old account is lost", async () => {
    await exported("dns");
    const zone = estate.json("aws/route53.json");
    const own = Object.fromEntries(
      Object.entries(zone.records as Record<string, { Type: string }>)
        .filter(([, { Type }]) => Type !== "CNAME")
        .map(([key, set]) => [key.replace(ZONE, "ZNEW"), set]),
    );
    estate.write("aws/route53.json", { ...zone, records: { ...zone.records, ...own } });
    expect(await recover("dns", { ZONE_MAP: `${ZONE}=ZNEW`, CLEAN_ROOM: "yes", ...incident() })).toEqual([0, 0]);
    expect(estate.json("aws/route53.json").records).toHaveProperty(["ZNEW omendb.example.com. CNAME"]);
  });

  it("lays sealed envelopes ready for the clean room, still sealed", async () => {
    await exported("keys");
    expect((await estate.job("keys", "recover.sh", ["verify"])).code).toBe(1);
    expect(await recover("keys")).toEqual([0, 0]);
    const { "configmap/platform-sealed-1": one } = estate.json("kube/state.json").objects;
    const sealed = Buffer.from(one.binaryData.sealed, "base64").toString("latin1");
    expect([one.data.name, sealed.startsWith("age-encryption.org/v1\n")]).toEqual(["holdfast/prod/mail", true]);
    expect(estate.holding(CANARY)).toEqual(["aws/secrets.json"]);
  });

  it("takes the export before the damage", async () => {
    await exported("dns");
    const { code, stderr } = await estate.job("dns", "recover.sh", ["restore"], {
      ...incident(),
      RESTORE_BEFORE: "2026-01-01T00:00:00Z",
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining("no export of platform/dns not later than") as string]);
  });
});

function soaOnly() {
  const soa = { Name: "example.com.", Type: "SOA", TTL: 60, ResourceRecords: [{ Value: "ns-1." }] };
  return { records: { [`${ZONE} example.com. SOA`]: soa }, changes: {} };
}
