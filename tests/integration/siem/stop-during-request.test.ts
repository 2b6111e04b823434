import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { drain } from "@/lib/jobs/drain";
import { siemStreamJob } from "@/lib/notifications/siem/siem-stream-job";
import { appendSealed, begunStream, stream, streamJob, streamRow } from "../../support/siem";
import { jobsTurnComes } from "../../support/background-jobs";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver";

let siem: WebhookReceiver;
const answer = () => siem.answerWith((_, response) => void response.writeHead(204).end());

beforeAll(async () => {
  siem = await startWebhookReceiver();
  const secret = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
  Object.assign(process.env, { SIEM_STREAM_URL: siem.url, SIEM_STREAM_SECRETS: secret });
});
beforeEach(async () => {
  answer();
  await begunStream();
  siem.received.length = 0;
});
afterAll(() => siem.close());

/** Runs the stream in a process that is told to stop while its request is open. */
async function stopDuringRequest(graceMs: number, whenStopped: () => void = () => undefined): Promise<void> {
  const stopping = new AbortController();
  await jobsTurnComes();
  const drained = drain(60, { siem_stream: siemStreamJob }, { signal: stopping.signal, graceMs });
  await vi.waitFor(() => expect(siem.received).toHaveLength(1), 20_000);
  stopping.abort();
  whenStopped();
  await drained;
}

it.each([
  ["ends its request, and no other process sends", 20_000],
  ["leaves its request, and no other process sends", 0],
])("a process that stops %s before the lease ends", async (_, graceMs) => {
  let isClosed = false;
  siem.answerWith((_request, response) => void response.on("close", () => (isClosed = true)));
  await appendSealed(2);
  await stopDuringRequest(graceMs);
  const left = (await streamJob())!;
  expect(left.leasedUntil!.getTime()).toBeGreaterThan(Date.now() + 25_000);
  expect(await streamRow()).toMatchObject({ failures: 0 });
  answer();
  await drain(10, { siem_stream: siemStreamJob });
  expect(siem.received).toHaveLength(1);
  await vi.waitFor(() => expect(isClosed).toBe(true), 20_000);
  await stream();
  const [first, second, ...more] = siem.received;
  expect(more).toEqual([]);
  expect([second!.body, second!.headers["webhook-id"]]).toEqual([first!.body, first!.headers["webhook-id"]]);
});

it("a request that is answered while the process stops is recorded, and the next process goes on", async () => {
  let end = (): void => undefined;
  siem.answerWith((_, response) => void (end = () => response.writeHead(204).end()));
  await appendSealed(2);
  await stopDuringRequest(20_000, () => end());
  expect((await streamJob())!.leasedUntil).toBeNull();
  answer();
  await appendSealed(1);
  await stream();
  expect(siem.received).toHaveLength(2);
  expect(siem.received[1]!.body).not.toBe(siem.received[0]!.body);
});
