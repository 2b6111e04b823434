import { afterAll, beforeAll, expect, test } from "vitest";
import { describeBuilt, sendRaw, startBuiltPortal, type BuiltPortal } from "../../support/built-portal";

describeBuilt("the challenge of a second step", () => {
  let portal: BuiltPortal;
  let support: typeof import("../../support/people");

  beforeAll(async () => {
    portal = await startBuiltPortal();
    support = await import("../../support/people");
  });
  afterAll(() => portal?.end());

  /** Posts the right password of a person with a second factor, as the page does or as a plain form. */
  async function password(more: Record<string, string>) {
    const csrf = await sendRaw(portal.origin, "/api/auth/csrf");
    const { csrfToken } = JSON.parse(csrf.text) as { csrfToken: string };
    const cookie = csrf.headers["set-cookie"]!.map((line) => line.split(";")[0]).join("; ");
    const { email } = await support.account("dpo");
    const form = { csrfToken, email, password: support.knownPassword, ...more };
    return sendRaw(portal.origin, "/api/auth/callback/credentials", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", origin: portal.origin, cookie },
      body: new URLSearchParams(form).toString(),
    });
  }

  test("is in no address: a plain form is sent on with the code alone", async () => {
    const { status, headers, text } = await password({});
    expect(status).toBe(302);
    expect(headers.location).toContain("second_step_needed");
    expect(`${headers.location}${text}`).not.toMatch(/[\w-]{43}/);
  });

  test("is in the answer to the page's own request, and in no log", async () => {
    const { text } = await password({ json: "true" });
    const challenge = /second_step_needed%3A([\w-]{43})%3Atotp/.exec(text)?.[1];
    expect(challenge).toBeDefined();
    expect(await portal.log()).not.toContain(challenge);
  });
});
