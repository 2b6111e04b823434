import { describe, expect, it } from "vitest";
import { EnvironmentError } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { StoreError } from "@/lib/storage/store-error";
import { explainFailure } from "../../../scripts/explain-failure";

const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });

describe("explainFailure", () => {
  it.each<[string, unknown, string | RegExp, number]>([
    [
      "a connection that is refused is the database's",
      refused,
      /^The database of DATABASE_URL cannot be used \(ECONNREFUSED\)/,
      2,
    ],
    [
      "also below a failed statement",
      new Error("Failed query", { cause: refused }),
      /^The database of DATABASE_URL/,
      2,
    ],
    [
      "and where an operation says that the database is away",
      new AppError("database_unavailable", "away", {}, { cause: new Error("Failed query", { cause: refused }) }),
      /^The database of DATABASE_URL cannot be used \(ECONNREFUSED\)/,
      2,
    ],
    [
      "but the store's where the store says so",
      new StoreError("unavailable", "The store does not answer.", { cause: refused }),
      "Work failed at the store, unavailable: The store does not answer.",
      1,
    ],
    [
      "and the key service's where that says so",
      new AppError("key_unavailable", "away", {}, { cause: refused }),
      "key_unavailable: away",
      1,
    ],
    ["anything else by its message", new Error("broken"), "Work failed: broken", 1],
    ["and what is no error at all", "broken", "Work failed: broken", 1],
  ])("%s", (_, error, text, exitCode) => {
    const explained = explainFailure("Work", error);
    expect(explained).toEqual({ text: typeof text === "string" ? text : expect.stringMatching(text), exitCode });
  });

  it("explains a wrong environment with what to do", () => {
    const { text, exitCode } = explainFailure("Work", new EnvironmentError("STORE: missing"));
    expect([exitCode, text]).toEqual([2, expect.stringContaining("npm run demo")]);
  });
});
