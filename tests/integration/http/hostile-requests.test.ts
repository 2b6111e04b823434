import { beforeAll, describe, expect, test } from "vitest";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { handle } from "@/lib/http/route";
import { newId } from "@/lib/core/new-id";
import { smallAudio } from "../../support/audio-fixtures";
import { signedInAs, type SignedIn } from "../../support/people";
import { purpose } from "../../support/playbacks";
import { call, methods, portalRoutes } from "../../support/portal";
import {
  callMetadata,
  phoneSystem,
  problemOf,
  refusal,
  storedRecording,
  type PhoneSystem,
} from "../../support/uploads";

let system: PhoneSystem;
let dpo: SignedIn;
let recordingId: string;

beforeAll(async () => {
  system = await phoneSystem();
  dpo = await signedInAs("dpo");
  recordingId = await storedRecording(system);
});

const metadata = () => callMetadata(system.unitCode, smallAudio());
const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  call("POST", "/api/recordings", {
    headers: { ...system.headers, "content-type": "application/json", ...headers },
    body,
  });

describe("a JSON body", () => {
  test.each<[string, string, number, string]>([
    ["empty", "", 400, "invalid_json"],
    ["cut in half", '{"source":', 400, "invalid_json"],
    ["a list", "[]", 400, "invalid_json"],
    ["a text", '"x"', 400, "invalid_json"],
    ["null", "null", 400, "invalid_json"],
    ["a number", "1e999", 400, "invalid_json"],
    ["XML", "<a/>", 400, "invalid_json"],
    ["a very deep list", "[".repeat(30_000), 400, "invalid_json"],
    ["only a byte order mark", "\ufeff", 400, "invalid_json"],
    ["too large", JSON.stringify({ source: "x".repeat(70_000) }), 413, "too_large"],
  ])("is refused when it is %s", async (_, body, status, code) => {
    expect(await problemOf(await post(body))).toMatchObject(refusal(status, code));
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "",
  ])("is refused when sent as %s", async (type) => {
    expect(await problemOf(await post(JSON.stringify(metadata()), { "content-type": type }))).toMatchObject(
      refusal(415, "unsupported_media_type"),
    );
  });

  test("is refused with a declared length above the limit", async () => {
    expect(await problemOf(await post("{}", { "content-length": "99999999" }))).toMatchObject(
      refusal(413, "too_large"),
    );
  });

  test("may have a character set", async () => {
    expect((await post(JSON.stringify(metadata()), { "content-type": "Application/JSON; charset=utf-8" })).status).toBe(
      201,
    );
  });
});

