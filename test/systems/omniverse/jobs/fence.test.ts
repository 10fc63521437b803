import { afterAll, describe, expect, it } from "vitest";
import { fenceVerdicts, type HealthSays, type RdsSays } from "../../../../systems/omniverse/fence";
import { ago, closeAll, makeRecovery, type Recovery } from "./recoverFixture";

afterAll(closeAll);

const FIRST = "eu-central-1";
const NAME = "omniverse-prod";
// biome-ignore lint/suspicious/noExplicitAny: JSON of doubles
type Region = any;
type Change = (region: Region) => void;
type Env = Record<string, string>;

const rename = (region: Region, to: string) => {
  region.instances[to] = { ...region.instances[NAME], DBInstanceIdentifier: to };
  delete region.instances[NAME];
};
const refuses = (operation: string, code: string, times?: number): Change => {
  return (region) => {
    region.refuses = { [operation]: { code, ...(times === undefined ? {} : { times }) } };
  };
};
const silent = (how: string): Change => {
  return (region) => {
    region.down = how;
  };
};
const [DESCRIBE, MODIFY] = ["describe-db-instances", "modify-db-instance"] as const;

/** What each row of the table stands for: what RDS does, what the step notes or says of it. */
const rds: Readonly<Record<RdsSays, readonly [does: string, change: Change, says: string][]>> = {
  fenced: [
    ["takes the name away", () => {}, "fenced"],
    ["has taken it away before", (region) => rename(region, `${NAME}-fenced`), "fenced"],
    [
      "has one of the failover before aside",
      (region) => {
        region.instances[`${NAME}-fenced`] = { ...region.instances[NAME] };
      },
      "fenced",
    ],
    ["knows no such instance", (region) => delete region.instances[NAME], "absent"],
    ["is asked too often for a moment", refuses(DESCRIBE, "Throttling", 2), "fenced"],
    ["is busy for a moment", refuses(MODIFY, "InvalidDBInstanceState", 2), "fenced"],
  ],
  refuses: [
    ["does not say what it has", refuses(DESCRIBE, "AccessDenied"), "answers and does not say what omniverse-prod is"],
    ["is asked too often", refuses(DESCRIBE, "Throttling"), "(Throttling)"],
    ["keeps the name", refuses(MODIFY, "AccessDenied"), "is available and cannot be renamed"],
    [
      "has an instance that is stopped",
      (region) => {
        region.instances[NAME].DBInstanceStatus = "stopped";
      },
      "is stopped and cannot be renamed",
    ],
    [
      "does not end the renaming",
      (region) => {
        region.slow = true;
      },
      "has not within 2 s: RDS says that it is renaming",
    ],
  ],
  nothing: [
    ["is not there", silent("Could not connect to the"), "unreachable"],
    ["takes no connection", silent("Connect timeout on"), "unreachable"],
    ["does not answer", silent("Read timeout on"), "unreachable"],
  ],
};

const health: Readonly<Record<HealthSays, (at: Recovery) => Env>> = {
  serves: () => ({}),
  refuses: (at) => {
    at.answers.first = false;
    return {};
  },
  nothing: (at) => {
    at.answers.first = "hangs";
    return {};
  },
};
const noted: Readonly<Record<HealthSays, string>> = { serves: "answers", refuses: "silent", nothing: "unanswered" };

async function site(change: Change = () => {}): Promise<Recovery> {
  const at = await makeRecovery();
  at.ended({ "database.replica.notify": { told: true } });
  at.json("aws/rds.json", (state) => change(state[FIRST]));
  return at;
}
const fence = (at: Recovery, env: Env = {}) => at.steps("promote-replica", ["fence"], env);
const refused = (at: Recovery, env: Env = {}) => at.refused("promote-replica", "fence", env);

const cells = (Object.keys(rds) as RdsSays[]).flatMap((row) =>
  rds[row].flatMap(([does, change, says], place) =>
    (Object.keys(health) as HealthSays[]).map((column) => {
      return [does, column, fenceVerdicts[row][column], { row, change, says, first: place === 0 }] as const;
    }),
  ),
);

describe.concurrent("the fence, where RDS of the first region", () => {
  it.each(cells)("%s and its /health says %s: %s", async (_, column, verdict, { row, change, says, first }) => {
    const at = await site(change);
    // What lasts a moment is over within four seconds.
    const patience: Env = row === "fenced" ? { FENCE_SECONDS: "4", RENAME_SECONDS: "20" } : { RENAME_SECONDS: "2" };
    const env = { ...health[column](at), ...patience };
    if (verdict !== "stops") {
      expect(await fence(at, env)).toMatchObject({ firstSite: says, health: noted[column], said: "no" });
      return;
    }
    const said = await refused(at, env);
    expect(said).toContain("then write FENCED=yes into the ConfigMap omniverse-incident");
    expect(said).toContain(row === "refuses" ? says : "/first/health still answers: two sites would serve");
    expect(await at.refused("promote-replica", "lag")).toContain("lag must come after fence");
    if (first) expect(await fence(at, { ...env, FENCED: "yes" })).toMatchObject({ health: noted[column], said: "yes" });
  });
});

