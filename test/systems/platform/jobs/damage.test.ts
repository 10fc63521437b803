import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  damage,
  deployment,
  type Estate,
  IMAGE,
  incident,
  makeEstate,
  objects,
  REPLICA,
  stackAt,
  ZONE,
} from "./fixture";

let estate: Estate;
beforeEach(async () => {
  estate = await makeEstate();
});
afterEach(() => estate.close());

const exported = async (asset: string, env: Record<string, string> = {}) =>
  expect(await estate.job(asset, "export.sh", [], env)).toMatchObject({ code: 0 });
const step = (asset: string, name: "restore" | "verify", env: Record<string, string>) =>
  estate.job(asset, "recover.sh", [name], env);
const idIn = (log: string) => /ACCEPTED=([0-9a-f]{16})/.exec(log)?.[1] ?? "no id";
/** What a step says of each thing, without the time and the script. */
const named = (log: string) =>
  [...log.matchAll(/recover\.sh: ((?:added|changed|missing|left as it is) ?:? ?.*)$/gm)].map(([, words]) => words);

describe("the verification of names", () => {
  const set = (Name: string, Type: string, ...values: string[]) => ({
    Name,
    Type,
    TTL: 60,
    ResourceRecords: values.map((Value) => ({ Value })),
  });
  const own = `${ZONE} omendb.example.com. CNAME`;
  const planted = set("evil.example.com.", "A", "192.0.2.66");
  const zone = () => estate.json("aws/route53.json");
  const write = (records: object) => estate.write("aws/route53.json", { ...zone(), records });

  const cases: [string, (records: Record<string, object>) => object, string][] = [
    [
      "added",
      (records) => ({ ...records, [`${ZONE} evil.example.com. A`]: planted }),
      `added A evil.example.com. in zone ${ZONE}`,
    ],
    [
      "changed",
      (records) => ({ ...records, [own]: set("omendb.example.com.", "CNAME", "evil.example.com") }),
      `changed CNAME omendb.example.com. in zone ${ZONE}: ResourceRecords.0.Value`,
    ],
    ["missing", ({ [own]: _, ...others }) => others, `missing CNAME omendb.example.com. in zone ${ZONE}`],
    [
      "delegated to others",
      (records) => ({ ...records, [`${ZONE} example.com. NS`]: set("example.com.", "NS", "ns-evil.") }),
      `changed NS example.com. in zone ${ZONE}: ResourceRecords.0.Value`,
    ],
  ];

  it.each(cases)("after damage names what was %s, and fails", async (_, spoil, says) => {
    await exported("dns");
    write(spoil(zone().records));
    const { code, stderr } = await step("dns", "verify", damage());
    expect([code, named(stderr)]).toEqual([1, [says]]);
  });

  it("of a lost region names what was moved or added since and fails only for what is missing", async () => {
    await exported("dns");
    const whole = zone().records;
    for (const [, spoil] of cases.slice(0, 2)) write(spoil(zone().records));
    const { code, stderr } = await step("dns", "verify", {});
    const says = [cases[1]?.[2], cases[0]?.[2]].map((one) => `left as it is: ${one}`);
    expect([code, named(stderr).sort()]).toEqual([0, says.sort()]);
    write(cases[2]?.[1](whole) ?? {});
    expect(await step("dns", "verify", {})).toMatchObject({ code: 1 });
  });

  it("does not mind in which order the values of a name come", async () => {
    const key = `${ZONE} mail.example.com. MX`;
    write({ ...zone().records, [key]: set("mail.example.com.", "MX", "10 one.", "20 two.") });
    await exported("dns");
    write({ ...zone().records, [key]: set("mail.example.com.", "MX", "20 two.", "10 one.") });
    expect(await step("dns", "verify", damage())).toMatchObject({ code: 0 });
  });

  it("removes what was added only where somebody has read exactly that list", async () => {
    await exported("dns");
    const before = zone().records;
    // A record of another type stands where a name was.
    const { [own]: _, ...others } = before;
    const hijacked = { ...others, [`${ZONE} omendb.example.com. A`]: set("omendb.example.com.", "A", "192.0.2.66") };
    write(hijacked);
    const { stderr } = await step("dns", "verify", damage());
    const id = idIn(stderr);
    expect(stderr).toContain(`where REMOVE=${id} is said`);

    write({ ...hijacked, [`${ZONE} late.example.com. A`]: set("late.example.com.", "A", "192.0.2.7") });
    const refused = await step("dns", "restore", { ...damage(), REMOVE: id });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("nothing is removed") as string]);
    expect(Object.keys(zone().records)).toHaveLength(Object.keys(hijacked).length + 1);

    write(hijacked);
    const restored = await step("dns", "restore", { ...damage(), REMOVE: id });
    expect(restored.stderr).toContain(`removed for incident INC-7: A omendb.example.com. in zone ${ZONE}`);
    expect([restored.code, zone().records]).toEqual([0, before]);
    expect(await step("dns", "verify", damage())).toMatchObject({ code: 0 });
  });
});

