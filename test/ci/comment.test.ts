import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ApiError, apiOf } from "../../tools/ci/api";
import { bot, marker, upsertComment } from "../../tools/ci/comment";
import { entry, type SimulatedGithub, simulateGithub } from "./simulatedGithub";

let github: SimulatedGithub;
beforeEach(async () => {
  github = await simulateGithub();
});
afterEach(() => github.stop());

const body = `${marker}\n**✓ prod keeps all 6 recovery promises**`;
const tell = (text = body) => upsertComment(github.api, { number: 7, body: text });

test("the first verdict is a comment", async () => {
  expect(await tell()).toBe("created");
  expect(github.comments.map((one) => one.body)).toEqual([body]);
});

test("the next verdict is written over it: there is never a second comment", async () => {
  await tell();
  expect(await tell(`${marker}\nworse`)).toBe("updated");
  expect(await tell(`${marker}\nworse`)).toBe("unchanged");
  expect(github.comments.map((one) => one.body)).toEqual([`${marker}\nworse`]);
});

describe("it finds its own comment", () => {
  test("behind two pages of others", async () => {
    github.comments.push(...Array.from({ length: 230 }, (_, i) => ({ ...entry("alice", `${i}`), id: 10_000 + i })));
    github.comments.push(entry(bot, `${marker}\nold`));
    expect(await tell()).toBe("updated");
    expect(github.comments.filter((one) => one.body === body)).toHaveLength(1);
    expect(github.calls.filter((call) => call.startsWith("GET"))).toHaveLength(3);
  });

  test.each([
    ["with our marker, by somebody else", entry("mallory", `${marker}\n✓ all is well`)],
    ["by the same bot, of another workflow", entry(bot, "Coverage: 100 %")],
    ["that quotes ours", entry(bot, `> ${marker}`)],
    ["under another pull request", entry(bot, `${marker}\nother`, 8)],
  ])("and leaves alone one %s", async (_, other) => {
    const before = other.body;
    github.comments.push(other);
    expect(await tell()).toBe("created");
    expect(other.body).toBe(before);
  });
});

describe("a refusal", () => {
  test("is told in GitHub's own words, without the token", async () => {
    const refused = upsertComment({ ...github.api, token: "canary-7431" }, { number: 7, body });
    await expect(refused).rejects.toThrow(ApiError);
    await expect(refused).rejects.toThrow(/^GET \/issues\/7\/comments.*: 401 Bad credentials$/);
    await expect(refused).rejects.not.toThrow(/canary-7431/);
  });

  test("names the variable that a workflow would have set", () => {
    expect(() => apiOf({ GITHUB_API_URL: "https://api.github.com", GITHUB_TOKEN: "" })).toThrow(
      "GITHUB_TOKEN must be set: this runs in a workflow, which sets it",
    );
  });
});
