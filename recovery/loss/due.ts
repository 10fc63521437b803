/** How many of some ascending numbers are below a limit; quick where that is near a place. */
export function countBelow(numbers: readonly number[], limit: number, near = 0): number {
  let low = Math.max(0, near);
  let high = numbers.length;
  // Steps twice as long each time, in the direction in which the place lies, then halves.
  let step = 1;
  while (low > 0 && (numbers[low - 1] ?? 0) >= limit) {
    high = low - 1;
    low = Math.max(0, low - step);
    step *= 2;
  }
  for (let next = low + step; next < high && (numbers[next - 1] ?? 0) < limit; next += step) {
    low = next;
    step *= 2;
  }
  high = Math.min(high, low + step);
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