describe("the verification of objects", () => {
  const KINDS = "namespaces configmaps deployments.apps rolebindings.rbac.authorization.k8s.io";
  const kinds = { KINDS, ADMIN_KINDS: "rolebindings.rbac.authorization.k8s.io" };
  const inPlace = () => ({ ...kinds, IN_PLACE: "yes", ...incident() });
  const inRoom = () => ({ ...kinds, CLEAN_ROOM: "yes", ...incident() });
  const web = (image: string, metadata: object = {}) => ({
    kind: "Deployment",
    metadata: { name: "web", namespace: "omendb-prod", ...metadata },
    spec: { template: { spec: { containers: [{ name: "web", image }] } } },
  });
  const binding = (name: string, namespace: string, subject: object) => ({
    kind: "RoleBinding",
    metadata: { name, namespace },
    subjects: [subject],
  });
  const declared: Record<string, object> = { ...objects, "deployment/web": web("good") };
  const cluster = (changes: Record<string, object | undefined>) =>
    estate.write("kube/state.json", {
      objects: Object.fromEntries(Object.entries({ ...declared, ...changes }).filter(([, one]) => one !== undefined)),
    });
  beforeEach(async () => {
    cluster({});
    await exported("clusters", kinds);
  });

  const deployed = (name: string, metadata: object = {}) => ({
    kind: "Deployment",
    metadata: { name, namespace: "omendb-prod", ...metadata },
  });
  const image: Record<string, object> = { "deployment/web": web("evil") };
  const imageSays = "changed deployments.apps omendb-prod/web: spec.template.spec.containers.0.image";
  const miner: Record<string, object> = { "deployment/miner": deployed("miner") };
  const minerSays = "added deployments.apps omendb-prod/miner";
  const damages: [string, Record<string, object | undefined>, string][] = [
    ["another image", image, imageSays],
    ["one more Deployment", miner, minerSays],
    [
      "a Deployment that names an owner",
      { "deployment/owned": deployed("owned", { ownerReferences: [{ name: "web" }] }) },
      "added deployments.apps omendb-prod/owned",
    ],
    [
      "a Deployment under the name of what the cluster writes",
      { "deployment/kube-root-ca.crt": deployed("kube-root-ca.crt") },
      "added deployments.apps omendb-prod/kube-root-ca.crt",
    ],
    [
      "one more right in our namespace",
      { "rolebinding/extra": binding("extra", "omendb-prod", { kind: "User", name: "evil" }) },
      "added rolebindings.rbac.authorization.k8s.io omendb-prod/extra",
    ],
    [
      "a right elsewhere for an account of ours",
      {
        "rolebinding/far": binding("far", "kube-system", {
          kind: "ServiceAccount",
          name: "web",
          namespace: "omendb-prod",
        }),
      },
      "added rolebindings.rbac.authorization.k8s.io kube-system/far",
    ],
    ["one object less", { "configmap/omendb-config": undefined }, "missing configmaps omendb-prod/omendb-config"],
  ];
  const all = Object.assign({}, ...damages.map(([, changes]) => changes)) as Record<string, object | undefined>;

  it.each([
    ["in place", inPlace],
    ["in a clean room", inRoom],
  ])(`%s names ${damages.map(([what]) => what).join(", ")}, and fails`, async (_, how) => {
    cluster(all);
    const { code, stderr } = await step("clusters", "verify", how());
    expect([code, named(stderr).sort()]).toEqual([1, damages.map(([, , says]) => says).sort()]);
  });

  it("in a clean room leaves what the recovery kit brought into our own namespace", async () => {
    const kit = { kind: "ConfigMap", metadata: { name: "platform-site", namespace: "platform" } };
    cluster({ "configmap/platform-site": kit });
    const { code, stderr } = await step("clusters", "verify", inRoom());
    expect([code, named(stderr)]).toEqual([0, ["left as it is: added configmaps platform/platform-site"]]);
    expect(await step("clusters", "verify", inPlace())).toMatchObject({ code: 1 });
  });

  it("at the other site leaves what differs there, names it, and fails for what is missing", async () => {
    cluster({ ...image, ...miner });
    const { code, stderr } = await step("clusters", "verify", kinds);
    const says = [imageSays, minerSays].map((words) => `left as it is: ${words}`);
    expect([code, named(stderr).sort()]).toEqual([0, says.sort()]);
    cluster({ "deployment/web": undefined });
    expect(await step("clusters", "verify", kinds)).toMatchObject({ code: 1 });
  });

  it("knows nothing of what a cluster writes itself", async () => {
    const annotations = { "deployment.kubernetes.io/revision": "7" };
    cluster({
      "deployment/web": { ...web("good", { uid: "9", generation: 4, annotations }), status: { replicas: 1 } },
    });
    expect(await step("clusters", "verify", inPlace())).toMatchObject({ code: 0 });
  });

  it("finds everything as it was once it is put back, what was added to an object included, and deletes nothing", async () => {
    const spoiled = { ...objects["configmap/omendb-config"], data: { "omendb.toml": "", evil: "yes" } };
    cluster({ ...image, ...miner, "configmap/omendb-config": spoiled });
    expect(await step("clusters", "restore", inPlace())).toMatchObject({ code: 0 });
    const { code, stderr } = await step("clusters", "verify", inPlace());
    expect([code, named(stderr)]).toEqual([1, [minerSays]]);
    const now = estate.json("kube/state.json").objects;
    expect(now["deployment/web"].spec).toEqual(web("good").spec);
    expect(now["configmap/omendb-config"].data).toEqual({ "omendb.toml": "" });
  });

  it("passes differences that somebody has looked at, and no other", async () => {
    cluster(miner);
    const id = idIn((await step("clusters", "verify", inPlace())).stderr);
    const accepted = await step("clusters", "verify", { ...inPlace(), ACCEPTED: id });
    expect(accepted.stderr).toContain(`accepted for incident INC-7: exactly these 1 differences, ${id}`);
    expect(accepted.code).toBe(0);
    // The same name with other content is another difference.
    cluster({ "deployment/miner": { ...deployed("miner"), spec: {} } });
    expect(await step("clusters", "verify", { ...inPlace(), ACCEPTED: id })).toMatchObject({ code: 1 });
  });

  it("prints no value of anything that differs", async () => {
    const spoiled = { ...objects["configmap/omendb-config"], data: { "omendb.toml": "SECRET-IN-A-MAP" } };
    cluster({ "configmap/omendb-config": spoiled });
    const { stderr } = await step("clusters", "verify", inPlace());
    expect(stderr).toContain("changed configmaps omendb-prod/omendb-config: data.omendb.toml");
    expect(stderr).not.toContain("SECRET-IN-A-MAP");
  });
});

