import type { Out } from "./world";

/** One line on a terminal that says how far the work is, and leaves nothing behind. */
export class Progress {
  private shownAt = 0;

  constructor(private readonly out: Out) {}

  /** At most ten times a second: drawing must not cost time. */
  show(text: string): void {
    if (this.out.isTTY !== true || Date.now() - this.shownAt < 100) return;
    this.shownAt = Date.now();
    this.out.write(`\r  ${text}\u001b[K`);
  }

  /** Clears the line. */
  done(): void {
    if (this.shownAt > 0) this.out.write("\r\u001b[K");
    this.shownAt = 0;
  }
}
