import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { freePort } from "../../../../tools/freePorts";
import { callsIn, refusals, since } from "../../../support/access/asked";
import { metadataOf, objectsOf } from "../../../support/cronJob";
import { declaredGraph } from "../../../support/declaredGraph";
import {
  jobsPath,
  type KubeApi,
  makeCertificate,
  type Running,
  run,
  start,
  startKubeApi,
} from "../../../support/doubles";

const LEASE = "/apis/coordination.k8s.io/v1/namespaces/here/leases/nucleus-server";
const SLICE = "/apis/discovery.k8s.io/v1/namespaces/here/endpointslices/nucleus-server-serving";
const PASSWORD = "a:canary\\of-the-database";

let graph: ResourceGraph;
const dir = mkdtempSync(join(tmpdir(), "omniverse-serve-"));
const at = (file: string) => join(dir, file);
const pods: Running[] = [];
let api: KubeApi;

/** Stands for Nucleus, which is not public: answers at /health when it is told where the database is. */
const nucleusDouble = `#!/usr/bin/env node
const fs = require("node:fs");
const url = process.env.NUCLEUS_DATABASE_URL;
if (!url || url.includes("canary")) process.exit(3);
const tls = process.env.NUCLEUS_TLS_DIR;
require("node:https").createServer({ key: fs.readFileSync(tls + "/tls.key"), cert: fs.readFileSync(tls + "/tls.crt") },
  (request, response) => response.writeHead(request.url === "/health" ? 200 : 404).end()).listen(Number(process.env.NUCLEUS_PORT));
`;

beforeAll(async () => {
  graph = await declaredGraph("prod");
  makeCertificate(at("tls"));
  for (const folder of ["aws", "credentials", "run", "bin"]) mkdirSync(at(folder));
  writeFileSync(at("token"), "a-token");
  writeFileSync(at("ca.pem"), "Amazon's authorities");
  writeFileSync(at("bin/nucleus"), nucleusDouble, { mode: 0o755 });
  const secrets = {
    "omniverse-prod-postgres": JSON.stringify({ username: "nucleus", password: PASSWORD }),
    "omniverse-prod-directory": "canary-of-the-directory",
    empty: "",
  };
  writeFileSync(at("aws/secrets.json"), JSON.stringify(secrets));
  const instance = { DBInstanceStatus: "available", Endpoint: { Address: "db.example.com", Port: 5432 } };
  writeFileSync(
    at("aws/rds.json"),
    JSON.stringify({
      "omniverse-prod": instance,
      "omniverse-prod-replica": { ...instance, Endpoint: { Address: "replica.example.com", Port: 5432 } },
    }),
  );
  api = await startKubeApi(2);
  const annotations = { "holdfast.dev/start-deadline": "30s" };
  await api.put(LEASE, {
    kind: "Lease",
    metadata: { name: "nucleus-server", annotations },
    spec: { leaseDurationSeconds: 6 },
  });
  await api.put(SLICE, {
    kind: "EndpointSlice",
    metadata: { name: "nucleus-server-serving" },
    addressType: "IPv4",
    endpoints: [],
  });
});
afterAll(() => {
  for (const pod of pods) pod.signal("SIGKILL");
  api.stop();
  rmSync(dir, { recursive: true, force: true });
});

type Site = "primary" | "secondary";
const workloads = { database: "nucleus-server", directory: "nucleus-authentication" } as const;

/** The pod of a server as the program declares it. */
function podOf(site: Site, workload: string) {
  const found = objectsOf(graph, site).find(
    (one) => one.type.endsWith(":Deployment") && metadataOf(one).name === workload,
  );
  if (!found) throw new Error(`${workload} is not declared at the ${site}`);
  return (found.props.spec as unknown as { template: { spec: Pod } }).template.spec;
}
interface Container {
  command: string[];
  env: { name: string; value?: string }[];
}
interface Pod {
  serviceAccountName: string;
  initContainers: [Container];
  containers: [Container];
}
/** Folders of the pod, on this machine. */
const folders: Record<string, string> = {
  "/opt/holdfast/jobs": jobsPath("omniverse"),
  "/tmp": at("run"),
  "/run/nucleus": at("credentials"),
  "/etc/holdfast/place": at("place"),
  "/etc/nucleus/tls": at("tls"),
};
const declaredEnv = ({ env }: Container) =>
  Object.fromEntries(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, folders[value] ?? value]])));

