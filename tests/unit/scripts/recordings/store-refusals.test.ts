import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { fileMark } from "@/scripts/recordings/file-mark";
import { importEntry } from "@/scripts/recordings/import-entry";
import { UploadError, withRetries } from "@/scripts/recordings/portal-client";
import { uploadRecording, type CallMetadata } from "@/scripts/recordings/upload-recording";

/** Every wait of the client ends at once, and is measured. */
const waits = vi.hoisted(() => [] as number[]);
vi.mock("node:timers/promises", () => ({ setTimeout: async (delayMs: number) => void waits.push(delayMs) }));

type Answer = [status: number, body?: string | object, headers?: Record<string, string>];
const xml = (code: string, message = "") =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code>` +
  `<Message>${message}</Message><RequestId>1</RequestId></Error>`;

/** A portal and a store at the network edge. Each gives the next answer of its list, or succeeds. */
let server: Server;
let origin: string;
let answers: { store: Answer[]; complete: Answer[]; part: Answer[] };
let asked: { tickets: { sha256: string }[]; sent: number; parts: number };
let onSent: () => Promise<void> | void;
let kind: "single" | "multipart";

beforeAll(async () => {
  server = createServer((incoming, outgoing) => void respond(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  waits.length = 0;
  answers = { store: [], complete: [], part: [] };
  asked = { tickets: [], sent: 0, parts: 0 };
  onSent = () => undefined;
  kind = "single";
});

async function respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await buffer(incoming);
  const say = ([status, text = "", headers = {}]: Answer) =>
    void outgoing.writeHead(status, headers).end(typeof text === "string" ? text : JSON.stringify(text));
  const sayEach = (items: Answer[]) => say([200, { results: items.map(([status, item]) => ({ status, body: item })) }]);
  const upload = { method: "PUT", url: `${origin}/store/key`, headers: {} };
  if (incoming.url === "/store/key") {
    asked.sent += 1;
    await onSent();
    say(answers.store.shift() ?? [200]);
  } else if (incoming.url === "/api/recordings/batch") {
    const { recordings } = JSON.parse(body.toString()) as { recordings: { sha256: string }[] };
    asked.tickets.push(...recordings);
    sayEach(recordings.map(() => [201, { id: "1", state: "pending", upload: { kind, ticketId: "1.1", ...upload } }]));
  } else if (/\/parts(\?|$)/.test(incoming.url!)) {
    if (incoming.method === "GET") return say([200, { partSizeBytes: 1 << 20, partCount: 1, parts: [] }]);
    asked.parts += 1;
    say(answers.part.shift() ?? [200, { upload }]);
  } else {
    const { uploads } = JSON.parse(body.toString()) as { uploads: unknown[] };
    sayEach(uploads.map(() => answers.complete.shift() ?? [200, { id: "1", state: "stored" }]));
  }
}

const metadata: CallMetadata = {
  source: "pbx",
  sourceCallId: "1",
  unit: "suporte",
  direction: "inbound",
  startedAt: "2026-03-02T14:05:31-03:00",
  contentType: "audio/wav",
};
const client = () => ({ baseUrl: origin, apiKey: "key" });
let folder: string;
let file: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "custodia-refusals-"))));
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => writeFile((file = path.join(folder, "call.wav")), "bytes of a call"));
const upload = () => uploadRecording(client(), file, metadata);

const overcome: [string, Answer][] = [
  [
    "a line that stalled, a 400 at AWS",
    [400, xml("RequestTimeout", "Your socket connection was not read from or written to within the timeout period.")],
  ],
  ["a body that came short", [400, xml("IncompleteBody")]],
  ["two writers at once", [409, xml("OperationAborted")]],
  ["a conditional request that met another", [409, xml("ConditionalRequestConflict")]],
  ["too many requests", [503, xml("SlowDown")]],
  ["a fault of the store", [500, xml("InternalError")]],
  ["a store that is away", [503, xml("ServiceUnavailable")]],
  ["a link that ran out", [403, xml("AccessDenied", "Request has expired")]],
  ["a link that ran out, with no word", [403]],
  ["credentials that ran out", [400, xml("ExpiredToken")]],
  ["a clock that went on meanwhile", [403, xml("RequestTimeTooSkewed")]],
  ["a link that was used up", [412, xml("PreconditionFailed")]],
  ["bytes that were altered on their way", [400, xml("XAmzContentSHA256Mismatch")]],
  ["bytes that were altered on their way, by their MD5", [400, xml("BadDigest")]],
  ["the disk's link that ran out", [410, { code: "expired" }]],
  ["the disk's link that was used up", [412, { code: "already_exists" }]],
  ["a link through which somebody else is writing", [409, { code: "conflict" }]],
];

test.each(overcome)("%s: retries with another ticket", async (_what, refusal) => {
  answers.store = [refusal];
  expect(await upload()).toMatchObject({ outcome: "stored" });
  expect([asked.tickets.length, asked.sent, waits.length]).toEqual([2, 2, 1]);
});

test.each(overcome)("of a part, %s: retries with another link", async (_what, refusal) => {
  kind = "multipart";
  answers.store = [refusal];
  expect(await upload()).toMatchObject({ outcome: "stored" });
  expect([asked.tickets.length, asked.parts, asked.sent]).toEqual([1, 2, 2]);
});

test.each<[string, Answer]>([
  ["the upload's parts are gone from the store", [404, xml("NoSuchUpload")]],
  ["its ticket has ended", [410, { code: "ticket_expired" }]],
])("of a part, %s: sends everything under another ticket", async (_what, refusal) => {
  kind = "multipart";
  (refusal[0] === 404 ? answers.store : answers.part).push(refusal);
  expect(await upload()).toMatchObject({ outcome: "stored" });
  expect(asked.tickets).toHaveLength(2);
});

test.each(["not_uploaded", "ticket_expired", "ticket_used", "checksum_mismatch"])(
  "a completion answered %s: sends the file again",
  async (code) => {
    answers.complete = [[code === "checksum_mismatch" ? 422 : 409, { code }]];
    expect(await upload()).toMatchObject({ outcome: "stored" });
    expect([asked.tickets.length, asked.sent]).toEqual([2, 2]);
  },
);

test("a completion refused for another upload of the recording: reports it and sends nothing again", async () => {
  answers.complete = [[409, { code: "upload_conflict" }]];
  expect(await importEntry(client(), { line: 1, file, metadata })).toMatchObject({
    outcome: "failed",
    problem: expect.stringMatching(/^upload_conflict: another file with the same sourceRecordingId/) as string,
    mayPass: true,
  });
  expect([asked.tickets.length, asked.sent]).toEqual([1, 1]);
});

test.each<[string, Answer, string]>([
  ["the store's own words", [400, xml("EntityTooLarge")], "EntityTooLarge"],
  ["a bucket that is not there", [404, xml("NoSuchBucket")], "NoSuchBucket"],
  ["a page of a proxy", [400, "<html><body>Bad request</body></html>"], "http_400"],
  ["a code that is none", [400, "<Error><Code><script>alert(1)</script></Code></Error>"], "http_400"],
  ["no object of problem details", [400, "null"], "http_400"],
  ["nothing", [404], "http_404"],
])("%s: reports it without a retry", async (_what, refusal, code) => {
  answers.store = [refusal];
  await expect(upload()).rejects.toMatchObject({ code, isTransient: false });
  expect([asked.sent, waits]).toEqual([1, []]);
});

describe("a file that arrives altered", () => {
  test("is read again each time and fails in the end as transient", async () => {
    answers.store = Array.from({ length: 20 }, (): Answer => [400, xml("XAmzContentSHA256Mismatch")]);
    expect(await importEntry(client(), { line: 1, file, metadata })).toMatchObject({
      outcome: "failed",
      problem: "XAmzContentSHA256Mismatch",
      mayPass: true,
    });
    expect(asked.sent).toBe(6);
  });

  test("because it changed is announced and stored with its present content", async () => {
    answers.store = [[400, xml("BadDigest")]];
    onSent = async () => {
      if (asked.sent === 1) await writeFile(file, "other bytes, and more of them");
    };
    expect(await upload()).toMatchObject({ outcome: "stored", sizeBytes: 29 });
    expect(new Set(asked.tickets.map(({ sha256 }) => sha256)).size).toBe(2);
  });

  test("because it keeps changing fails after three readings and is never completed", async () => {
    onSent = () => writeFile(file, `bytes ${asked.sent}`.padEnd(100 + asked.sent));
    await expect(upload()).rejects.toMatchObject({ code: "file_changed" });
    expect(asked.sent).toBe(3);
  });

  test("in a spool is not read again, since it has to settle first", async () => {
    const mark = (await fileMark(file))!;
    onSent = () => writeFile(file, "other bytes, and more of them");
    await expect(uploadRecording(client(), file, metadata, { mark })).rejects.toMatchObject({ code: "file_changed" });
    expect([asked.tickets.length, asked.sent]).toEqual([1, 1]);
  });

  test("because it changed since it was checked is not announced", async () => {
    const mark = { sizeBytes: 15, mtimeMs: 0 };
    await expect(uploadRecording(client(), file, metadata, { mark })).rejects.toMatchObject({ code: "file_changed" });
    expect([asked.tickets.length, asked.sent]).toEqual([0, 0]);
  });
});

describe("the wait between two tries", () => {
  const failing = (retryAfterMs: number | null = null) =>
    vi.fn(() => Promise.reject(new UploadError("unavailable", 503, retryAfterMs)));

  test("doubles its upper limit each time, to half a minute, with jitter", async () => {
    const random = vi.spyOn(Math, "random").mockReturnValue(1);
    await expect(withRetries(9, failing())).rejects.toMatchObject({ code: "unavailable" });
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    waits.length = 0;
    random.mockReturnValueOnce(0.5).mockReturnValueOnce(0);
    await expect(withRetries(3, failing())).rejects.toThrow();
    expect(waits).toEqual([500, 0]);
    random.mockRestore();
  });

  test("is as long as the server says, up to two minutes", async () => {
    await expect(withRetries(2, failing(90_000))).rejects.toThrow();
    await expect(withRetries(2, failing(3_600_000))).rejects.toThrow();
    expect(waits).toEqual([90_000, 120_000]);
  });

  test("reads Retry-After in seconds and as a date", async () => {
    answers.store = [
      [503, xml("SlowDown"), { "retry-after": "40" }],
      [503, xml("SlowDown"), { "retry-after": new Date(Date.now() + 100_000).toUTCString() }],
    ];
    await upload();
    expect(waits[0]).toBe(40_000);
    expect(waits[1]).toBeGreaterThan(40_000);
    expect(waits[1]).toBeLessThanOrEqual(100_000);
  });

  test("is not used for a permanent failure", async () => {
    const work = vi.fn(() => Promise.reject(new UploadError("unknown_api_key", 401)));
    await expect(withRetries(6, work)).rejects.toMatchObject({ code: "unknown_api_key" });
    expect(work).toHaveBeenCalledTimes(1);
  });
});
