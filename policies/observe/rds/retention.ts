import { isUnknown } from "../../../recovery/bound";
import { seconds } from "../../../recovery/duration";
import { type Fact, factSeconds, rds } from "../../../recovery/facts";
import type { Term } from "../../../recovery/plan";
import { titleOf } from "../names";
import type { Facts } from "../read";

const secondsPerDay = 86_400;
const most = factSeconds(rds.backupRetentionMost) / secondsPerDay;

/** How long backups are kept by a property in days; the provider's default is a fact, and RDS refuses more than it can. */
export function retentionOf(facts: Facts, property: string, otherwise: Fact): Term {
  const days = facts.whole(property);
  const term: Omit<Term, "value"> = {
    name: "backups kept",
    grade: "guaranteed",
    source: facts.source(property),
    facts: [days === undefined ? otherwise.id : rds.backupRetentionMost.id],
  };
  if (isUnknown(days)) return { ...term, value: days };
  if (days === undefined) return { ...term, value: factSeconds(otherwise) };
  if (days <= most) return { ...term, value: seconds(days * secondsPerDay) };
  const unknown = `${property} of ${titleOf(facts.resource)} must be 0 to ${most} days, got ${days}: RDS refuses it`;
  return { ...term, value: { unknown } };
}
