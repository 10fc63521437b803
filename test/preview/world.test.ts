import { afterEach, expect, test, vi } from "vitest";
import { Progress } from "../../preview/progress";
import { colourful, widthOf } from "../../preview/world";

afterEach(() => {
  vi.useRealTimers();
});

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 100, write: (text: string) => written.push(text) };
}

test("progress is one line on a terminal, and gone when the work is done", () => {
  const terminal = screen(true);
  const progress = new Progress(terminal);
  progress.show("1 resource");
  progress.show("2 resources");
  progress.done();
  expect(terminal.written).toEqual(["\r  1 resource\u001b[K", "\r\u001b[K"]);
});

test("progress moves ten times a second at most", () => {
  vi.useFakeTimers({ now: 1_000 });
  const terminal = screen(true);
  const progress = new Progress(terminal);
  for (let millisecond = 0; millisecond < 1_000; millisecond++) {
    progress.show(`${millisecond}`);
    vi.advanceTimersByTime(1);
  }
  expect(terminal.written).toHaveLength(10);
});

test("where nobody is looking there is no progress and no colour", () => {
  const pipe = screen(false);
  const progress = new Progress(pipe);
  progress.show("1 resource");
  progress.done();
  expect(pipe.written).toEqual([]);
  expect(colourful(pipe)).toBe(false);
});

test("what is no terminal is as wide as a report needs", () => {
  expect(widthOf({ write: () => undefined })).toBe(120);
  expect(widthOf(screen(true))).toBe(100);
});
