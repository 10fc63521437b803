import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isProblem, zoneOf } from "../../../recovery/schedule";
import { answer, at, zones } from "./cases";

describe("the offset of a zone", () => {
  const cases: [zone: string, instant: string, offset: number][] = [
    ["Etc/UTC", "2026-07-01T00:00:00Z", 0],
    ["Asia/Kathmandu", "2026-07-01T00:00:00Z", 20_700],
    ["America/New_York", "2026-03-08T06:59:59Z", -18_000],
    ["America/New_York", "2026-03-08T07:00:00Z", -14_400],
    ["Europe/London", "2026-01-01T00:00:00Z", 0],
    ["Africa/Monrovia", "1970-01-01T00:00:00Z", -2_670],
  ];
  for (const [zone, instant, offset] of cases) {
    it(`in ${zone} at ${instant} is ${offset} s`, () =>
      expect(answer(zoneOf(zone)).offsetAt(at(instant))).toBe(offset));
  }
});

describe("the transitions of a zone", () => {
  it("are found to the second", () => {
    expect(answer(zoneOf("Europe/Berlin")).transitions(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"))).toEqual(
      [
        { at: at("2026-03-29T01:00:00Z"), before: 3600, after: 7200 },
        { at: at("2026-10-25T01:00:00Z"), before: 7200, after: 3600 },
      ],
    );
  });

  it("lie between the bounds, not on them", () => {
    const zone = answer(zoneOf("Europe/Berlin"));
    const change = at("2026-03-29T01:00:00Z");
    expect(zone.transitions(change, change + 86_400)).toEqual([]);
    expect(zone.transitions(change - 86_400, change)).toEqual([]);
    expect(zone.transitions(change - 1, change + 1)).toHaveLength(1);
  });

  it("are the half hour of Lord Howe and the month of Ramadan in Casablanca", () => {
    const of = (zone: string) =>
      answer(zoneOf(zone))
        .transitions(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"))
        .map(({ before, after }) => after - before);
    expect(of("Australia/Lord_Howe")).toEqual([-1800, 1800]);
    expect(of("Africa/Casablanca")).toEqual([-3600, 3600]);
  });

  it("explain every offset that the zone has", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones, "Africa/Casablanca"),
        fc.integer({ min: at("2020-01-01"), max: at("2040-01-01") }),
        (name, instant) => {
          const zone = answer(zoneOf(name));
          expect(zone.offsetAt(instant)).toBe(zone.measure(instant));
        },
      ),
    );
  });
});

describe("a name that is no zone", () => {
  for (const name of ["Mars/Olympus", "europe/berlin", "Local", "PST", "+01:00", "SystemV/EST5", "Europe/Berlin "]) {
    it(`"${name}" is a problem`, () => {
      expect(zoneOf(name)).toEqual({
        problem: `timeZone must be a name of the IANA time zone database, got "${name}"; for example "Etc/UTC" or "Europe/Berlin"`,
      });
    });
  }

  it("is told its spelling where only the case differs", () => {
    expect(zoneOf("Europe/BERLIN")).toEqual({
      problem: 'timeZone must be spelled "Europe/Berlin", got "Europe/BERLIN"',
    });
  });

  it("is a problem when unset, since the controller's own zone is not known", () => {
    const read = zoneOf("");
    expect(isProblem(read) && read.problem).toContain("the controller's own zone");
  });
});
