// node scripts/report-bounce.mjs < bounce.eml: tells the portal that an e-mail came back (docs/messages.md). A mail
// system pipes what arrives at MAIL_FROM into it. It needs `mailparser`, `standardwebhooks` and Node.js.
import { randomUUID } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { readBounce } from "./gateways/read-bounce.mjs";

// Codes of sysexits.h, by which mail systems decide: the message stays in the queue, or the setting is wrong.
const [tryAgain, wrongSetting] = [75, 78];

const { PORTAL_URL: portal, MESSAGE_OUTCOME_SECRETS: secrets } = process.env;
if (!portal || !secrets) {
  console.error("PORTAL_URL or MESSAGE_OUTCOME_SECRETS is not set.");
  process.exit(wrongSetting);
}

const bounce = await readBounce(await buffer(process.stdin));
if (bounce) {
  const [id, at] = [randomUUID(), new Date()];
  const body = JSON.stringify({ type: "message.undelivered", timestamp: at.toISOString(), data: bounce });
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secrets.split(",")[0].trim()).sign(id, at, body),
  };
  const url = new URL("/api/messages/outcomes", portal);
  const answer = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(10_000) }).catch(
    () => null,
  );
  if (answer?.status !== 204) {
    console.error(`The portal did not take the report${answer ? ` (${answer.status})` : ""}.`);
    process.exitCode = tryAgain;
  }
}
