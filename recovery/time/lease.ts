import { type Bound, checked, isBounded, sum, sumOf } from "../bound";
import { seconds } from "../duration";
import type { Term } from "../plan/term";
import { reckoned, type Setting, termOf } from "./setting";

/**
 * From the holder's last renewal until a standby holds the Lease. It counts from when it saw that renewal, up to one look
 * late, and notices the end up to another look late.
 */
export function leaseTakeover(duration: Setting): Term[] {
  return [
    termOf("Lease runs out", duration),
    reckoned("standby looks at the Lease", looks(duration.value), [duration]),
  ];
}

/** What is left of a lost pod's Lease after other things were waited for: both run side by side. */
export function leaseLeft(duration: Setting, meanwhile: readonly Term[]): Term {
  const held = sum([duration.value, looks(duration.value)]);
  const passed = sumOf(meanwhile);
  const left = isBounded(held) && isBounded(passed) ? seconds(Math.max(0, held - passed)) : held;
  return reckoned("Lease of the lost pod runs out", left, [duration]);
}

/** Two looks: the elector renews and looks every fifth of the duration, but not more often than each second. */
function looks(duration: Bound): Bound {
  return isBounded(duration) ? seconds(2 * Math.max(1, Math.ceil(duration / 5))) : checked(duration);
}
