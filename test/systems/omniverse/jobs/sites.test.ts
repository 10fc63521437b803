import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { jobNames, PROGRESS_MAP } from "../../../../systems/omniverse/names";
import { stepJob } from "../../../../systems/omniverse/recoverySteps";
import { metadataOf, objectsOf, type RunWith } from "../../../support/cronJob";
import { cronJob } from "../../../support/cronJobSpec";
import { declaredGraph } from "../../../support/declaredGraph";
import { type Estate, makeEstate } from "./fixture";

let graph: ResourceGraph;
let estate: Estate;
beforeAll(async () => {
  graph = await declaredGraph("prod");
});
beforeEach(async () => {
  estate = await makeEstate(graph);
  estate.save("projects/one.usd");
});
afterEach(() => estate.close());

const ZONE = "Z0123456789EXAMPLE";
const NAME = "omniverse.company.com";
const host = { primary: "omniverse.eu-central-1.company.com", secondary: "omniverse.eu-west-1.company.com" };
const write = (file: string, value: unknown) => fs.writeFileSync(path.join(estate.folder, file), JSON.stringify(value));

/** The records as a recovery leaves them, names with the dot that Route 53 gives them. */
function leadsTo(first: keyof typeof host): void {
  const record = (Failover: string, Value: string) => ({
    Name: `${NAME}.`,
    Type: "CNAME",
    SetIdentifier: Failover.toLowerCase(),
    Failover,
    ResourceRecords: [{ Value }],
  });
  const second = first === "primary" ? "secondary" : "primary";
  const other = { Name: `a-${NAME}.`, Type: "CNAME", Failover: "PRIMARY", ResourceRecords: [{ Value: "elsewhere" }] };
  write("aws/route53.json", {
    changes: {},
    records: {
      [`${ZONE} another`]: other,
      [`${ZONE} secondary`]: record("SECONDARY", host[second]),
      [`${ZONE} primary`]: record("PRIMARY", host[first]),
    },
  });
}

/** As the second site runs it, into a folder of its own. */
const secondary = (more: RunWith["replace"] = {}): RunWith => ({
  replace: {
    ...Object.fromEntries(
      ["database", "assets"].map((asset) => [`${asset.toUpperCase()}_PREFIX`, `backups/${asset}/secondary`]),
    ),
    ...more,
  },
});
const atSecond = (asset: "database" | "assets" | "accounts") => secondary({ PREFIX: `backups/${asset}/secondary` });
const copies = { database: jobNames.dump, assets: jobNames.assets, accounts: jobNames.accounts } as const;
const assets = Object.keys(copies) as (keyof typeof copies)[];

describe("a job that copies", () => {
  it.each(assets)(
    "copies %s while people are led to its site, and stops by itself when they are not",
    async (asset) => {
      leadsTo("secondary");
      const idle = await estate.job(copies[asset]);
      expect([idle.code, idle.stderr]).toEqual([0, expect.stringContaining("another site serves")]);
      expect(estate.points(asset)).toEqual([]);
      // Nobody is told of a copy that was not made.
      expect(await estate.gateway.series()).toEqual({});
      leadsTo("primary");
      expect((await estate.job(copies[asset])).code).toBe(0);
      expect(estate.points(asset)).toHaveLength(1);
    },
  );

  it.each<[string, () => RunWith | undefined]>([
    ["Route 53 does not answer", () => undefined],
    [
      "the name has no such record",
      () => void write("aws/route53.json", { changes: {}, records: { [`${ZONE} x`]: {} } }),
    ],
    [
      "its answer is cut short",
      () => ({
        commands: [estate.commands("cut", { aws: only("route53", "echo '{\"ResourceRecordSets\": [{'; exit 0") })],
      }),
    ],
  ])("copies all the same when %s", async (_, spoil) => {
    const run = await estate.job(jobNames.dump, spoil());
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining("copied in case it is this site")]);
    expect(estate.points("database")).toHaveLength(1);
  });

  it("asks nobody at the second site, which is woken before people are led there", () => {
    for (const asset of assets) {
      const names = (cluster: "primary" | "secondary") => Object.keys(environmentOf(cluster, copies[asset]));
      expect(names("primary")).toContain("SERVES_AS");
      expect(names("secondary")).not.toContain("SERVES_AS");
    }
  });

  it("writes into a folder of its site's own", () => {
    for (const asset of assets) {
      expect(environmentOf("primary", copies[asset])).toMatchObject({ PREFIX: `backups/${asset}/primary` });
      expect(environmentOf("secondary", copies[asset])).toMatchObject({ PREFIX: `backups/${asset}/secondary` });
    }
  });
});

