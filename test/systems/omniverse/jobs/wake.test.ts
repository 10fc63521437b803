import { afterAll, describe, expect, it } from "vitest";
import { firstCopies, jobNames, standbyJobs } from "../../../../systems/omniverse/names";
import { closeAll, makeRecovery, type Recovery } from "./recoverFixture";

afterAll(closeAll);

const before = ["notify", "fence", "restore", "verify"];
const objectsOf = (of: Recovery) => of.json("kube/state.json").objects;
const asleep = (of: Recovery) => standbyJobs.filter((name) => objectsOf(of)[`cronjob/${name}`]?.spec.suspend !== false);
/** CronJobs of which a Job was made, in the order of their names. */
const started = (of: Recovery) =>
  Object.keys(objectsOf(of))
    .flatMap((one) => /^job\/(.+)-\d{14}$/.exec(one)?.[1] ?? [])
    .sort();

/** A failover up to its step resume. */
async function beforeResume(): Promise<Recovery> {
  const at = await makeRecovery();
  at.answers.first = false;
  await at.steps("assets-in-secondary", ["take", "verify"]);
  await at.steps("database-in-secondary", before);
  at.ended({ "accounts.copies-in-secondary.verify": {} });
  return at;
}

describe("a site that begins to serve", () => {
  it("wakes every job that it slept with, and dumps at once, but copies files and tidies by its schedules", async () => {
    const at = await beforeResume();
    expect(asleep(at)).toEqual(standbyJobs);
    await at.steps("database-in-secondary", ["resume"]);
    expect(asleep(at)).toEqual([]);
    expect(started(at)).toEqual([...firstCopies].sort());
    // A copy of the assets that began before the first dump would fit to none.
    expect(started(at)).not.toContain(jobNames.assets);
    const asked = at.kubectl();
    const first = (begins: RegExp) => asked.findIndex((call) => begins.test(call));
    const dumped = first(new RegExp(`^create job .*--from=cronjob/${jobNames.dump}$`));
    expect(dumped).toBeGreaterThan(0);
    expect(dumped).toBeLessThan(first(new RegExp(`^patch cronjob/${jobNames.assets} `)));
  });

  it("wakes the others where one cannot be woken, fails and names that one, and keeps nobody from the next step", async () => {
    const at = await beforeResume();
    at.json("kube/state.json", ({ objects }) => {
      delete objects[`cronjob/${jobNames.dump}`];
      delete objects[`cronjob/${jobNames.health}`];
    });
    const said = await at.refused("database-in-secondary", "resume");
    expect(said).toContain(`these still sleep: ${jobNames.dump} ${jobNames.health}; nothing does their work`);
    expect(asleep(at)).toEqual([jobNames.dump, jobNames.health]);
    expect(started(at)).toEqual([jobNames.accounts]);
    expect(at.noted()).toHaveProperty("database.replicated-backups.resume");
  });
});
