import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { expression, type Job, type Played, play, type Step, today, workflow, workflows } from "./workflow";

const all = workflows();
const jobs = all.flatMap(({ file, jobs: own, permissions }) =>
  Object.entries(own).map(([name, job]) => ({
    file,
    name: `${file} ${name}`,
    job,
    granted: job.permissions ?? permissions ?? {},
  })),
);
const steps = jobs.flatMap(({ name, job }) => (job.steps ?? []).map((step) => ({ name, step })));

function job(file: string, name: string): Job {
  const found = workflow(file).jobs[name];
  if (found === undefined) throw new Error(`${file} has no job ${name}`);
  return found;
}

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "holdfast-workflow-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("every workflow", () => {
  test("is one of these, set off by this", () => {
    expect(Object.fromEntries(all.map(({ file, on }) => [file, on]))).toEqual({
      "comment.yml": { workflow_run: { workflows: ["Pull request"], types: ["completed"] } },
      "deploy-stack.yml": { workflow_call: expect.anything() },
      "deploy.yml": { push: { branches: ["main"] } },
      "nightly.yml": { schedule: [{ cron: "17 3 * * *" }], workflow_dispatch: null },
      "pull-request.yml": { pull_request: null },
    });
  });

  test("grants a job that asks for nothing at most to read the code", () => {
    const granted = all.map(({ permissions }) => permissions);
    expect(granted).toEqual(all.map(({ file }) => (file === "comment.yml" ? {} : { contents: "read" })));
  });

  test("is granted this, and nothing else", () => {
    const read = { contents: "read" };
    const cloud = { ...read, "id-token": "write" };
    expect(Object.fromEntries(jobs.map(({ name, granted }) => [name, granted]))).toEqual({
      "comment.yml comment": { ...read, actions: "read", "pull-requests": "write", "security-events": "write" },
      "deploy-stack.yml up": cloud,
      "deploy.yml judge": { ...read, "security-events": "write" },
      "deploy.yml staging": cloud,
      "deploy.yml prod": cloud,
      "nightly.yml check": cloud,
      "nightly.yml report": { ...read, issues: "write" },
      "pull-request.yml preview": read,
      "pull-request.yml check": read,
      "pull-request.yml engine": cloud,
    });
  });

  test.each(all.map(({ file, text }) => [file, text]))(
    "%s holds no long-lived key, and no secret at all",
    (_, text) => {
      expect(text).not.toMatch(
        /secrets\.|secrets:|aws-access-key-id|aws-secret-access-key|CLIENT_SECRET|PULUMI_ACCESS_TOKEN/,
      );
    },
  );

  test.each(all.map(({ file, text }) => [file, text]))(
    "%s names every action by its commit, and its version",
    (_, text) => {
      const used = text.match(/uses: .*/g) ?? [];
      expect(used.filter((line) => !line.includes("./.github/"))).toEqual(
        used.filter((line) => /^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+(\.\d+)?$/.test(line)),
      );
    },
  );

  test("names an action by one commit everywhere", () => {
    const names = [...new Set(steps.flatMap(({ step }) => step.uses ?? []))].map((used) => used.split("@")[0]);
    expect(names.length).toBe(new Set(names).size);
    expect(names.length).toBeGreaterThan(3);
  });

  test.each(steps.flatMap(({ name, step }) => (step.run === undefined ? [] : [[name, step.run]])))(
    "%s puts no expression into a command, where a stranger's text would run: %s",
    (_, run) => {
      expect(run).not.toContain("${{");
    },
  );

  test("keeps no token where its commands could find it", () => {
    const kept = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
    expect(kept.length).toBe(jobs.filter(({ job: { uses } }) => uses === undefined).length);
    expect(kept.map(({ step }) => step.with?.["persist-credentials"])).toEqual(kept.map(() => false));
  });

  test("stops at the first command of a pipe that fails", () => {
    const withCommands = all.filter((one) =>
      Object.values(one.jobs).some(({ steps: own }) => own?.some(({ run }) => run)),
    );
    expect(withCommands.map(({ defaults }) => defaults?.run?.shell)).toEqual(withCommands.map(() => "bash"));
  });
});