/** Runs what fetches credentials before a server starts, as the program declares it; fails where its role may not. */
async function credentials(what: keyof typeof workloads, site: Site = "primary", replace: Record<string, string> = {}) {
  const { serviceAccountName: account, initContainers } = podOf(site, workloads[what]);
  const [{ command }] = initContainers;
  const env = declaredEnv(initContainers[0]);
  for (const name of Object.keys(replace)) expect(Object.keys(env)).toContain(name);
  const before = callsIn({ aws: at("aws") });
  const ended = await run(
    command.map((word) => word.replace("/opt/holdfast/jobs", jobsPath("omniverse"))),
    {
      env: {
        ...env,
        PATH: `${join(__dirname, "../../../support/doubles/copies")}:${process.env.PATH}`,
        AWS_DOUBLE_DIR: at("aws"),
        DB_CA: at("ca.pem"),
        ...replace,
      },
    },
  );
  if (Object.keys(replace).length === 0) {
    expect(refusals(graph, { cluster: site, account }, since(before, callsIn({ aws: at("aws") })))).toEqual([]);
  }
  return ended;
}

describe("what a server logs in with", () => {
  it.each<[Site, string]>([
    ["primary", "db.example.com"],
    ["secondary", "replica.example.com"],
  ])(
    "is fetched at the %s into files that nobody else reads; the address of the database has no password",
    async (site, host) => {
      for (const what of ["database", "directory"] as const) {
        const { code, stdout, stderr } = await credentials(what, site);
        expect([code, stderr]).toEqual([0, expect.stringContaining(`what the ${what} asks for`) as string]);
        expect(stdout + stderr).not.toContain("canary");
      }
      const read = (file: string) => readFileSync(at(`credentials/${file}`), "utf8");
      expect(read("database-url")).toBe(
        `postgresql://nucleus@${host}:5432/nucleus?sslmode=verify-full&sslrootcert=${at("credentials")}/database-ca.pem&passfile=${at("credentials")}/pgpass\n`,
      );
      expect(read("pgpass")).toBe("*:*:*:*:a\\:canary\\\\of-the-database\n");
      expect(read("directory-password")).toBe("canary-of-the-directory");
      for (const file of readdirSync(at("credentials"))) {
        expect([file, (statSync(at(`credentials/${file}`)).mode & 0o077).toString(8)]).toEqual([file, "0"]);
      }
    },
  );

  it.each<[string, keyof typeof workloads, Record<string, string>, string]>([
    ["an instance that is not there", "database", { DB_INSTANCE: "other" }, "RDS knows no instance other"],
    ["a secret that is not there", "directory", { DIRECTORY_SECRET: "other" }, "cannot read the secret other"],
    [
      "a secret that nobody has filled in",
      "directory",
      { DIRECTORY_SECRET: "empty" },
      "cannot read the secret|is empty",
    ],
  ])("is missing with %s, and the pod does not start", async (_, what, env, says) => {
    rmSync(at("credentials/directory-password"), { force: true });
    const { code, stderr } = await credentials(what, "primary", env);
    expect([code, stderr]).toEqual([1, expect.stringMatching(new RegExp(says)) as string]);
    expect(existsSync(at("credentials/directory-password"))).toBe(false);
  });

  describe("in a clean room", () => {
    const place = (said: Record<string, string>) => {
      rmSync(at("place"), { recursive: true, force: true });
      mkdirSync(at("place"));
      for (const [key, value] of Object.entries(said)) writeFileSync(join(at("place"), key), value);
    };
    afterEach(() => rmSync(at("place"), { recursive: true, force: true }));
    /** What serve.sh gives to Nucleus, with the environment of the container that it runs in. */
    const given = async (name: string) => {
      const text = `source "$JOBS_DIR/common.sh"; source "$JOBS_DIR/engine.sh"; printf %s "$${name}"`;
      return (await run(["bash", "-c", text], { env: declaredEnv(podOf("secondary", "nucleus-server").containers[0]) }))
        .stdout;
    };

    it("leads to the database and the files that came back, and at our own sites to theirs", async () => {
      expect((await credentials("database", "secondary")).code).toBe(0);
      expect(await given("NUCLEUS_DATABASE_URL")).toContain("@replica.example.com:5432/");
      expect(await given("NUCLEUS_ASSET_BUCKET")).toBe("company-omniverse-prod-assets-replica");
      place({ DATABASE_HOST: "clean.example.com", FILES_BUCKET: "clean-files" });
      expect((await credentials("database", "secondary")).code).toBe(0);
      expect(await given("NUCLEUS_DATABASE_URL")).toContain("postgresql://nucleus@clean.example.com:5432/nucleus");
      expect(await given("NUCLEUS_ASSET_BUCKET")).toBe("clean-files");
    });

    it("is missing where only half is said", async () => {
      place({ DATABASE_HOST: "clean.example.com" });
      const { code, stderr } = await credentials("database", "secondary");
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining("omniverse-place must say DATABASE_HOST and FILES_BUCKET, got DATABASE_HOST") as string,
      ]);
    });
  });
});