describe("the verification of the state", () => {
  it("after damage names a resource whose inputs are not what they were", async () => {
    await exported("state");
    expect(await step("state", "restore", {})).toMatchObject({ code: 0 });
    const [stack, one] = deployment.deployment.resources;
    const changed = { ...one, outputs: { ...one?.outputs, length: 1 } };
    estate.write(stackAt(REPLICA), { ...deployment, deployment: { resources: [stack, changed] } });
    const { code, stderr } = await step("state", "verify", damage());
    expect([code, named(stderr)]).toEqual([
      1,
      [`changed ${one?.urn} of stack organization/holdfast/prod: outputs.length`],
    ]);
    // What replication brought is newer: a lost region leaves it.
    const left = await step("state", "verify", {});
    expect([left.code, named(left.stderr)[0]]).toEqual([
      0,
      expect.stringContaining("left as it is: changed") as string,
    ]);
  });

  it("does not mind that an import encrypts every secret anew", async () => {
    await exported("state");
    const text = JSON.stringify(deployment).replace("v1:c", "v1:another");
    estate.write(stackAt(REPLICA), JSON.parse(text));
    expect(await step("state", "verify", damage())).toMatchObject({ code: 0 });
  });
});

it("names an envelope that no export holds before anybody opens it", async () => {
  await exported("keys");
  expect(await step("keys", "restore", { CLEAN_ROOM: "yes", ...incident() })).toMatchObject({ code: 0 });
  const { objects: there } = estate.json("kube/state.json");
  const labels = { "holdfast.dev/sealed": "yes" };
  const extra = { kind: "ConfigMap", metadata: { name: "platform-sealed-9", namespace: "platform", labels } };
  estate.write("kube/state.json", { objects: { ...there, "configmap/platform-sealed-9": extra } });
  const { code, stderr } = await step("keys", "verify", { CLEAN_ROOM: "yes", ...incident() });
  expect([code, stderr]).toEqual([1, expect.stringContaining("not to be opened: platform-sealed-9") as string]);
});

