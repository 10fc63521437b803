import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { procedureJob } from "../../../../systems/omniverse/procedures";
import { stepJob } from "../../../../systems/omniverse/recoverySteps";
import { declaredGraph } from "../../../support/declaredGraph";
import { makeBucket } from "../../../support/doubles";
import { ASSETS, type Estate, makeSite } from "./procedureFixture";
import { ago, rdsInstance } from "./recoverState";
import { filesIn, putVersion } from "./recoverVersions";

const SECOND = "company-omniverse-prod-assets-replica";
const NOTES = ".holdfast/notes/";
const [one, two] = ["eu-central-1", "eu-west-1"] as const;

let graph: ResourceGraph;
let at: Estate;
beforeAll(async () => {
  graph = await declaredGraph("prod");
});
beforeEach(async () => {
  at = await makeSite(graph, () => ({ shorter: { HEALTH_SECONDS: "0" } }));
  makeBucket(path.join(at.folder, "aws"), SECOND, { region: two });
  const follows = (region: string, id: string) => ({
    ReadReplicaSourceDBInstanceIdentifier: `arn:aws:rds:${region}:111111111111:db:${id}`,
  });
  const [first, second] = ["omniverse-prod", "omniverse-prod-replica"] as const;
  // A fail-back under way: the first site follows the second, which serves.
  setRds({ [first]: { ...rdsInstance(one, first), ...follows(two, second) } }, { [second]: rdsInstance(two, second) });
  ended({ "procedure.fail-back.look": {}, "procedure.fail-back.follow": {} });
  again = () => {
    setRds({ [first]: rdsInstance(one, first) }, { [second]: { ...rdsInstance(two, second), ...follows(one, first) } });
  };
});
afterEach(() => at.close());

/** As it is weeks later: the first site serves, and the second follows it again. */
let again: () => void;
const setRds = (first: Record<string, unknown>, second: Record<string, unknown>) => {
  const backups = [
    {
      DBInstanceIdentifier: "omniverse-prod",
      DbiResourceId: "db-OMNIVERSE-PROD",
      DBInstanceAutomatedBackupsArn: "arn:aws:rds:eu-west-1:111111111111:auto-backup:ab-two",
      Status: "active",
      RestoreWindow: { EarliestTime: ago(1_440), LatestTime: ago(2) },
    },
  ];
  const regions = {
    [one]: { instances: first, backups: [], subnetGroups: [] },
    [two]: { instances: second, backups, subnetGroups: [] },
  };
  fs.writeFileSync(path.join(at.folder, "aws/rds.json"), JSON.stringify(regions));
};
const objects = (bucket: string) => path.join(at.folder, `aws/${bucket}/objects`);
const version = (bucket: string, key: string, minutes: number, body: string | undefined) =>
  putVersion(objects(bucket), key, ago(minutes), body, {});
/** After all that the double of aws has written. */
const hide = (bucket: string, key: string) =>
  putVersion(objects(bucket), key, ago(0), undefined, { order: "9".repeat(20) });
/** Written at the first site, and copied as S3 does. */
const both = (key: string, minutes: number, body: string) => {
  version(SECOND, key, minutes, body);
  return version(ASSETS, key, minutes, body);
};
const files = (bucket: string) =>
  Object.fromEntries(Object.entries(filesIn(objects(bucket))).filter(([key]) => !key.startsWith(".holdfast/")));
const notes = (bucket: string) =>
  Object.entries(filesIn(objects(bucket)))
    .filter(([key]) => key.startsWith(NOTES))
    .flatMap(([, lines]) =>
      lines
        .trimEnd()
        .split("\n")
        .map((line) => line.split("\t")),
    );
const ended = (steps: Record<string, Record<string, unknown>>) =>
  at.json("kube/state.json", ({ objects }) => {
    const map = objects["configmap/omniverse-recovery"];
    for (const [key, value] of Object.entries(steps)) {
      map.data = { ...map.data, [key]: JSON.stringify({ at: ago(2), seconds: 1, ...value }) };
    }
  });
/** What the database refers to, wherever it is: key, and the version that it knows. */
const refersTo = (rows: readonly (readonly [key: string, version: string])[]) =>
  at.json("psql/databases.json", (servers) => {
    const references = rows.map(([key, known]) => `${key}\t${known}\t`);
    const database = { tables: { "public.assets": 3 }, references, replayed: Date.parse(ago(1)) / 1_000 };
    for (const id of ["omniverse-prod", "omniverse-prod-replica"]) {
      servers[id] = { ...servers[id], ...database, databases: { nucleus: database } };
    }
  });
const comeHome = () => at.steps("fail-back", ["files"], { replace: { SECOND_URL: `${at.web.address}/second` } });
/** What S3 Batch Replication does. */
const sendAll = () => fs.cpSync(objects(ASSETS), objects(SECOND), { recursive: true });
/** Sixty days later nothing is left of a version that another has replaced. */
const forget = (bucket: string, key: string, id: string) => {
  for (const end of ["json", "bin"]) fs.rmSync(path.join(objects(bucket), encodeURIComponent(key), `${id}.${end}`));
};

const ran = { images: {}, before: {} };
const looks: readonly (readonly [string, () => string, Record<string, Record<string, unknown>>])[] = [
  [
    "a deployment's smoke test",
    () => procedureJob("deployment", "smoke"),
    { "procedure.deployment.prepare": ran, "procedure.deployment.start": {} },
  ],
  [
    "a rollback's verification",
    () => procedureJob("rollback", "verify"),
    { "procedure.deployment.prepare": ran, "procedure.rollback.start": {} },
  ],
  [
    "database-in-place",
    () => stepJob("database-in-place", "verify"),
    { "database.point-in-time.restore": { host: "omniverse-prod.rds" } },
  ],
  [
    "promote-replica",
    () => stepJob("promote-replica", "lag"),
    { "database.replica.fence": {}, "assets.object-replica.take": { holds: ago(1), lost: ago(1), exact: true } },
  ],
  [
    "database-in-secondary",
    () => stepJob("database-in-secondary", "verify"),
    { "database.replicated-backups.restore": { host: "omniverse-prod-replica.rds" } },
  ],
];

