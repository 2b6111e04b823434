import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { changeOwnPassword } from "@/lib/access/account/change-own-password";
import { startSession } from "@/lib/access/sign-in/start-session";
import { contextOf, eventsOf, expectRefusal, knownPassword, person } from "../../support/actors";

const leaked = "Tamanduá lê jornal às 5";
const sha1 = (text: string) => createHash("sha1").update(text.normalize("NFC")).digest("hex").toUpperCase();
const padding = Array.from({ length: 900 }, (_, index) => `${sha1(`padding ${index}`).slice(5)}:0`);

/** As the service answers: lines with CRLF, in order, with padding that was seen 0 times. */
const rangeOf = (times: number) => [...padding, `${sha1(leaked).slice(5)}:${times}`].sort().join("\r\n");
const well = (times: number) => (response: ServerResponse) => response.end(rangeOf(times));

const asked: { url: string; padding: unknown; sent: string }[] = [];
let answer: (response: ServerResponse) => unknown = well(3);
const server = createServer(({ url, headers }, response) => {
  asked.push({ url: url!, padding: headers["add-padding"], sent: JSON.stringify(headers) });
  answer(response);
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
process.env.BREACHED_PASSWORDS_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/range/`;
afterAll(() => server.close());
afterEach(() => {
  answer = well(3);
  asked.length = 0;
});

const change = (newPassword: string) => ({
  currentPassword: knownPassword,
  newPassword,
  repeatedPassword: newPassword,
});
const works = ({ email }: { email: string }, password: string) =>
  startSession(contextOf({ type: "anonymous" }), { email, password });

describe("a list of breached passwords", () => {
  test("a password that it names is refused at its field; the old one stays", async () => {
    const auditor = await person("auditor");
    await expectRefusal(changeOwnPassword(contextOf(auditor.actor), change(leaked)), "weak_password", {
      newPassword: "breached",
    });
    await works(auditor, knownPassword);
  });

  test("learns five digits of the hash, asks for padding, and nothing else leaves", async () => {
    const auditor = await person("auditor");
    const context = contextOf(auditor.actor);
    await changeOwnPassword(context, change("Sabiá canta antes da chuva 8"));
    const prefix = sha1("Sabiá canta antes da chuva 8").slice(0, 5);
    expect(asked).toMatchObject([{ url: `/range/${prefix}`, padding: "true" }]);
    expect(asked[0]!.sent).not.toContain(auditor.email);
    expect(JSON.stringify(await eventsOf(context))).not.toContain(prefix);
  });

  test("is not asked about a password that is refused without it", async () => {
    const auditor = await person("auditor");
    await expectRefusal(changeOwnPassword(contextOf(auditor.actor), change("senha12345678")), "weak_password");
    expect(asked).toEqual([]);
  });

  test("a line of padding, seen 0 times, is no breach", async () => {
    answer = well(0);
    const auditor = await person("auditor");
    await changeOwnPassword(contextOf(auditor.actor), change(leaked));
    await works(auditor, leaked);
  });

  test.each<[string, (response: ServerResponse) => unknown]>([
    ["an error", (response) => response.writeHead(503).end()],
    ["a redirect", (response) => response.writeHead(302, { location: "https://other.example/" }).end()],
    ["the page of a proxy", (response) => response.end("<html>Please sign in</html>")],
    ["nothing", (response) => response.end()],
    ["a cut connection", (response) => response.destroy()],
    ["too much", (response) => response.end(Array.from({ length: 20 }, () => rangeOf(1)).join("\r\n"))],
  ])("%s is no answer: the password stays as it was", async (_, instead) => {
    answer = instead;
    const auditor = await person("auditor");
    const attempt = changeOwnPassword(contextOf(auditor.actor), change("Sabiá canta antes da chuva 8"));
    await expectRefusal(attempt, "breach_check_unavailable");
    await works(auditor, knownPassword);
  });
});
