import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/core/errors";
import { assertSameOrigin } from "@/lib/http/session/same-origin";
import { formInput } from "@/lib/http/form-input";
import { problem } from "@/lib/http/problem";
import { readCookie } from "@/lib/http/session/session-cookie";
import { requestIdOf } from "@/lib/http/request-context";
import { readJson } from "@/lib/http/route";

test.each([
  ["a=1; b=2", "b", "2"],
  ["a=1;b=2", "b", "2"],
  ["b=x=y", "b", "x=y"],
  ["b=%C3%A9", "b", "é"],
  ["b=%E0%A4%A", "b", undefined],
  ["bb=1", "b", undefined],
  ["", "b", undefined],
])("the cookies %j hold %s = %s", (cookie, name, value) =>
  expect(readCookie(new Headers({ cookie }), name)).toBe(value),
);

describe("a form", () => {
  const form = (...entries: [string, string][]) => {
    const data = new FormData();
    for (const [name, value] of entries) data.append(name, value);
    return data;
  };
  test("is read as plain text; a name with [] is a list", () => {
    expect(formInput(form(["name", "Ana"], ["unitIds[]", "a"], ["unitIds[]", "b"], ["$ACTION_ID", "x"]))).toEqual({
      name: "Ana",
      unitIds: ["a", "b"],
    });
  });
  test("counts a repeated name once, and omits files", () => {
    const data = form(["name", "a"], ["name", "b"]);
    data.append("file", new Blob(["x"]));
    expect(formInput(data)).toEqual({ name: "a" });
  });
  test("cannot reach a prototype", () => {
    const input = formInput<Record<string, unknown>>(form(["__proto__", "x"], ["constructor", "y"]));
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype);
    expect(({} as { x?: string }).x).toBeUndefined();
  });
});

test("a request id is the proxy's, or a new one when that is invalid", () => {
  const id = "01937d5c-7a10-7c3e-9a0b-6f2d4c1e8b55";
  expect(requestIdOf(new Headers({ "x-request-id": id }))).toBe(id);
  for (const given of ["x", `${id}\u00e9`, "<script>"])
    expect(requestIdOf(new Headers({ "x-request-id": given }))).toMatch(/^[0-9a-f]{8}-/);
});

describe("a problem", () => {
  const id = "01937d5c-7a10-7c3e-9a0b-6f2d4c1e8b55";
  test("of an AppError has its code and its fields, never its detail", async () => {
    const answered = problem(
      new AppError("invalid_input", "secret detail", { fields: [{ path: "a.b", reason: "too_big" }] }),
      id,
    );
    expect([answered.status, answered.headers.get("content-type"), answered.headers.get("cache-control")]).toEqual([
      422,
      "application/problem+json",
      "no-store",
    ]);
    expect(await answered.json()).toEqual({
      type: "urn:custodia:problem:invalid_input",
      title: "invalid input",
      status: 422,
      code: "invalid_input",
      requestId: id,
      fields: [{ path: "a.b", reason: "too_big" }],
    });
  });
  test.each([new Error("secret"), "secret", null, undefined, { code: "not_found", status: 404 }])(
    "of any other error is internal",
    async (error) => {
      const answered = problem(error, id);
      expect(await answered.json()).toEqual({
        type: "urn:custodia:problem:internal",
        title: "internal",
        status: 500,
        code: "internal",
        requestId: id,
      });
    },
  );
});

describe("JSON", () => {
  const request = (body: string, headers: Record<string, string> = { "content-type": "application/json" }) =>
    new Request("http://x/", { method: "POST", body, headers });
  test("is accepted as an object", async () => expect(await readJson(request('{"a":1}'))).toEqual({ a: 1 }));
  test.each([
    ["[]", "invalid_json"],
    ["", "invalid_json"],
    ["nul", "invalid_json"],
    [`"${"x".repeat(70_000)}"`, "too_large"],
  ])("%.9s is %s", async (body, code) => {
    await expect(readJson(request(body))).rejects.toMatchObject({ code });
  });
  test("is recognised by its content type only", async () =>
    expect(readJson(request("{}", { "content-type": "text/plain" }))).rejects.toMatchObject({
      code: "unsupported_media_type",
    }));
});

test("the portal's own page is accepted, another origin is refused", () => {
  expect(() => assertSameOrigin(new Headers({ origin: "http://127.0.0.1:1" }))).not.toThrow();
  expect(() => assertSameOrigin(new Headers({ origin: "http://127.0.0.1:1.evil.example" }))).toThrow(
    expect.objectContaining({ code: "cross_site" }),
  );
  expect(() => assertSameOrigin(new Headers())).toThrow(expect.objectContaining({ code: "cross_site" }));
});