/** Runs the steps that look the files of the database up, at the site that has it; what they said, by step. */
async function lookUp(steps = looks): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  for (const [name, job, before] of steps) {
    ended(before);
    const { code, stderr } = await at.job(job());
    said[name] = code === 0 ? "passes" : stderr;
  }
  return said;
}
/** One at each site. */
const some = looks.filter(([name]) => ["a deployment's smoke test", "promote-replica"].includes(name));
const passes = (steps = looks) => Object.fromEntries(steps.map(([name]) => [name, "passes"]));
const misses = (key: string) =>
  Object.fromEntries(some.map(([name]) => [name, expect.stringMatching(`missing: ${key}\n(.*\n)?.* 1 files that`)]));

describe("what the database knows by a version of the second site", () => {
  it("is there for every step that looks it up, also when that version is long gone, and while its key is", async () => {
    const kept = both("kept.usd", 900, "kept");
    both("changed.usd", 900, "old");
    const [draft, there] = [version(SECOND, "changed.usd", 70, "draft"), version(SECOND, "changed.usd", 60, "newer")];
    const made = version(SECOND, "made there.usd", 50, "new");
    refersTo([
      ["kept.usd", kept],
      ["changed.usd", there],
      ["changed.usd", draft],
      ["made there.usd", made],
    ]);
    expect(await comeHome()).toMatchObject({ copied: 2 });
    expect(files(ASSETS)).toEqual({ "kept.usd": "kept", "changed.usd": "newer", "made there.usd": "new" });
    expect(notes(ASSETS).map(([key, known]) => [key, known])).toEqual(
      [
        ["changed.usd", draft],
        ["changed.usd", there],
        ["made there.usd", made],
      ].sort(),
    );
    // What is noted is not noted twice, and no note is written over.
    expect(await comeHome()).toMatchObject({ copied: 0 });
    expect(notes(ASSETS)).toHaveLength(3);
    again();
    sendAll();
    for (const [key, id] of [
      ["changed.usd", draft],
      ["changed.usd", there],
      ["made there.usd", made],
    ] as const) {
      forget(SECOND, key, id);
    }
    expect(await lookUp()).toEqual(passes());
    for (const bucket of [ASSETS, SECOND]) hide(bucket, "made there.usd");
    expect(await lookUp(some)).toEqual(misses("made there\\.usd"));
  });

  it("is missing where nobody has noted that what is there stands for it", async () => {
    both("kept.usd", 900, "kept");
    refersTo([["kept.usd", "1".repeat(32)]]);
    again();
    expect(await lookUp(some)).toEqual(misses("kept\\.usd"));
  });

  it("goes on counting when the second site serves once more and comes home again", async () => {
    both("a.usd", 900, "old");
    const there = version(SECOND, "a.usd", 60, "newer");
    refersTo([["a.usd", there]]);
    await comeHome();
    sendAll();
    forget(SECOND, "a.usd", there);
    // What was written at the second site in the meantime says so there.
    fs.mkdirSync(path.join(objects(SECOND), encodeURIComponent(`${NOTES}given-up`)), { recursive: true });
    putVersion(objects(SECOND), `${NOTES}given-up`, ago(5), "gone.usd\t7\t-\n", {});
    refersTo([
      ["a.usd", there],
      ["gone.usd", "7"],
    ]);
    await comeHome();
    again();
    expect(await lookUp(some)).toEqual(passes(some));
  });
});

describe("what the lost region had not sent", () => {
  it.each<[string, () => [key: string, known: string][], Record<string, string>]>([
    [
      "gives way to what people went on with, a deletion as well",
      () => {
        const first = both("a.usd", 900, "one");
        version(ASSETS, "a.usd", 60, "two");
        const second = both("b.usd", 900, "kept");
        version(ASSETS, "b.usd", 60, undefined);
        return [
          ["a.usd", first],
          ["b.usd", second],
        ];
      },
      { "a.usd": "one", "b.usd": "kept" },
    ],
    [
      "stays where the database knows it: nobody has ever missed it here",
      () => {
        both("a.usd", 900, "one");
        return [["a.usd", version(ASSETS, "a.usd", 60, "two")]];
      },
      { "a.usd": "two" },
    ],
    [
      "gives way to what somebody has written over it at the second site",
      () => {
        both("a.usd", 900, "one");
        const lost = version(ASSETS, "a.usd", 60, "two");
        version(SECOND, "a.usd", 30, "three");
        return [["a.usd", lost]];
      },
      { "a.usd": "three" },
    ],
    [
      "stays where the second site has no such file, and what was deleted long ago stays deleted",
      () => {
        version(ASSETS, "new.usd", 60, "new");
        both("old.usd", 900, "old");
        version(ASSETS, "old.usd", 800, undefined);
        return [["kept.usd", both("kept.usd", 900, "kept")]];
      },
      { "new.usd": "new", "kept.usd": "kept" },
    ],
  ])("%s", async (_, prepare, has) => {
    refersTo(prepare());
    await comeHome();
    expect(files(ASSETS)).toEqual(has);
    expect(await comeHome()).toMatchObject({ copied: 0 });
  });
});
