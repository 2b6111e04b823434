import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { AppError, errorStatus, storeErrorAnswer, type ErrorCode } from "@/lib/core/errors";
import { env } from "@/lib/core/env";
import { answerStoreLink } from "@/lib/http/bytes/store-link-answer";
import { cronRoute } from "@/lib/http/cron-route";
import { refusalPage } from "@/lib/http/known-error";
import { handle, route } from "@/lib/http/route";
import { configuredStore } from "@/lib/storage/configured-store";
import { isLinkedStore, type LinkedStore } from "@/lib/storage/links/linked-store";
import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";
import { callsOf, sourceFiles } from "../../support/source-files";

const codes = Object.keys(errorStatus) as ErrorCode[];
const storeCodes = Object.keys(storeErrorAnswer) as StoreErrorCode[];

type Case = [title: string, error: () => Error, code: ErrorCode];
const cases: Case[] = [
  ...codes.map((code): Case => [code, () => new AppError(code), code]),
  ...storeCodes.map((code): Case => [`a store's ${code}`, () => new StoreError(code, "x"), storeErrorAnswer[code]]),
  ["an unknown error", () => new TypeError("x"), "internal"],
];

let store: LinkedStore;
beforeAll(() => {
  const configured = configuredStore();
  if (!isLinkedStore(configured)) throw new Error("these tests need a store whose links the portal answers");
  store = configured;
});

const noParams = { params: Promise.resolve({}) };
const key = () => `recordings/${randomUUID()}`;

/** Each kind of route, answering a request in which this error is thrown. */
const families: Record<string, (error: Error) => Promise<Response>> = {
  "API route": (error) => {
    const failing = Object.assign(() => Promise.reject(error), {
      operation: {
        kind: "query" as const,
        permission: "session:end" as const,
        audits: [],
        freshProof: "never" as const,
      },
    });
    return route(failing, () => ({}))(new Request("http://127.0.0.1:3000/api/x"), noParams);
  },
  "plain handler, as health has it": (error) =>
    handle(() => Promise.reject(error))(new Request("http://127.0.0.1:3000/api/health"), noParams),
  "cron route": (error) =>
    cronRoute("retention", () => Promise.reject(error))(
      new Request("http://127.0.0.1:3000/api/cron/x", { headers: { authorization: `Bearer ${env().CRON_SECRET}` } }),
      noParams,
    ),
  "download link of a store": (error) => download({ head: () => Promise.reject(error) }),
  "upload link of a store": (error) => upload({ put: () => Promise.reject(error) }),
};

type Failing = Partial<Pick<LinkedStore, "head" | "put">>;

/** The configured store with one failing method. */
function storeWith(failing: Failing): LinkedStore {
  const { links, capabilities } = store;
  return {
    links,
    capabilities: { ...capabilities, conditionalWrite: true },
    head: async () => null,
    ...failing,
  } as LinkedStore;
}

async function download(failing: Failing): Promise<Response> {
  const asked = key();
  const { url } = store.links.signDownload({ key: asked, expiresInSeconds: 60 });
  return handle((request) => answerStoreLink(request, asked, storeWith(failing)))(new Request(url), noParams);
}

async function upload(failing: Failing): Promise<Response> {
  const asked = key();
  const bytes = new Uint8Array(3);
  const { url, headers, method } = store.links.signUpload({
    key: asked,
    contentType: "audio/wav",
    sizeBytes: 3,
    sha256: "0".repeat(64),
    expiresInSeconds: 60,
  });
  return handle((request) => answerStoreLink(request, asked, storeWith(failing)))(
    new Request(url, { method, headers: { ...headers, "content-length": "3" }, body: bytes }),
    noParams,
  );
}

/** Errors for which the routes of store links have their own status. */
const ownAnswers: Record<string, Partial<Record<StoreErrorCode, ErrorCode>>> = {
  "download link of a store": { integrity: "recording_damaged", key_missing: "recording_damaged" },
  "upload link of a store": { already_exists: "already_exists", precondition_failed: "precondition_failed" },
};

describe.each(Object.entries(families))("%s", (family, answer) => {
  test.each(cases)("answers %s as the table says", async (_, makeError, tabled) => {
    const error = makeError();
    const code = (error instanceof StoreError && ownAnswers[family]?.[error.code]) || tabled;
    const answered = await answer(error);
    expect([answered.status, answered.headers.get("content-type")]).toEqual([
      errorStatus[code],
      "application/problem+json",
    ]);
    expect(await answered.json()).toMatchObject({
      code,
      status: errorStatus[code],
      type: `urn:custodia:problem:${code}`,
    });
  });
});

describe("an error page", () => {
  const pageOf: Partial<Record<number, ReturnType<typeof refusalPage>>> = {
    401: "sign-in",
    403: "forbidden",
    404: "not-found",
    422: "not-found",
  };
  const ownPages: Partial<Record<ErrorCode, ReturnType<typeof refusalPage>>> = {
    password_change_required: "password",
    second_factor_required: "second-factor",
  };
  test.each(cases)("shows %s by its status in the table", (_, makeError, code) => {
    const page = ownPages[code] ?? pageOf[errorStatus[code]] ?? null;
    expect(refusalPage(makeError())).toBe(page);
  });
});

test("every route answers errors through the table, except the sign-in of next-auth", () => {
  const others = sourceFiles("app/api").filter(
    ({ tree }) => !["route", "handle", "cronRoute"].some((adapter) => callsOf(tree, adapter).length > 0),
  );
  expect(others.map(({ path }) => path)).toEqual(["app/api/auth/[...nextauth]/route.ts"]);
});

test("a transient failure says when to try again", async () => {
  for (const answer of Object.values(families)) {
    expect((await answer(new StoreError("throttled", "x"))).headers.get("retry-after")).toBe("5");
    expect((await answer(new StoreError("key_unavailable", "x"))).headers.get("retry-after")).toBe("15");
    expect((await answer(new AppError("conflict"))).headers.get("retry-after")).toBeNull();
  }
});
