import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { batchesOf } from "@/scripts/recordings/portal-batch";

/** A portal at the network edge. It answers each item with its own number, or as `answer` says. */
let server: Server;
let client: { baseUrl: string; apiKey: string };
let batches: number[][];
let answer: (items: number[]) => { status: number; body: unknown };
const mebibyte = 1024 ** 2;

beforeAll(async () => {
  server = createServer((incoming, outgoing) => {
    void json(incoming).then((body) => {
      const items = (body as { uploads: { n: number }[] }).uploads.map(({ n }) => n);
      batches.push(items);
      const { status, body: said } = answer(items);
      outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => void server.close());
beforeEach(() => {
  client = { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey: "key" };
  batches = [];
  answer = (items) => ({ status: 200, body: { results: items.map((n) => ({ status: 200, body: { n } })) } });
});

const ask = (n: number, bytes = 0) => batchesOf(client).completions.ask<{ n: number }>({ n }, { bytes });
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
const sizes = () => batches.map(({ length }) => length);

test("what is asked at once goes together, a hundred at most, and each gets its own answer", async () => {
  const answers = await Promise.all(numbers(250).map((n) => ask(n)));
  expect(answers.map(({ n }) => n)).toEqual(numbers(250));
  expect(sizes()).toEqual([100, 100, 50]);
});

test("large files make small batches", async () => {
  await Promise.all(numbers(5).map((n) => ask(n, n === 0 ? 2000 * mebibyte : 100 * mebibyte)));
  expect(sizes()).toEqual([1, 2, 2]);
});

test("a refused item fails alone, with its code, fields and time to wait", async () => {
  const refused = { status: 503, body: { code: "store_unavailable" }, retryAfter: 7 };
  const results = [{ status: 200, body: { n: 0 } }, refused, { status: 422 }];
  answer = () => ({ status: 200, body: { results } });
  const ended = await Promise.allSettled(numbers(4).map((n) => ask(n)));
  expect(ended).toMatchObject([
    { value: { n: 0 } },
    { reason: { code: "store_unavailable", status: 503, retryAfterMs: 7000, isTransient: true } },
    { reason: { code: "http_422", isTransient: false } },
    { reason: { code: "unreachable", isTransient: true } },
  ]);
});

test("a refused batch fails each of its items, and no later one", async () => {
  answer = () => ({ status: 401, body: { code: "unknown_api_key" } });
  const ended = await Promise.allSettled(numbers(3).map((n) => ask(n)));
  expect(ended.map((one) => (one.status === "rejected" ? (one.reason as { code: string }).code : null))).toEqual(
    Array(3).fill("unknown_api_key"),
  );
  answer = () => ({ status: 200, body: { results: [{ status: 200, body: { n: 9 } }] } });
  expect(await ask(9)).toEqual({ n: 9 });
});

test("uploads that all wait for the portal wait for nobody else", async () => {
  // What is gathered for a moment would wait for ever.
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  try {
    const upload = (first: number) =>
      batchesOf(client).during(async () => {
        for (let n = first; n < 20; n += 2) await ask(n);
      });
    await Promise.all([upload(0), upload(1)]);
  } finally {
    vi.useRealTimers();
  }
  expect(sizes()).toEqual(Array(10).fill(2));
});
