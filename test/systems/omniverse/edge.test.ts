import { beforeAll, describe, expect, it } from "vitest";
import { type ResourceGraph, UNKNOWN } from "../../../policies/graph";
import { blocking, judge } from "../../../policies/judge";
import { DATABASE_ID } from "../../../systems/omniverse/objectives";
import { all, ignore, type Mutation, region, set, unset, without } from "../../policies/mutate";
import { asOf } from "../../recovery/build";
import { declaredGraph } from "../../support/declaredGraph";
import { aloneIn } from "../declared";

/** What of production is Omniverse's, with what all systems share. */
let alone: ResourceGraph;

beforeAll(async () => {
  alone = aloneIn(await declaredGraph("prod"), "omniverse");
});

const [first, second] = ["omniverse-name-primary", "omniverse-name-secondary"];
const [firstCheck, secondCheck] = [`${first}-check`, `${second}-check`];
const targets = "omniverse-primary-entrance-targets";
const balancer = "omniverse-secondary-entrance-balancer";
const certificate = "omniverse-primary-tls-certificate";
const dns = ["omniverse-promote-replica-dns", "omniverse-database-in-secondary-dns"];
const within = 'metadata.annotations["holdfast.dev/redirect-within"]';

/** A promise, a resource and a fact that each finding must name; the rule is links-resolve unless it says another. */
const weaker: [title: string, mutation: Mutation, says: string[], rule?: string][] = [
  // The pair of records.
  ["no second record", without(second), ["has no SECONDARY record", "omniverse.company.com"]],
  ["no first record", without(first), ["has no PRIMARY record"]],
  ["no failover at all", all(without(second), without(first)), ["redirects"]],
  [
    "records that are no pair",
    all(unset(first, "failoverRoutingPolicies"), unset(second, "failoverRoutingPolicies")),
    ["has no PRIMARY record"],
  ],
  [
    "two records of one role",
    set(second, "failoverRoutingPolicies[0].type", "PRIMARY"),
    ["has no SECONDARY record", "failoverRoutingPolicies"],
  ],
  ["a role that is not known", set(second, "failoverRoutingPolicies", UNKNOWN), ["failoverRoutingPolicies"]],
  [
    "both records to one site",
    set(second, "records", ["omniverse.eu-central-1.company.com"]),
    ["both records of omniverse.company.com lead to omniverse.eu-central-1.company.com"],
  ],
  ["a second record that leads nobody knows where", set(second, "records", UNKNOWN), ["records of Record", second]],
  [
    "both load balancers in one region",
    region("secondary-aws", "eu-central-1"),
    ["load balancers in one region, eu-central-1"],
  ],
  // Their time.
  [
    "a name that is remembered for five minutes",
    all(set(first, "ttl", 300), set(second, "ttl", 300)),
    ["within 3m", "takes 6m 54s", "DNS record lives on 5m"],
  ],
  ["a first record that is remembered for longer", set(first, "ttl", 300), ["within 3m", first]],
  ["a second record that is remembered for longer", set(second, "ttl", 300), ["within 3m", second]],
  ["a TTL that is not known", set(first, "ttl", UNKNOWN), [DATABASE_ID, "ttl"], "rto-is-met"],
  ["no TTL", unset(second, "ttl"), ["names no ttl"]],
  ["a TTL that is ignored", ignore(first, "ttl"), ["ignoreChanges"]],
  ["a name that is remembered for a day", set(first, "ttl", 86_400), [DATABASE_ID, "region"], "rto-is-met"],
  // What asks.
  ...[firstCheck, secondCheck].flatMap((check): [string, Mutation, string[]][] => [
    [`${check} every 30 s`, set(check, "requestInterval", 30), ["within 3m", "counts as lost 1m 48s", check]],
    [
      `${check} at an interval that nobody says`,
      unset(check, "requestInterval"),
      ["within 3m", "counts as lost 1m 48s", check],
    ],
    [`${check} at an interval that is not known`, set(check, "requestInterval", UNKNOWN), ["not known", check]],
    [
      `${check} after ten failures`,
      set(check, "failureThreshold", 10),
      ["within 3m", "counts as lost 2m 40s", "failureThreshold"],
    ],
    [`${check} with a threshold that is ignored`, ignore(check, "failureThreshold"), ["ignoreChanges"]],
    [`${check} that is off`, set(check, "disabled", true), ["disabled", check, "healthy always"]],
    [`${check} that may be off`, set(check, "disabled", UNKNOWN), ["disabled", check]],
    [`${check} that is inverted`, set(check, "invertHealthcheck", true), ["invertHealthcheck", check]],
    [`${check} of another host`, set(check, "fqdn", "www.company.com"), ["www.company.com", "fqdn"]],
    [`${check} of a host that is not known`, set(check, "fqdn", UNKNOWN), ["fqdn", check]],
    [`${check} of another path`, set(check, "resourcePath", "/"), ["resourcePath"]],
    [`${check} of no path`, unset(check, "resourcePath"), ["names no resourcePath"]],
    [`${check} of a port alone`, set(check, "type", "TCP"), ["type HTTPS", "TCP"]],
    [`no ${check}`, without(check), ["names no HealthCheck"]],
  ]),
  [
    "a first record that nobody asks",
    unset(first, "healthCheckId"),
    ["PRIMARY record", "no health check", "never leads clients elsewhere"],
  ],
  [
    "a second record that nobody asks",
    unset(second, "healthCheckId"),
    ["SECONDARY record", "no health check", "before anything is restored"],
  ],
  [
    "an alias that nobody asks",
    all(
      unset(first, "healthCheckId"),
      set(first, "aliases", [{ name: "x", zoneId: "Z1", evaluateTargetHealth: false }]),
    ),
    ["PRIMARY record", "no health check"],
  ],
  [
    "an alias that goes by the health of its target",
    all(
      unset(first, "healthCheckId"),
      set(first, "aliases", [{ name: "x", zoneId: "Z1", evaluateTargetHealth: true }]),
    ),
    ["evaluateTargetHealth", "no reader knows"],
  ],
  [
    "a promise that nobody makes any more",
    all(...dns.map((job) => unset(job, within))),
    ["holdfast.dev/redirect-within"],
  ],
  ["a promise that takes less", set(dns[0] ?? "", within, "2m"), ["within 2m", "takes 2m 54s"]],
  // The load balancers and their targets.
  ["targets that are asked for /", set(targets, "healthCheck.path", "/"), ["healthCheck.path", targets]],
  ["targets that are asked for nothing", unset(targets, "healthCheck.path"), ["healthCheck.path"]],
  ["targets whose errors count as an answer", set(targets, "healthCheck.matcher", "200-499"), ["200-499"]],
  ["targets that nobody asks", set(targets, "healthCheck.enabled", false), ["healthCheck.enabled"]],
  [
    "targets that are lost after ten failures",
    set(targets, "healthCheck.unhealthyThreshold", 10),
    ["within 40s", "1m 45s"],
  ],
  ["targets that are asked every 30 s", set(targets, "healthCheck.interval", 30), ["within 40s", "1m 5s"]],
  ["targets that are asked at no known interval", set(targets, "healthCheck.interval", UNKNOWN), ["within 40s"]],
  ["targets that are asked as the provider likes", unset(targets, "healthCheck"), ["within 40s", "1m 40s", targets]],
  ["targets of which nobody promises anything", unset(targets, 'tags["holdfast.dev/redirect-within"]'), [targets]],
  ["a load balancer that one call deletes", set(balancer, "enableDeletionProtection", false), ["one call deletes it"]],
  ["a load balancer that may be deleted", unset(balancer, "enableDeletionProtection"), ["one call deletes it"]],
  ["a load balancer in one zone", set(balancer, "subnets", ["subnet-0bbbbbbbbbbbbbbe1"]), ["one subnet"]],
  ["no TLS", set("omniverse-secondary-entrance-https", "protocol", "HTTP"), ["speaks HTTPS"]],
  // The certificates.
  ["a certificate that a person must renew", set(certificate, "validationMethod", "EMAIL"), ["validationMethod"]],
  [
    "a certificate whose record is gone",
    without("omniverse-primary-tls-shared-proof"),
    ["2 names, but 1 of the records"],
  ],
  ["a certificate that nobody validates", without("omniverse-secondary-tls-validation"), ["certificateArn"]],
];

