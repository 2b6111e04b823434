import { Writable } from "node:stream";
import pino from "pino";
import { expect, test } from "vitest";
import { log } from "@/lib/core/log";

/** What the log's own serialisers make of an error. */
function logged(error: unknown): string {
  let text = "";
  const stream = new Writable({ write: (chunk, _, done) => ((text += String(chunk)), done()) });
  const { error: serialise } = (log as unknown as Record<symbol, Record<string, (value: unknown) => unknown>>)[
    pino.symbols.serializersSym
  ]!;
  pino({ serializers: { error: serialise! } }, stream).error({ error }, "failed");
  return text;
}

test("omits the parameters of a failed statement, also as a cause", () => {
  const failed = Object.assign(new Error("Failed query: insert … params: +5511987654321,Ana"), {
    query: "insert",
    params: ["+5511987654321"],
  });
  for (const error of [failed, new Error("outer", { cause: failed })]) {
    expect(logged(error)).not.toMatch(/98765|Ana/);
    expect(logged(error)).toContain("a statement failed");
  }
});

test("logs only the type of a thrown value that is no error", () => {
  expect(logged("+5511987654321")).not.toContain("98765");
});

test("keeps the message, the code and the stack of an ordinary error", () => {
  const text = logged(Object.assign(new Error("no space left"), { code: "ENOSPC" }));
  expect(text).toContain("no space left");
  expect(text).toContain("ENOSPC");
  expect(text).toContain("log.test.ts");
});
