import { expect, test } from "vitest";
import { readBounce } from "../../../scripts/gateways/read-bounce.mjs";

const id = "01933f2e-1111-7222-8333-444455556666";

/** A bounce as Postfix writes it. */
const bounce = ({ action = "failed", envelope = "", original = `Message-ID: <${id}@example.com>` } = {}) =>
  [
    ...["From: MAILER-DAEMON@mail.example.com", "To: privacidade@example.com", "Subject: Undelivered Mail"],
    ...["MIME-Version: 1.0", 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', ""],
    ...["--b", "Content-Type: text/plain", "", "Your message could not be delivered.", ""],
    ...["--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mail.example.com"],
    ...(envelope ? [`Original-Envelope-Id: ${envelope}`] : []),
    ...["", "Final-Recipient: rfc822; maria@example.com", `Action: ${action}`, "Status: 5.1.1"],
    ...["Diagnostic-Code: smtp; 550 5.1.1 <maria@example.com>:", "    User unknown", ""],
    ...["--b", "Content-Type: text/rfc822-headers", "", "From: privacidade@example.com", original, ""],
    ...["--b--", ""],
  ].join("\r\n");

test("reads message and reason of a bounce, by its headers or by the id of the envelope", async () => {
  const reason = "5.1.1 smtp; 550 5.1.1 <maria@example.com>: User unknown";
  expect(await readBounce(bounce())).toEqual({ messageId: id, reason });
  expect(await readBounce(bounce({ envelope: id, original: "Subject: x" }))).toEqual({ messageId: id, reason });
});

test.each([
  ["a delay", bounce({ action: "delayed" })],
  ["a bounce of another program's message", bounce({ original: "Message-ID: <1234@example.com>" })],
  [
    "an out-of-office reply",
    "From: a@example.com\r\nSubject: Ausente\r\nAuto-Submitted: auto-replied\r\n\r\nVolto logo.",
  ],
  ["nothing", ""],
])("takes %s for none", async (_, source) => {
  expect(await readBounce(source)).toBeNull();
});
