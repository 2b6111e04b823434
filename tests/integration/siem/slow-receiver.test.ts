import { afterAll, beforeAll, expect, it } from "vitest";
import { postRequest } from "@/lib/notifications/post-request";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver";

let siem: WebhookReceiver;
beforeAll(async () => void (siem = await startWebhookReceiver()));
afterAll(() => siem.close());

const post = (limits: { timeoutMs: number; replyBytes?: number }, url = siem.url) =>
  postRequest({ url, headers: {}, body: "{}" }, limits);

it("a receiver that answers nothing, or begins an answer and does not end it, is late", async () => {
  siem.answerWith(() => undefined);
  expect(await post({ timeoutMs: 200 })).toMatchObject({ failure: "timed_out" });
  siem.answerWith((_, response) => void response.writeHead(200).write("{"));
  expect(await post({ timeoutMs: 200, replyBytes: 100 })).toMatchObject({ failure: "timed_out" });
});

it("of an answer without end only the start is read", async () => {
  siem.answerWith((_, response) => {
    const write = () => void (response.destroyed || response.write("x".repeat(65_536), write));
    response.writeHead(200);
    write();
  });
  const { failure, reply } = await post({ timeoutMs: 20_000, replyBytes: 1000 });
  expect([failure, reply?.length]).toEqual([null, 1000]);
});

it("nobody is asked where the address is not secure, and one that nobody answers is unreachable", async () => {
  expect(await post({ timeoutMs: 1000 }, "http://siem.example.com/")).toMatchObject({ failure: "not_secure" });
  expect(await post({ timeoutMs: 5000 }, "http://127.0.0.1:9/")).toMatchObject({ failure: "unreachable" });
});

it.each([
  ["120", 120_000],
  ["Wed, 21 Oct 2015 07:28:00 GMT", 0],
  ["soon", null],
])("reads Retry-After: %s", async (header, expected) => {
  siem.answerWith((_, response) => void response.writeHead(429, { "retry-after": header }).end());
  expect(await post({ timeoutMs: 5000 })).toMatchObject({ failure: "http_429", retryAfterMs: expected });
});