it("is looked at from outside by the name that people use, wherever it leads, and no record hangs on that check", () => {
  const named = (name: string) => alone.resources.filter((one) => one.name === name);
  const [alarm] = named("omniverse-names-alarms-OmniverseSiteSilent");
  const asked = alone.resources.filter(({ urn }) => alarm?.propertyDependencies.dimensions?.includes(urn));
  const [record] = named(first);
  expect(asked.map(({ props }) => props.fqdn)).toEqual([record?.props.name]);
  const hangs = [first, second].flatMap((name) => named(name)[0]?.propertyDependencies.healthCheckId ?? []);
  expect(hangs).toHaveLength(2);
  for (const { urn } of asked) expect(hangs).not.toContain(urn);
});

describe("the way in of Omniverse", () => {
  it("has no finding, so that what is weakened below starts from none", () => {
    expect(judge(alone, asOf).findings.map(({ message }) => message)).toEqual([]);
  });

  it.each(weaker)("is weakened by %s, which is a mandatory finding", (_, mutation, says, rule = "links-resolve") => {
    const found = blocking(judge(mutation(alone), asOf)).filter((one) => one.rule === rule);
    const texts = found.map((one) => JSON.stringify(one));
    expect(texts.some((text) => says.every((words) => text.includes(words))) ? "said" : texts).toBe("said");
  });

  it.each<[string, Mutation]>([
    ["a check that sees it sooner", set(firstCheck, "failureThreshold", 2)],
    ["a TTL of half", all(set(first, "ttl", 30), set(second, "ttl", 30))],
    ["names with a dot at the end", set(first, "records", ["omniverse.eu-central-1.company.com."])],
  ])("is no weaker by %s", (_, mutation) => {
    expect(judge(mutation(alone), asOf).findings.map(({ message }) => message)).toEqual([]);
  });
});
