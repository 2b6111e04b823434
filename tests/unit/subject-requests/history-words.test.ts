import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { locales } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";

/** The kinds that `recordEvents` is called with; steps have words of their own. */
const kinds = globSync("lib/subject-requests/**/*.ts").flatMap((file) => {
  const calls = readFileSync(file, "utf8").match(/recordEvents\(\s*tx[^;]*;/g) ?? [];
  const values = calls.flatMap((call) => [...call.matchAll(/\bkind: ([^,}\n]+)/g)].map(([, value]) => value!));
  return values.flatMap((value) => [...value.matchAll(/"([a-z_]+)"/g)].map(([, kind]) => kind!));
});

describe.each(locales)("the history of a request in %s", (locale) => {
  it("has a word for each kind of event", async () => {
    const { events, steps } = (await loadMessages(locale)).subjectRequests;
    expect(kinds.length).toBeGreaterThan(8);
    expect(kinds.filter((kind) => !(kind in events) && !(kind in steps))).toEqual([]);
  });
});
