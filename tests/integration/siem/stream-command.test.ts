import { afterAll, beforeAll, expect, it } from "vitest";
import { closeAuditWriter } from "@/lib/operation/close-audit-writer";
import { eventIds } from "../../support/log-under-test";
import { runCommand } from "../../support/run-command";
import { appendSealed, begunStream, stream } from "../../support/siem";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver";

let siem: WebhookReceiver;
const command = (...args: string[]) => runCommand("scripts/audit.ts", ["stream", ...args]);

beforeAll(async () => {
  siem = await startWebhookReceiver();
  const secret = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
  Object.assign(process.env, { SIEM_STREAM_URL: siem.url, SIEM_STREAM_SECRETS: secret });
  await begunStream();
  await appendSealed(3);
});
afterAll(async () => {
  await closeAuditWriter();
  await siem.close();
});

it("prints the place in words, sends again on request, and refuses what is no sealed event", async () => {
  siem.answerWith((_, response) => void response.writeHead(403).end());
  await stream();
  const failed = await command();
  expect(failed.code).toBe(0);
  expect(failed.stdout).toContain(`Receiver: webhook ${new URL(siem.url).host}`);
  expect(failed.stdout).toContain("Waiting: 3 sealed events, nothing delivered since 20");
  expect(failed.stdout).toContain("it refused the credentials (403) (attempt 1)");
  expect(failed.stdout).not.toContain("whsec_");
  siem.answerWith((_, response) => void response.writeHead(204).end());
  await stream();
  const ids = await eventIds();
  const done = JSON.parse((await command("--json")).stdout) as object;
  expect(done).toMatchObject({ waiting: { events: 0 }, failure: null, lastEventId: ids.at(-1) });
  expect((await command("--from", ids.at(-2)!)).stdout).toContain("Waiting: 2 sealed events");
  expect(await command("--from", "2999-01-01")).toMatchObject({ code: 2 });
  expect(await command("--from", "yesterday")).toMatchObject({ code: 2 });
});