describe("a job that may ask for the cloud's credentials", () => {
  const trusted = jobs.filter(({ granted, job: { uses } }) => granted["id-token"] !== undefined && uses === undefined);

  test.each(trusted.map(({ name, job: one }) => [name, one] as const))("%s is guarded by an environment", (_, one) => {
    expect(one.environment).toMatch(/^staging-preview$|\$\{\{ inputs\.stack \}\}|\$\{\{ matrix\.stack \}\}-preview$/);
  });

  test.each(trusted.map(({ name, job: one }) => [name, one] as const))(
    "%s takes a role for the time of its run",
    (_, one) => {
      const taken = one.steps?.filter(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@"));
      expect(taken?.map((step) => step.with)).toEqual([
        { "role-to-assume": expression("vars.AWS_ROLE"), "aws-region": expression("vars.AWS_REGION") },
      ]);
    },
  );

  test.each(trusted.map(({ name, job: one }) => [name, one] as const))(
    "%s takes an identity of Azure where its environment has one, before it asks for the clusters",
    (_, one) => {
      const [client, tenant, subscription] = ["CLIENT", "TENANT", "SUBSCRIPTION"].map((what) =>
        expression(`vars.AZURE_${what}_ID`),
      );
      const at = (action: string) => one.steps?.findIndex(({ uses }) => uses?.startsWith(`${action}@`)) ?? -1;
      const [login, kubelogin] = [at("azure/login"), at("azure/use-kubelogin")];
      expect(one.steps?.[login]?.with).toEqual({
        "client-id": client,
        "tenant-id": tenant,
        "subscription-id": subscription,
      });
      for (const place of [login, kubelogin]) expect(one.steps?.[place]?.if).toContain("vars.AZURE_CLIENT_ID != ''");
      expect(login).toBeLessThan(kubelogin);
      expect(kubelogin).toBeLessThan(one.steps?.findIndex(({ name }) => name === "Clusters") ?? -1);
      // azure-native, kubelogin, and Databricks: each asks for tokens of its own.
      expect(one.env).toMatchObject({
        ARM_USE_OIDC: "true",
        ARM_CLIENT_ID: client,
        ARM_TENANT_ID: tenant,
        ARM_SUBSCRIPTION_ID: subscription,
        AZURE_CLIENT_ID: client,
        AZURE_TENANT_ID: tenant,
        DATABRICKS_AUTH_TYPE: "github-oidc-azure",
      });
    },
  );

  test("of a pull request runs for branches of this repository only", () => {
    expect(job("pull-request.yml", "engine").if).toContain(
      "github.event.pull_request.head.repo.full_name == github.repository",
    );
  });
});

test("no cache that a pull request may have written to is used where something may be written or deployed", () => {
  const writing = jobs.filter(({ granted }) => Object.values(granted).includes("write"));
  const caches = writing.flatMap(({ job: { steps: own = [] } }) =>
    own.filter(({ uses }) => uses?.startsWith("actions/setup-node@")).map((step) => step.with),
  );
  expect(caches).toEqual(caches.map(() => ({ "node-version": 24, "package-manager-cache": false })));
  expect(caches.length).toBe(6);
});

describe("the comment", () => {
  const own = job("comment.yml", "comment");

  test("is written by the default branch's code, with what the run wrote kept outside of it", () => {
    expect(own.steps?.[0]?.with).toEqual({ "persist-credentials": false });
    const [download] = own.steps?.filter(({ uses }) => uses?.startsWith("actions/download-artifact@")) ?? [];
    expect(download?.with).toMatchObject({ path: `${expression("runner.temp")}/evidence`, pattern: "evidence-*" });
    expect(own.if).toContain("github.event.workflow_run.event == 'pull_request'");
  });

  test("is told of every artifact that the pull request's run keeps", () => {
    const kept = Object.values(workflow("pull-request.yml").jobs).flatMap(({ steps: some = [] }) =>
      some.filter(({ uses }) => uses?.startsWith("actions/upload-artifact@")).map((step) => step.with),
    );
    expect(kept.map((one) => one?.name)).toEqual([`evidence-${expression("matrix.stack")}`, "evidence-staging-engine"]);
    // The folder's name begins with a dot.
    expect(kept.map((one) => one?.["include-hidden-files"])).toEqual([true, true]);
  });
});

/** What a job asks of Holdfast and Pulumi, in order. */
function asked({ commands }: Played): string[] {
  return commands.filter(
    (line) => /npx (holdfast|pulumi|tsx tools\/ci\/siteCheck.ts) /.test(line) && line !== "npx pulumi version",
  );
}

describe("a pull request", () => {
  test.each(["prod", "staging"])("is judged for %s beside the branch that it would be merged into", (stack) => {
    const played = play(job("pull-request.yml", "preview"), { folder, env: { STACK: stack } });
    expect(played.commands).toEqual([
      "npm ci",
      `npx holdfast preview --stack ${stack} --against HEAD^1 --as-of ${today}`,
    ]);
    expect(job("pull-request.yml", "preview").steps?.[0]?.with?.["fetch-depth"]).toBe(2);
  });

  test("fails with its preview, and keeps the evidence all the same", () => {
    const { outcomes } = play(job("pull-request.yml", "preview"), {
      folder,
      env: { STACK: "prod" },
      failing: "holdfast preview",
    });
    expect(outcomes).toMatchObject({ Preview: "failure", Summary: "success", Evidence: "success" });
  });

  test("is judged inside the engine where there are credentials, and never deployed", () => {
    const played = play(job("pull-request.yml", "engine"), { folder });
    expect(played.commands).toEqual([
      "npm ci",
      "npx pulumi version",
      "npx tsx tools/ci/kubeconfig.ts staging",
      `npx holdfast preview --engine pulumi --stack staging --as-of ${today}`,
    ]);
  });

  test("passes the tests and checks of this project", () => {
    expect(play(job("pull-request.yml", "check"), { folder }).commands).toEqual([
      "npm ci",
      "npm test",
      "npm run check",
    ]);
  });
});

describe("a deployment", () => {
  const up = job("deploy-stack.yml", "up");
  const deploy = (failing?: string) => {
    mkdirSync(path.join(folder, ".holdfast/prod"), { recursive: true });
    return play(up, { folder, env: { STACK: "prod" }, ...(failing === undefined ? {} : { failing }) });
  };
  const ways = [
    `npx holdfast preview --stack prod --as-of ${today}`,
    `npx holdfast preview --engine pulumi --stack prod --as-of ${today}`,
    expect.stringMatching(
      /^npx pulumi up --yes --stack prod --policy-pack policies --policy-pack-config \S+\/pack\.json$/,
    ),
    "npx pulumi stack export --stack prod",
    expect.stringMatching(/^npx holdfast assess --state \S+\/state\.json --as-of \d{4}-\d\d-\d\d$/),
    "npx tsx tools/ci/siteCheck.ts prod 1-1",
  ];

  test("previews offline, then with the pack inside the engine, then updates with the pack, then judges the state and the sites", () => {
    expect(asked(deploy())).toEqual(ways);
  });

  test.each([
    ["the offline preview", "holdfast preview --stack", 1],
    ["the engine's preview", "--engine pulumi", 2],
    ["the update", "pulumi up", 3],
    ["the export", "stack export", 4],
  ])("stops where %s fails", (_, failing, before) => {
    const played = deploy(failing);
    expect(asked(played)).toEqual(ways.slice(0, before));
    expect(played.outcomes.Evidence).toBe("success");
  });

  test("fails where the state breaks a promise, though the report goes through a pipe", () => {
    expect(deploy("assess --state").outcomes.Deployed).toBe("failure");
  });

  test("judges at one date from the first to the last step, and gives it to the pack", () => {
    deploy();
    const temp = readFileSync(packOf(folder), "utf8");
    expect(JSON.parse(temp)).toEqual({ holdfast: { asOf: today } });
  });

  test("goes no way that skips a preview, and lets no failure pass", () => {
    const own = all.map(({ text }) => text.replace(/^\s*#.*$/gm, "")).join("\n");
    expect(own).not.toMatch(/skip-preview|pulumi\/actions|pulumi destroy|pulumi up .*\s-\w*f/);
    expect(steps.filter(({ step }) => step["continue-on-error"] !== undefined)).toEqual([]);
    const gates = up.steps?.filter(({ name }) => ["Preview", "Engine preview", "Up"].includes(name ?? "")) ?? [];
    expect(gates.map((step: Step) => step.if)).toEqual([undefined, undefined, undefined]);
  });

  test("reaches production after staging only, behind an environment of the stack's name, one at a time", () => {
    const { jobs: own, concurrency } = workflow("deploy.yml");
    expect(own.staging).toMatchObject({ needs: "judge", with: { stack: "staging" } });
    expect(own.prod).toMatchObject({ needs: "staging", with: { stack: "prod" } });
    expect(own.prod?.if).toBeUndefined();
    expect(up.environment).toBe(expression("inputs.stack"));
    expect(concurrency).toEqual({ group: "deploy", "cancel-in-progress": false });
  });

  test("begins with what needs no credentials, and hands the findings to code scanning even where they stop it", () => {
    const played = play(job("deploy.yml", "judge"), { folder, env: { STACK: "prod" }, failing: "holdfast preview" });
    expect(played.commands).toEqual([
      "npm ci",
      `npx holdfast preview --stack prod --as-of ${today}`,
      "npx tsx tools/ci/branch.ts prod",
    ]);
  });
});

describe("a night", () => {
  const check = job("nightly.yml", "check");
  const night = (failing?: string) => {
    const env = { STACK: "prod", EVIDENCE_BUCKET: "evidence", DRIFT: "d", DEPLOYED: "e", PREVIEW: "p" };
    return play(check, { folder, env, ...(failing === undefined ? {} : { failing }) });
  };

  test("looks for drift without touching anything, judges the state and today's program, and keeps the evidence", () => {
    expect(night().commands).toEqual([
      "npm ci",
      `npx holdfast preview --stack prod --as-of ${today}`,
      "npx tsx tools/ci/kubeconfig.ts prod",
      "npx pulumi refresh --preview-only --expect-no-changes --stack prod",
      "npx pulumi stack export --stack prod",
      expect.stringMatching(/^npx holdfast assess --state \S+\/state\.json --as-of \d{4}-\d\d-\d\d$/),
      `aws s3 cp --recursive .holdfast/prod/ s3://evidence/prod/${today}/`,
    ]);
    expect(readFileSync(path.join(folder, ".holdfast/prod/outcome.json"), "utf8")).toBe(
      '{"drift":"d","deployed":"e","preview":"p"}\n',
    );
  });

  test.each([
    [
      "the preview",
      "holdfast preview",
      { Preview: "failure", Drift: "success", Deployed: "success", Outcome: "success" },
    ],
    [
      "the drift check",
      "pulumi refresh",
      { Preview: "success", Drift: "failure", Deployed: "success", Keep: "success" },
    ],
    ["the cluster", "kubeconfig", { Drift: "skipped", Deployed: "success", Outcome: "success" }],
  ])("goes on where %s fails", (_, failing, outcomes) => {
    expect(night(failing).outcomes).toMatchObject(outcomes);
  });

  test("tells its outcome in the words that the report reads", () => {
    const outcome = check.steps?.find(({ name }) => name === "Outcome");
    expect(outcome?.env).toEqual({
      DRIFT: expression("steps.drift.outcome"),
      DEPLOYED: expression("steps.deployed.outcome"),
      PREVIEW: expression("steps.preview.outcome"),
    });
  });

  test("is told by a job that has no credentials", () => {
    expect(play(job("nightly.yml", "report"), { folder }).commands).toEqual([
      "npm ci",
      expect.stringMatching(/^npx tsx tools\/ci\/nightly\.ts \S+\/nightly$/),
    ]);
  });
});

test("the scripts that workflows run exist, and every one of them is run by a workflow", () => {
  const run = steps.flatMap(({ step }) => /tools\/ci\/\w+\.ts/.exec(step.run ?? "")?.[0] ?? []);
  expect([...new Set(run)].sort()).toEqual([
    "tools/ci/branch.ts",
    "tools/ci/kubeconfig.ts",
    "tools/ci/nightly.ts",
    "tools/ci/pullRequest.ts",
    "tools/ci/siteCheck.ts",
  ]);
});

function packOf(at: string): string {
  const bin = readdirSync(at).find((name) => name.startsWith("doubles-")) ?? "";
  return path.join(at, bin, "temp", "pack.json");
}
