import { isUnknown } from "../../../recovery/bound";
import { formatSeconds, isProblem, parseDuration } from "../../../recovery/duration";
import { loadBalancing } from "../../../recovery/facts";
import { targetDetection } from "../../../recovery/time";
import { sourceOf, titleOf } from "../names";
import type { Program } from "../program";
import type { Facts } from "../read";
import { countSetting, spanSetting } from "../resources/healthCheck";
import { comesFrom, type EdgePart, servedBy } from "../resources/loadBalancer";
import { notePromise } from "./time";

/** What stands between people and an asset, and says so by a tag: its targets, its certificate, and that it stays. */
export function noteEntrances(program: Program): void {
  for (const group of program.targetGroups) {
    const asset = servedBy(group);
    if (asset !== undefined) noteTargets(group, asset, program);
  }
  for (const balancer of program.loadBalancers) {
    const asset = servedBy(balancer);
    if (asset === undefined) continue;
    noteBalancer(balancer, asset, program);
    noteCertificate(balancer, asset, program);
  }
}

/** Until a load balancer sends nothing to a target that is lost, and whether it asks what says that it is. */
function noteTargets(group: EdgePart, asset: string, program: Program): void {
  const { problems } = program;
  const title = titleOf(group.resource);
  const check = group.facts.at("healthCheck");
  if (check.flag("enabled") === false) {
    problems.add(
      check.source("enabled"),
      `${title} checks no target (healthCheck.enabled): it sends to lost ones`,
      asset,
    );
  }
  notePath(check, title, asset, program);
  const matcher = check.text("matcher");
  if (isUnknown(matcher)) problems.unknown(check.source("matcher"), matcher.unknown, asset);
  else if (matcher !== undefined && !/^[23]\d\d([,-][23]\d\d)*$/.test(matcher)) {
    const message = `${title} takes ${matcher} for an answer (healthCheck.matcher): only 200 to 399 say that a target serves`;
    problems.add(check.source("matcher"), message, asset);
  }
  const tag = group.facts.at("tags").key("holdfast.dev/redirect-within");
  const text = tag.text();
  const within = typeof text === "string" ? parseDuration(text) : undefined;
  if (within === undefined || isProblem(within)) {
    const message = `${title} must say in the tag holdfast.dev/redirect-within how soon it leaves a lost target out, such as 40s`;
    problems.add(tag.source(), message, asset);
    return;
  }
  const terms = targetDetection({
    interval: spanSetting(check, "interval", loadBalancing.interval),
    timeout: spanSetting(check, "timeout", loadBalancing.timeout),
    threshold: countSetting(check, "unhealthyThreshold", loadBalancing.threshold),
  });
  const promise = `${title} must leave a lost target out within ${formatSeconds(within)}`;
  notePromise({ promise, within, terms, by: `interval, timeout and unhealthyThreshold of ${title}` }, asset, problems);
}

/** What Route 53 asks of the site is what the load balancer asks of each target. */
function notePath(check: Facts, title: string, asset: string, { healthChecks, dnsRecords, problems }: Program): void {
  const path = check.text("path");
  const source = check.source("path");
  if (isUnknown(path)) {
    problems.unknown(source, path.unknown, asset);
    return;
  }
  const asked = healthChecks.filter((one) => dnsRecords.some((record) => comesFrom(record, "healthCheckId", one)));
  const other = asked.find((one) => one.path !== (path ?? "/"));
  if (other === undefined) return;
  const message = `${title} asks its targets for ${path ?? "/"} (healthCheck.path), and ${titleOf(other.resource)} asks the site for ${typeof other.path === "string" ? other.path : "another path"}: a target that does not serve would stay`;
  problems.add(source, message, asset);
}

function noteBalancer({ resource, facts }: EdgePart, asset: string, { problems }: Program): void {
  const title = titleOf(resource);
  const kept = facts.flag("enableDeletionProtection");
  const source = facts.source("enableDeletionProtection");
  if (isUnknown(kept)) problems.unknown(source, `${title}: ${kept.unknown}`, asset);
  else if (kept !== true) {
    const message = `enableDeletionProtection of ${title} must be true, got ${kept ?? "nothing"}: one call deletes it, and its name with it`;
    problems.add(source, message, asset);
  }
  const subnets = facts.items("subnets");
  const mapped = facts.items("subnetMappings");
  const unread = [subnets, mapped].find(isUnknown);
  if (isUnknown(unread)) problems.unknown(facts.source("subnets"), unread.unknown, asset);
  else if (Array.isArray(subnets) && subnets.length < 2 && mapped === undefined) {
    const message = `${title} stands in one subnet, and so in one zone (subnets): it is lost with it`;
    problems.add(facts.source("subnets"), message, asset);
  }
}

/** AWS renews a certificate by itself only as long as the records stand by which it was validated. */
function noteCertificate(balancer: EdgePart, asset: string, program: Program): void {
  const { listeners, certificates, certificateValidations, problems } = program;
  const title = titleOf(balancer.resource);
  const secure = listeners.filter(
    (one) => comesFrom(one, "loadBalancerArn", balancer) && one.facts.text("protocol") === "HTTPS",
  );
  const [listener] = secure;
  if (listener === undefined) {
    problems.add(
      sourceOf(balancer.resource),
      `no Listener of ${title} speaks HTTPS: nobody reaches ${asset} there`,
      asset,
    );
    return;
  }
  const validation = certificateValidations.find((one) => comesFrom(listener, "certificateArn", one));
  const certificate = certificates.find((one) =>
    validation === undefined
      ? comesFrom(listener, "certificateArn", one)
      : comesFrom(validation, "certificateArn", one),
  );
  const source = listener.facts.source("certificateArn");
  if (certificate === undefined) {
    const message = `${titleOf(listener.resource)} has no certificate of this program (certificateArn): whether it is renewed is not known`;
    problems.unknown(source, message, asset);
    return;
  }
  const method = certificate.facts.text("validationMethod");
  const name = titleOf(certificate.resource);
  if (method !== "DNS") {
    const message = `${name} must be validated by names (validationMethod DNS): any other is renewed only if a person answers`;
    problems.add(certificate.facts.source("validationMethod"), message, asset);
    return;
  }
  const others = certificate.facts.items("subjectAlternativeNames");
  const names = 1 + (Array.isArray(others) ? others.length : 0);
  const records = program.dnsRecords.filter(
    (record) => validation !== undefined && comesFrom(validation, "validationRecordFqdns", record),
  );
  if (records.length >= names) return;
  const message = `${name} has ${names} names, but ${records.length} of the records that validate them are declared (CertificateValidation, validationRecordFqdns): AWS renews it only while all of them stand`;
  problems.add(validation?.facts.source("validationRecordFqdns") ?? source, message, asset);
}