describe("nucleus-server", () => {
  it("serves from one pod, and from another one when that is killed", async () => {
    expect((await credentials("database")).code).toBe(0);
    const pod = async (index: number) => {
      const port = await freePort();
      const here = at(`pod-${index}`);
      mkdirSync(here);
      const env = {
        PATH: `${at("bin")}:${process.env.PATH}`,
        JOBS_DIR: jobsPath("omniverse"),
        RUN_DIR: here,
        POD_NAME: `nucleus-server-${index}`,
        POD_IP: `10.0.0.${index + 1}`,
        NAMESPACE: "here",
        LEASE: "nucleus-server",
        SLICE: "nucleus-server-serving",
        KUBE_API: `http://127.0.0.1:${api.ports[index]}`,
        TOKEN_FILE: at("token"),
        STOP_SECONDS: "2",
        NUCLEUS_CREDENTIALS_DIR: at("credentials"),
        NUCLEUS_TLS_DIR: at("tls"),
        NUCLEUS_PORT: String(port),
        NUCLEUS_URL: `https://localhost:${port}`,
        NUCLEUS_CA: at("tls/ca.crt"),
      };
      const running = start([join(jobsPath("omniverse"), "serve.sh")], { env });
      pods.push(running);
      const probe = async (kind: string) => (await run([join(jobsPath("omniverse"), "probe.sh"), kind], { env })).code;
      return { running, probe, ip: env.POD_IP };
    };
    const serves = async (ip: string) => {
      const end = Date.now() + 60_000;
      for (;;) {
        const { objects } = await api.state();
        const addresses = objects[SLICE].endpoints.flatMap((one: { addresses: string[] }) => one.addresses);
        if (addresses.join() === ip) return;
        if (Date.now() > end) throw new Error(`${ip} does not serve: ${pods.map((one) => one.log()).join("\n")}`);
        await new Promise((done) => setTimeout(done, 100));
      }
    };
    const first = await pod(0);
    await serves(first.ip);
    const second = await pod(1);
    // What it says of itself comes a moment after it is so.
    const comesTo = async (probe: () => Promise<number>) => {
      const end = Date.now() + 20_000;
      while ((await probe()) !== 0) if (Date.now() > end) throw new Error(pods.map((one) => one.log()).join("\n"));
    };
    await comesTo(() => second.probe("live"));
    for (const one of [first, second]) await comesTo(() => one.probe("ready"));
    first.running.signal("SIGKILL");
    await serves(second.ip);
    await comesTo(() => second.probe("ready"));
    expect(pods.map((one) => one.log()).join("")).not.toContain("canary");
  });
});