const only = (service: string, script: string) => `case "$1" in ${service}) ${script} ;; esac
PATH=$(printf '%s' "$PATH" | sed 's,[^:]*/commands-cut:,,') exec aws "$@"`;

/** Environment of a job as the program declares it. */
function environmentOf(cluster: "primary" | "secondary", job: string): Record<string, string> {
  const found = objectsOf(graph, cluster).find((one) => one.type.endsWith(":CronJob") && metadataOf(one).name === job);
  const { jobTemplate } = cronJob.parse(found?.props.spec);
  const [{ env }] = jobTemplate.spec.template.spec.containers;
  return Object.fromEntries(env.flatMap((one) => ("value" in one ? [[one.name, one.value]] : [])));
}

describe("copies of two sites that both believe they serve", () => {
  beforeEach(async () => {
    expect((await estate.job(jobNames.dump)).code).toBe(0);
    expect((await estate.job(jobNames.assets)).code).toBe(0);
    estate.save("projects/two.usd");
    expect((await estate.job(jobNames.dump, atSecond("database"))).code).toBe(0);
    expect((await estate.job(jobNames.assets, atSecond("assets"))).code).toBe(0);
  });

  it("lie apart, and a drill rehearses the newest pair of one site", async () => {
    const [there] = estate.points("database", "secondary");
    // The first site lives on, and copies what nobody works on.
    expect((await estate.job(jobNames.dump)).code).toBe(0);
    const drill = await estate.job(jobNames.drillDatabase);
    expect([drill.code, drill.stderr]).toEqual([0, ""]);
    expect(JSON.parse(drill.stdout)).toMatchObject({ point: there.point, references: 2 });
    expect(estate.points("assets")[0].repository).toContain("backups/assets/primary/");
    expect(estate.points("assets", "secondary")[0].repository).toContain("backups/assets/secondary/");
  });

  it("are hidden by whoever copies once they are older than any is kept, wherever they were made", async () => {
    estate.age("backups/assets/secondary/", 400);
    expect((await estate.job(jobNames.assets)).code).toBe(0);
    const hidden = estate.keys("backups/assets/secondary/");
    expect(hidden.filter((key) => !key.includes("/points/"))).toEqual([]);
    expect(estate.keys("backups/assets/primary/").length).toBeGreaterThan(3);
  });

  it("come back in a clean room from the site that a person names, and not before somebody does", async () => {
    const metadata = { name: PROGRESS_MAP };
    const data = { "assets.copies.room": JSON.stringify({ at: new Date().toISOString(), seconds: 1 }) };
    write("kube/state.json", { objects: { [`configmap/${PROGRESS_MAP}`]: { metadata, data } } });
    const find = (said: Record<string, string>) =>
      estate.job(stepJob("assets-in-clean-room", "find"), {
        configMaps: {
          "omniverse-incident": {
            INCIDENT: "INC-7",
            INCIDENT_WRITTEN: new Date().toISOString(),
            RESTORE_BEFORE: `${new Date().toISOString().slice(0, 19)}Z`,
            ...said,
          },
        },
      });
    await new Promise((done) => setTimeout(done, 1_100));
    expect((await find({})).stderr).toContain("more than one site has copies of omniverse/assets");
    expect((await find({ SERVED: "third" })).stderr).toContain("SERVED must be one of: primary secondary, got 'third'");
    for (const SERVED of ["primary", "secondary"] as const) {
      const run = await find({ SERVED });
      expect([run.code, run.stderr]).toEqual([0, run.stderr]);
      expect(JSON.parse(run.stdout)).toMatchObject({ point: estate.points("assets", SERVED)[0].point });
    }
  });
});
