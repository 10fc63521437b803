import { describe, expect, it } from "vitest";
import {
  countFrom,
  dns,
  frontDoorDetection,
  type Redirection,
  route53Redirection,
  spanFrom,
  targetDetection,
  trafficManagerRedirection,
} from "../../../recovery";
import { count, type Given, keepsTheLaws, listed, span, total } from "./laws";

const whole = ({ detect, redirect }: Redirection) => total([...detect, ...redirect]);

describe("Route 53", () => {
  const route53 = (given: Record<"interval" | "threshold" | "timeout" | "ttl" | "clientCache", Given>) =>
    route53Redirection({
      interval: span(given.interval),
      threshold: count(given.threshold),
      timeout: span(given.timeout),
      ttl: span(given.ttl),
      clientCache: span(given.clientCache),
    });
  const named = { timeout: 0, ttl: 60, clientCache: 0 };

  it.each([
    ["checks each 30 s", { interval: 30, threshold: 3, ...named }, 150],
    ["checks each 10 s", { interval: 10, threshold: 3, ...named }, 90],
    ["waits for its last check", { interval: 10, threshold: 3, ...named, timeout: 10 }, 100],
    [
      "is followed by clients that look up once in 5 minutes",
      { interval: 30, threshold: 3, ...named, clientCache: 300 },
      450,
    ],
  ])("leads clients elsewhere in time when it %s", (_what, given, expected) => {
    expect(whole(route53(given))).toBe(expected);
  });

  it("notices first and redirects then, by its own facts where nobody says otherwise", () => {
    const { detect, redirect } = route53Redirection({
      interval: spanFrom(dns.route53Interval),
      threshold: countFrom(dns.route53Threshold),
      timeout: span(4),
      ttl: span(60),
      clientCache: span(30),
    });
    expect(listed(detect)).toEqual([
      ["endpoint counts as lost", 90],
      ["last check times out", 4],
    ]);
    expect(detect[0]?.facts).toEqual(["dns.route53-interval", "dns.route53-threshold"]);
    expect(listed(redirect)).toEqual([
      ["DNS record lives on", 60],
      ["clients look the name up again", 30],
    ]);
  });

  it("keeps the laws", () => {
    keepsTheLaws({
      spans: ["interval", "timeout", "ttl", "clientCache"],
      counts: ["threshold"],
      total: (given) => whole(route53(given)),
    });
  });
});

describe("Traffic Manager", () => {
  const manager = (given: Record<"interval" | "tolerated" | "timeout" | "ttl" | "clientCache", Given>) =>
    trafficManagerRedirection({
      interval: span(given.interval),
      tolerated: count(given.tolerated),
      timeout: span(given.timeout),
      ttl: span(given.ttl),
      clientCache: span(given.clientCache),
    });

  it.each([
    [
      "30 s, 3 tolerated: the fourth degrades",
      { interval: 30, tolerated: 3, timeout: 10, ttl: 0, clientCache: 0 },
      130,
    ],
    ["10 s, none tolerated", { interval: 10, tolerated: 0, timeout: 5, ttl: 60, clientCache: 0 }, 75],
  ])("leads clients elsewhere in time with probes each %s", (_what, given, expected) => {
    expect(whole(manager(given))).toBe(expected);
  });

  it("keeps the laws", () => {
    keepsTheLaws({
      spans: ["interval", "timeout", "ttl", "clientCache"],
      counts: ["tolerated"],
      total: (given) => whole(manager(given)),
    });
  });
});

describe("Front Door", () => {
  const door = (probeInterval: Given, sampleSize: Given, required: Given) =>
    total(
      frontDoorDetection({
        probeInterval: span(probeInterval),
        sampleSize: count(sampleSize),
        successesRequired: count(required),
      }),
    );

  it.each([
    [30, 4, 2, 90],
    [240, 4, 2, 720],
    [30, 4, 4, 30],
    [30, 1, 1, 30],
  ])(
    "probing each %i s, with %i probes of which %i must succeed, takes %i s",
    (interval, sample, required, expected) => {
      expect(door(interval, sample, required)).toBe(expected);
    },
  );

  it("does not know when it is told to see more successes than probes", () => {
    expect(door(30, 2, 3)).toEqual({ unknown: "3 successes are required of 2 probes" });
  });

  it("keeps the laws, but takes less time the more successes it requires", () => {
    keepsTheLaws({
      spans: ["probeInterval"],
      counts: ["sampleSize"],
      total: ({ probeInterval, sampleSize }) => door(probeInterval, sampleSize, 1),
    });
    expect(door(30, 4, { unknown: "not yet" })).toEqual({ unknown: "not yet" });
    for (const required of [1, 2, 3])
      expect(Number(door(30, 4, required + 1))).toBeLessThan(Number(door(30, 4, required)));
  });
});

describe("a load balancer", () => {
  it("leaves a target after so many failed checks, the last of which times out", () => {
    const detect = targetDetection({ interval: span(30), timeout: span(6), threshold: count(2) });
    expect(listed(detect)).toEqual([
      ["target counts as lost", 60],
      ["last check times out", 6],
    ]);
  });

  it("keeps the laws", () => {
    keepsTheLaws({
      spans: ["interval", "timeout"],
      counts: ["threshold"],
      total: ({ interval, timeout, threshold }) =>
        total(targetDetection({ interval: span(interval), timeout: span(timeout), threshold: count(threshold) })),
    });
  });
});