it("copies an image that is named by tag and digest by its digest alone", async () => {
  const tagged = IMAGE.replace("@", ":v1.2@");
  await exported("registry", { IMAGES: tagged });
  expect(await step("registry", "restore", {})).toMatchObject({ code: 0 });
  expect(await step("registry", "verify", {})).toMatchObject({ code: 0 });
  const digest = IMAGE.split("@")[1];
  const to = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/recovered";
  expect(Object.keys(estate.json("skopeo/images.json")).sort()).toEqual([`${to}/omendb@${digest}`, IMAGE]);
});

describe("what a person says for an incident", () => {
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  const left = { RESTORE_BEFORE: "2999-01-01T00:00:00Z" };

  it.each<[string, Record<string, string>, string]>([
    ["is refused without the incident", left, "platform-incident must say INCIDENT and INCIDENT_WRITTEN"],
    ["is refused where no incident is named at damage", { IN_PLACE: "yes" }, "platform-incident must say INCIDENT"],
    [
      "is refused where no incident is named in a clean room",
      { CLEAN_ROOM: "yes" },
      "platform-incident must say INCIDENT",
    ],
    [
      "is refused once it is too old",
      { ...left, INCIDENT: "INC-1", INCIDENT_WRITTEN: ago(13) },
      "is of incident INC-1, written",
    ],
    [
      "is refused from the future",
      { ...left, INCIDENT: "INC-1", INCIDENT_WRITTEN: ago(-1) },
      "must not be in the future",
    ],
    ["is refused with a time that is none", { ...left, INCIDENT: "INC-1", INCIDENT_WRITTEN: "soon" }, "got 'soon'"],
  ])("%s", async (_, env, says) => {
    const { code, stderr } = await step("dns", "restore", env);
    expect([code, stderr]).toEqual([1, expect.stringContaining(says) as string]);
    expect(estate.json("aws/route53.json").changes).toEqual({});
  });

  it("holds for its hours, and the log names it", async () => {
    await exported("dns");
    const { code, stderr } = await step("dns", "restore", { ...left, INCIDENT: "INC-1", INCIDENT_WRITTEN: ago(11) });
    expect([code, stderr]).toEqual([0, expect.stringContaining("incident INC-1, written") as string]);
  });

  it("leaves out what was exported after the damage was noticed", async () => {
    await exported("clusters");
    const before = { IN_PLACE: "yes", INCIDENT: "INC-1", INCIDENT_WRITTEN: ago(1) };
    expect((await step("clusters", "restore", before)).stderr).toContain(
      "no export of platform/clusters not later than",
    );
  });

  it("leaves out in a clean room what was written after it, whatever moment its name claims", async () => {
    await exported("keys");
    const room = { CLEAN_ROOM: "yes", INCIDENT: "INC-1", INCIDENT_WRITTEN: ago(1) };
    // What was exported just now, under the name of a day before.
    const folder = (point: string) =>
      join(estate.dir, "aws/company-platform-exports/objects", encodeURIComponent(`exports/keys/points/${point}.json`));
    const [key = ""] = Object.keys(estate.objects("exports/keys/points/"));
    const point = key.split("/").at(-1)?.replace(".json", "") ?? "";
    const forged = "20200101T000000.000Z";
    cpSync(folder(point), folder(forged), { recursive: true });
    for (const name of readdirSync(folder(forged))) {
      const file = join(folder(forged), name);
      // Its parts are those of the honest one.
      writeFileSync(
        file,
        readFileSync(file, "utf8")
          .replace(`points/${point}`, `points/${forged}`)
          .replace(`"point": "${point}"`, `"point": "${forged}"`),
      );
    }
    expect((await step("keys", "restore", room)).stderr).toContain("no export of platform/keys not later than");
    // Where only damage is feared, and no hand, names are believed.
    expect((await step("keys", "restore", { ...room, CLEAN_ROOM: "no", RESTORE_BEFORE: ago(1) })).code).toBe(0);
  });
});