describe.concurrent("the silence of the first site", () => {
  const lost = silent("Connect timeout on");

  it("counts where the probe has seen that site within the last day, and asks for that alone", async () => {
    const at = await site(lost);
    at.answers.first = "hangs";
    await fence(at);
    expect(at.questions).toEqual(['max(max_over_time(probe_success{job="omniverse-from-secondary"}[1d]))']);
  });

  it.each<[string, (at: Recovery) => Env, string]>([
    [
      "the probe has not seen it for a day",
      (at) => {
        at.answers.seen = false;
        return {};
      },
      "the probe omniverse-from-secondary has not seen the first site within the last day",
    ],
    [
      "nobody knows whether one has",
      (at) => {
        at.answers.seen = "nobody knows";
        return {};
      },
      "has not seen the first site within the last day",
    ],
    ["Prometheus does not answer", () => ({ PROMETHEUS_URL: "http://127.0.0.1:1" }), "does not say whether the probe"],
    [
      "nobody gets out from here",
      (at) => {
        at.answers.here = "hangs";
        return {};
      },
      "/here, the address of this site itself, does not answer from here either",
    ],
  ])("does not count where %s", async (_, change, says) => {
    const at = await site(lost);
    at.answers.first = "hangs";
    const env = change(at);
    expect(await refused(at, env)).toContain(says);
    expect(await fence(at, { ...env, FENCED: "yes" })).toMatchObject({
      firstSite: "unreachable",
      health: "unanswered",
    });
  });

  it.each<[string, string]>([
    ["takes no connection", "http://127.0.0.1:1"],
    ["has no name", "http://first.invalid"],
  ])("is one that %s as well", async (_, url) => {
    const at = await site(lost);
    expect(await fence(at, { PRIMARY_URL: url })).toMatchObject({ firstSite: "unreachable", health: "unanswered" });
    at.answers.seen = false;
    expect(await refused(at, { PRIMARY_URL: url })).toContain("has not seen the first site");
  });

  it("is none where something breaks the connection, or where it is a hiccup", async () => {
    const at = await site(lost);
    at.answers.first = "breaks";
    expect(await refused(at)).toContain("/first/health still answers");
    at.answers.first = [false, false, true];
    expect(await refused(at)).toContain("/first/health still answers");
    at.answers.first = ["hangs", false, "hangs"];
    at.answers.seen = false;
    expect(await fence(at)).toMatchObject({ health: "silent" });
  });

  it("says nothing where RDS is silent in this region too", async () => {
    const at = await site(lost);
    at.answers.first = false;
    at.json("aws/rds.json", (state) => silent("Could not connect to the")(state["eu-west-1"]));
    expect(await refused(at)).toContain("RDS of this region, eu-west-1, does not answer either");
    expect(await fence(at, { FENCED: "yes" })).toMatchObject({ firstSite: "unreachable", health: "silent" });
  });

  it("does not make a database fenced that nobody reached", async () => {
    const at = await site(lost);
    at.answers.first = false;
    const { stderr } = await at.step("promote-replica", "fence");
    expect(stderr).toContain("omniverse-prod is not fenced, and must be before eu-central-1 is connected again");
  });
});

describe.concurrent("the first site", () => {
  it.each<[string, Env, string]>([
    ["of the last incident", { INCIDENT_WRITTEN: ago(13 * 60) }, "omniverse-incident says is of incident INC-7"],
    ["of no incident", { INCIDENT: "" }, "omniverse-incident must say INCIDENT and INCIDENT_WRITTEN"],
  ])("is not fenced because somebody said so %s", async (_, env, says) => {
    const at = await site();
    expect(await refused(at, { FENCED: "yes", ...env })).toContain(says);
    expect(Object.keys(at.json("aws/rds.json")[FIRST].instances)).toEqual([NAME]);
  });

  it("is fenced once, after a run that was ended as well", async () => {
    const at = await site();
    at.answers.first = false;
    const running = at.begin("promote-replica", "fence");
    await expect
      .poll(() => running.log(), { interval: 20, timeout: 30_000 })
      .toContain("becomes omniverse-prod-fenced");
    running.kill();
    await running.ended;
    for (const _ of [1, 2]) expect(await fence(at)).toMatchObject({ firstSite: "fenced" });
    expect(at.asked().filter(({ operation }) => operation === MODIFY)).toHaveLength(1);
  });

  it("is asked second: what this region gives as credentials serves for the other too", async () => {
    const at = await site();
    at.answers.first = false;
    await fence(at);
    expect(at.asked()[0]).toMatchObject({ operation: DESCRIBE, region: "eu-west-1" });
  });
});