describe("hostile values never give a 500", () => {
  const values: [string, unknown][] = [
    ["null", null],
    ["true", true],
    ["a list", []],
    ["an object", {}],
    ["a deep object", JSON.parse('{"a":'.repeat(500) + "1" + "}".repeat(500))],
    ["zero", 0],
    ["less than nothing", -1],
    ["a huge number", 1e308],
    // oxlint-disable-next-line no-loss-of-precision -- the number that a client may send
    ["a number past 2^53", 9_007_199_254_740_993],
    ["an empty text", ""],
    ["U+0000", "a\u0000b"],
    ["half a surrogate pair", "\ud800"],
    ["a long text", "x".repeat(60_000)],
    ["an injection", "'; drop table recordings; --"],
    ["a path", "../../../etc/passwd"],
    ["an early year", "0000-00-00T00:00:00Z"],
    ["a late year", "275760-09-13T00:00:01Z"],
    ["a right-to-left mark", "\u202eabc"],
  ];
  const fields = () => Object.keys({ ...metadata(), queue: 1, agent: 1, agentName: 1, customerNumber: 1 });

  test.each(values)("%s in every field of an upload", async (_, value) => {
    for (const field of fields()) {
      const answered = await call("POST", "/api/recordings", {
        headers: system.headers,
        json: { ...metadata(), [field]: value },
      });
      expect(answered.status, field).toBeLessThan(500);
    }
  });

  test.each(values)("%s in every field of a grant", async (_, value) => {
    for (const kind of ["playback", "download"]) {
      for (const field of ["purpose", "reference", "recordingId"]) {
        const answered = await call("POST", `/api/recordings/${recordingId}/${kind}-grants`, {
          headers: dpo.headers,
          json: { ...purpose, [field]: value },
        });
        expect(answered.status, field).toBeLessThan(500);
      }
    }
  });

  test.each([
    "x",
    "1",
    "00000000-0000-0000-0000-000000000000x",
    "%00",
    "..",
    "%27%20or%201%3D1",
    "x".repeat(5000),
    "019b1c7e-0000-7000-8000-00000000000g",
  ])("%s as an id", async (id) => {
    for (const [method, path] of [
      ["GET", `/api/recordings/${id}`],
      ["POST", `/api/recordings/${id}/complete`],
    ] as const) {
      const answered = await call(method, path, { headers: system.headers, json: method === "POST" ? {} : undefined });
      expect([404, 405, 422]).toContain(answered.status);
    }
    expect([404, 405, 422]).toContain(
      (await call("GET", `/api/playback/${id}`, { headers: { cookie: dpo.cookie } })).status,
    );
  });

  test("do not pollute prototypes", async () => {
    for (const key of ["__proto__", "constructor", "prototype"]) {
      const body = `{"${key}":{"isAdmin":true,"prototype":{"isAdmin":true}},${JSON.stringify(metadata()).slice(1)}`;
      expect((await post(body)).status).toBeLessThan(500);
      const grant = await call("POST", `/api/recordings/${recordingId}/playback-grants`, {
        headers: { ...dpo.headers, "content-type": "application/json" },
        body: `{"${key}":{"isAdmin":true},${JSON.stringify(purpose).slice(1)}`,
      });
      expect(grant.status).toBeLessThan(500);
    }
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  test.each(["0", "-1", "1e9", "NaN", "abc", "3601", "1;drop", "%00"])(
    "limitSeconds=%s of the retention job",
    async (limit) => {
      const answered = await call("GET", `/api/cron/retention?limitSeconds=${limit}`, {
        headers: { authorization: `Bearer ${env().CRON_SECRET}` },
      });
      expect(await problemOf(answered)).toMatchObject(refusal(422, "invalid_input"));
    },
  );

  test.each(["Bearer", "Basic dXNlcjpwYXNz", "Bearer \u00e9", "bearer  x", "", "Bearer ".padEnd(9000, "x")])(
    "%j as authorization",
    async (authorization) => {
      expect(
        await problemOf(await call("POST", "/api/recordings", { headers: { authorization }, json: metadata() })),
      ).toMatchObject(refusal(401, "unknown_api_key"));
    },
  );
});

describe("responses", () => {
  test("contain only a request id for an unknown error", async () => {
    const secret = "connection to postgres://custodia:secret@db failed for +5511987654321";
    const failing = handle(() => Promise.reject(new Error(secret)));
    const requestId = newId();
    const answered = await failing(new Request("http://127.0.0.1/", { headers: { "x-request-id": requestId } }), {
      params: Promise.resolve({}),
    });
    const text = await answered.clone().text();
    expect(await problemOf(answered)).toMatchObject({
      ...refusal(500, "internal"),
      body: { requestId, title: "internal" },
    });
    expect(text).not.toMatch(/secret|postgres|5511/);
  });

  test("leave the detail of a known error in the log", async () => {
    const failing = handle(() => Promise.reject(new AppError("conflict", "row 17 of table x")));
    const { body } = await problemOf(await failing(new Request("http://127.0.0.1/"), { params: Promise.resolve({}) }));
    expect(Object.keys(body).sort()).toEqual(["code", "requestId", "status", "title", "type"]);
  });

  test("state a wait in Retry-After", async () => {
    const failing = handle(() => Promise.reject(new AppError("locked", "", { retryAfterSeconds: 7 })));
    const answered = await failing(new Request("http://127.0.0.1/"), { params: Promise.resolve({}) });
    expect([answered.status, answered.headers.get("retry-after")]).toEqual([423, "7"]);
  });

  test("of the health check reveal nothing about the installation", async () => {
    const answered = await call("GET", "/api/health");
    expect(answered.status).toBe(200);
    expect(await answered.text()).not.toMatch(/postgres|path|version|store/i);
  });

  test("do not exist for a method that a route does not declare", async () => {
    for (const route of await portalRoutes()) {
      const module = await route.load();
      expect(
        Object.keys(module).filter(
          (name) =>
            !methods.includes(name as never) && !["maxDuration", "dynamic", "runtime", "revalidate"].includes(name),
        ),
        route.file,
      ).toEqual([]);
    }
  });
});
