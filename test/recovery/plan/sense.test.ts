import { describe, expect, it } from "vitest";
import { changed, partOf, problemsOf, type Written } from "./written";

/** A twin of an entry of a list. */
const twice = (list: string, index = 0, more: Written = {}): Written => {
  const entries = partOf(list) as Written[];
  return changed(list, [...entries, { ...entries[index], ...more }]);
};

describe("what makes no sense", () => {
  it.each<[string, Written, string]>([
    [
      "two assets of one id",
      twice("assets"),
      'assets[2] must have an id of its own, got "shop/orders" as assets[0] has',
    ],
    [
      "two protections of one id",
      twice("protections"),
      'protections[4] must have an id of its own, got "shop/orders/nightly-dumps" as protections[0] has',
    ],
    [
      "two paths of one id",
      twice("paths"),
      'paths[2] must have an id of its own, got "shop/orders/restore" as paths[0] has',
    ],
    [
      "two schedules of one name",
      twice("protections[0].series"),
      'protections[0].series[1] must have a name of its own, got "dump" as protections[0].series[0] has',
    ],
    [
      "two steps of one name",
      twice("paths[0].steps", 2),
      'paths[0].steps[3] must have a name of its own, got "warm-up" as paths[0].steps[2] has',
    ],
    [
      "two steps of one name that wait for each other",
      twice("paths[0].steps", 2, { after: ["warm-up"] }),
      'paths[0].steps[3] must have a name of its own, got "warm-up" as paths[0].steps[2] has',
    ],
    [
      "an account that credentials reach and do not",
      changed("places.there", { cloud: "aws", account: "1", region: "r2", zones: [], deployed: false }),
      'places.there.deployed must be true, as for account "1" at places.here: credentials reach an account or do not, got false',
    ],
    [
      "a CronJob that may start no later than its controller looks",
      changed("protections[0].series[0].startSlack", "9s"),
      "protections[0].series[0].startSlack must be at least 10s for a CronJob, which may else never run, got 9s",
    ],
    [
      "a log that is kept by count",
      changed("protections[1].copies", [{ ...(partOf("protections[0].copies") as Written[])[0], newest: 30 }]),
      "protections[1].copies[0].newest must be left out for a log, of which keptFor says how long it is kept, got 30",
    ],
    [
      "two entries of one id",
      twice("register.assumptions"),
      'register.assumptions[3] must have an id of its own, got "upload" as register.assumptions[0] has',
    ],
    [
      "a zone named twice",
      changed("places.here.zones", ["a", "a"]),
      'places.here.zones[1] must have a name of its own, got "a" as places.here.zones[0] has',
    ],
    [
      "steps that wait in a circle",
      changed("paths[0].steps[0].after", ["restore"]),
      "paths[0].steps must not wait for each other in a circle, got scale-down → restore → scale-down",
    ],
    [
      "a step that waits for itself",
      changed("paths[0].steps[2].after", ["warm-up"]),
      "paths[0].steps must not wait for each other in a circle, got warm-up → warm-up",
    ],
    [
      "assets that depend on each other in a circle",
      changed("assets[0].dependsOn", ["shop/index"]),
      "assets must not depend on each other in a circle, got shop/orders → shop/index → shop/orders",
    ],
    [
      "assets that refer to each other in a circle",
      changed("groups[0].members[0].refersTo", ["shop/index"]),
      "groups[0].members must not refer to each other in a circle, got shop/orders → shop/index → shop/orders",
    ],
    [
      "assets that are rebuilt from each other",
      twice("protections", 3, { id: "x", asset: "shop/orders", from: "shop/index" }),
      "protections must not be rebuilt from each other in a circle, got shop/index → shop/orders → shop/index",
    ],
    [
      "a retention that ends before it is over",
      changed("assets[0].retention.atMost", "7d"),
      "assets[0].retention.atMost must be at least atLeast, 2592000 seconds, got 604800",
    ],
    [
      "a lock on what expires before",
      changed("protections[0].copies[0].keptFor", "30d"),
      "protections[0].copies[0].lock.keptFor must be at most keptFor, 2592000 seconds: nothing deletes what a compliance lock holds, got 3888000; where keptFor only hides or moves a point, say when it is gone: deletedBy",
    ],
    [
      "a lock on what is deleted before",
      changed("protections[0].copies[0].deletedBy", "45d", changed("protections[0].copies[0].lock.keptFor", "50d")),
      "protections[0].copies[0].lock.keptFor must be at most deletedBy, 3888000 seconds: nothing deletes what a compliance lock holds, got 4320000",
    ],
    [
      "points deleted before they expire",
      changed("protections[0].copies[0].deletedBy", "40d", changed("protections[0].copies[0].lock", "none")),
      "protections[0].copies[0].deletedBy must be at least keptFor, 3888000 seconds, got 3456000",
    ],
    [
      "more shares needed than there are",
      changed("protections[2].survives.needed", 4),
      "protections[2].survives.needed must be at most total, 3, got 4",
    ],
    [
      "no share needed",
      changed("protections[2].survives.needed", 0),
      "protections[2].survives.needed must be a whole number from 1 on, such as 4, got 0",
    ],
    [
      "more shares in a zone than there are",
      changed("protections[2].survives.together.zone", 4),
      "protections[2].survives.together.zone must be at most total, 3, got 4",
    ],
    [
      "fewer shares in a zone than in a node of it",
      changed("protections[2].survives.together.node", 2),
      "protections[2].survives.together.zone must be at least what one node in it holds, 2, got 1",
    ],
    [
      "fewer members than shares need",
      changed("protections[2].survives.members", 2),
      "protections[2].survives.members must have room for all 3 shares, got 2 × 1 shares",
    ],
    [
      "all members away",
      changed("protections[2].survives.away", 3),
      "protections[2].survives.away must be less than members, 3, got 3",
    ],
    [
      "a path for nothing",
      changed("paths[0].disruptions", []),
      "paths[0].disruptions must name at least 1, got an empty list",
    ],
    [
      "an expression that no scheduler reads",
      changed("work[0].schedule.expression", "0 25 * * *"),
      "work[0].schedule schedule",
    ],
    [
      "a day that never comes",
      changed("work[0].schedule.expression", "0 0 30 2 *"),
      'work[0].schedule.expression must fit some day, got "0 0 30 2 *", which never comes',
    ],
    [
      "a zone that does not exist",
      changed("work[0].schedule.timeZone", "Europe/Berln"),
      "work[0].schedule timeZone must be a name of the IANA time zone database",
    ],
    [
      "a day that is none",
      changed("register.drills[0].date", "2026-02-30"),
      'register.drills[0].date must be a day such as "2027-03-01", got "2026-02-30"',
    ],
    [
      "a share of more than all",
      changed("availability[0].perMillion", "100.1%"),
      'availability[0].perMillion must be a share of the time such as "99.99%", or whole millionths such as 999900, got "100.1%"',
    ],
    [
      "an assumed span without a value",
      changed("register.assumptions[1].value", undefined, changed("paths[0].decide", [])),
      'register.assumptions[1].value must be a duration such as "15m", since it stands for decide, got nothing',
    ],
    [
      "an assumed rate without a value",
      changed("register.assumptions[2].term", "restore-rate"),
      "register.assumptions[2].bytesPerSecond must be a whole number from 1 on, such as 50000000, got nothing",
    ],
    [
      "a name with blanks around it",
      changed("assets[0].kind", " database"),
      'assets[0].kind must be a text such as "database", not empty and without blanks around it, got " database"',
    ],
    ["another version", changed("version", 2), "version must be a whole number from 1 to 1, such as 1, got 2"],
  ])("is %s", (_, file, expected) => {
    const found = problemsOf(file);
    expect(found[0]?.slice(0, expected.length)).toBe(expected);
    if (!expected.endsWith("schedule") && !expected.endsWith("database")) expect(found).toEqual([expected]);
  });

  it("is a plan of nothing", () => {
    expect(problemsOf(changed("assets", []))[0]).toBe("assets must name at least 1, got an empty list");
  });

  it("is no lock that outlasts what nothing deletes, nor one that a permission lifts", () => {
    const endless = changed("protections[0].copies[0].keptFor", { unbounded: "nothing deletes" });
    expect(problemsOf(endless)).toEqual([]);
    const lifted = changed(
      "protections[0].copies[0].lock.mode",
      "governance",
      changed("protections[0].copies[0].keptFor", "30d"),
    );
    expect(problemsOf(lifted)).toEqual([]);
    const moved = changed(
      "protections[0].copies[0].deletedBy",
      "60d",
      changed("protections[0].copies[0].keptFor", "30d"),
    );
    expect(problemsOf(moved)).toEqual([]);
  });

  it("is no lock on versions that outlasts them either", () => {
    const versions = {
      kind: "versions",
      id: "v",
      asset: "shop/orders",
      at: "here",
      undoes: ["delete"],
      keptFor: "7d",
      lock: { mode: "compliance", keptFor: "8d" },
    };
    const all = partOf("protections") as Written[];
    expect(problemsOf(changed("protections", [...all, versions]))).toEqual([
      "protections[4].lock.keptFor must be at most keptFor, 604800 seconds: nothing deletes what a compliance lock holds, got 691200",
    ]);
  });

  it.each([
    ["kubernetes", "0 2 29 2 *"],
    ["aws", "cron(0 2 * * ? *)"],
    ["quartz", "0 0 2 1 1 ? 2030"],
    ["azure", '{"frequency":"Day","interval":1,"startTime":"2031-01-01T02:00:00Z"}'],
    ["debian", "30 2 * * 0"],
    ["dlm", '{"interval":12,"intervalUnit":"HOURS","times":["03:00"]}'],
  ])("is no schedule that %s takes", (scheduler, expression) => {
    expect(problemsOf(changed("work[0].schedule", { scheduler, expression, timeZone: "Etc/UTC" }))).toEqual([]);
    expect(problemsOf(changed("work[0].schedule", { scheduler, expression: "soon", timeZone: "Etc/UTC" }))).toEqual([
      expect.stringMatching(/^work\[0\]\.schedule /),
    ]);
  });
});
