import { type CivilDay, civilDay, dayNumber, secondsPerDay } from "./civil";
import { type Cron, matchesDay } from "./cron";
import type { Zone } from "./zone";

const hour = 3600;
const minute = 60;

/**
 * The first run after an instant, both in epoch seconds, as SpecSchedule.Next of robfig/cron v3.0.1 finds it;
 * undefined when there is none by the end of the fifth year after it.
 */
export function nextRun(cron: Cron, zone: Zone, after: number): number | undefined {
  if (cron.minute.size === 0 || cron.hour.size === 0) return undefined;
  const cursor = new Cursor(cron, zone, after + 1);
  const lastYear = cursor.year + 5;
  // Each search reports whether it ran into the next larger unit, whose match must then be checked again.
  while (cursor.toMonth() || cursor.toDay() || cursor.toHour() || cursor.toMinute() || cursor.toSecond()) {
    if (cursor.year > lastYear) return undefined;
  }
  return cursor.instant;
}

/**
 * Searches the way robfig does, because around a change of the clocks the way decides the result: hours and minutes
 * are added as elapsed time, so a change of half an hour leaves the search off the full hour until it finds a match.
 */
class Cursor {
  instant = 0;
  #wall = 0;
  #day = Number.NaN;
  #civil: CivilDay = civilDay(0);
  /** Whether the start has been rounded down to a unit, which happens once. */
  #rounded = false;

  constructor(
    readonly cron: Cron,
    readonly zone: Zone,
    start: number,
  ) {
    this.#goTo(start);
  }

  get year(): number {
    return this.#civil.year;
  }

  toMonth(): boolean {
    while (!this.cron.month.has(this.#civil.month)) {
      const { year, month } = this.#civil;
      this.#roundDown(dayNumber(year, month, 1) * secondsPerDay);
      this.#goToWall(this.#monthLater());
      if (this.#civil.month === 1) return true;
    }
    return false;
  }

  toDay(): boolean {
    while (!matchesDay(this.cron, this.#civil)) {
      this.#roundDown(this.#wall - this.#timeOfDay);
      this.#goToWall(this.#wall + secondsPerDay);
      // The next midnight may not exist: go to the one hour that robfig takes for it.
      if (this.#hour !== 0) this.#goTo(this.instant + (this.#hour > 12 ? 24 - this.#hour : -this.#hour) * hour);
      if (this.#civil.dayOfMonth === 1) return true;
    }
    return false;
  }

  toHour(): boolean {
    while (!this.cron.hour.has(this.#hour)) {
      this.#roundDown(this.#wall - (this.#timeOfDay % hour));
      this.#goTo(this.instant + hour);
      if (this.#hour === 0) return true;
    }
    return false;
  }

  toMinute(): boolean {
    while (!this.cron.minute.has(this.#minute)) {
      this.#rounded = true;
      this.#goTo(this.instant - (this.instant % minute) + minute);
      if (this.#minute === 0) return true;
    }
    return false;
  }

  /** A five-field schedule runs at second 0. */
  toSecond(): boolean {
    const second = this.instant % minute;
    if (second === 0) return false;
    this.#rounded = true;
    this.#goTo(this.instant + minute - second);
    return true;
  }

  get #timeOfDay(): number {
    return this.#wall - this.#day * secondsPerDay;
  }

  get #hour(): number {
    return Math.floor(this.#timeOfDay / hour);
  }

  get #minute(): number {
    return Math.floor((this.#timeOfDay % hour) / minute);
  }

  #monthLater(): number {
    const { year, month, dayOfMonth } = this.#civil;
    return dayNumber(year, month + 1, dayOfMonth) * secondsPerDay + this.#timeOfDay;
  }

  #roundDown(wall: number): void {
    if (!this.#rounded) this.#goToWall(wall);
    this.#rounded = true;
  }

  #goTo(instant: number): void {
    this.instant = instant;
    this.#wall = instant + this.zone.offsetAt(instant);
    const day = Math.floor(this.#wall / secondsPerDay);
    if (day === this.#day) return;
    this.#day = day;
    this.#civil = civilDay(day);
  }

  /** Goes to a local time as Go's time.Date does, which decides what a skipped or a repeated one means. */
  #goToWall(wall: number): void {
    const guess = this.zone.stretchAt(wall);
    const instant = wall - guess.offset;
    const holds = guess.offset === 0 || (instant >= guess.start && instant < guess.end);
    this.#goTo(holds ? instant : wall - this.zone.offsetAt(instant));
  }
}
