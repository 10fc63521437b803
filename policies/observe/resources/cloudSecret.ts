import { isUnknown, type Maybe } from "../../../recovery/bound";
import type { Place } from "../../../recovery/plan";
import type { Resource } from "../../graph";
import { type Facts, facts, type Read } from "../read";
import type { Reader } from "./identity";

/** A secret of AWS Secrets Manager. */
export interface CloudSecret {
  resource: Resource;
  facts: Facts;
  name: Read<string>;
  at: Maybe<Place>;
  /** Other regions that have a copy of it. */
  replicas: Read<string[]>;
}

/** Secrets of AWS Secrets Manager. */
export const cloudSecrets: Reader<CloudSecret> = {
  types: ["aws:secretsmanager/secret:Secret"],
  read(resource, { geography }) {
    const own = facts(resource);
    return { resource, facts: own, name: own.text("name"), at: geography.placeOf(resource), replicas: replicasOf(own) };
  },
};

function replicasOf(own: Facts): Read<string[]> {
  const all = own.items("replicas");
  if (all === undefined || isUnknown(all)) return all;
  const regions = all.map((one) => one.text("region"));
  return regions.find(isUnknown) ?? regions.filter((one) => typeof one === "string");
}
