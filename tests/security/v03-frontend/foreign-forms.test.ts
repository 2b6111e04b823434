import { afterAll, beforeAll, expect, test } from "vitest";
import { describeBuilt, sendRaw, startBuiltPortal, type BuiltPortal } from "../../support/built-portal";
import { builtActions } from "../../support/server-actions";

describeBuilt("forms of other sites, and pages of next-auth", () => {
  let portal: BuiltPortal;
  let action: string;
  beforeAll(async () => {
    portal = await startBuiltPortal();
    action = builtActions().find(({ name }) => name === "setLocale")!.id;
  });
  afterAll(() => portal?.end());

  const post = (target: string, headers: Record<string, string>) =>
    sendRaw(portal.origin, target, {
      method: "POST",
      headers: {
        "content-type": "text/plain",
        ...(target === "/sign-in" ? { "next-action": action } : {}),
        ...headers,
      },
      body: "[]",
    });

  const foreign: [string, Record<string, string>][] = [
    ["another origin", { origin: "https://mal.example" }],
    [
      "an origin that the request forwards itself",
      { origin: "https://mal.example", "x-forwarded-host": "mal.example" },
    ],
    ["an origin that Host names", { origin: "http://mal.example", host: "mal.example" }],
    ["the origin null", { origin: "null" }],
    ["no address", { origin: "http://[" }],
    ["a cross-site request without Origin", { "sec-fetch-site": "cross-site" }],
    ["a site beside this one", { "sec-fetch-site": "same-site" }],
  ];

  test.each(foreign)("%s is refused by pages and by the sign-in", async (_, headers) => {
    for (const target of ["/sign-in", "/", "/titular", "/api/auth/signout", "/api/auth/callback/credentials"]) {
      const answered = await post(target, headers);
      expect([target, answered.status]).toEqual([target, 403]);
      expect(JSON.parse(answered.text)).toMatchObject({ code: "cross_site" });
    }
  });

  test("the portal's own forms are answered, also when a proxy changed Host", async () => {
    const own = { origin: portal.origin, "sec-fetch-site": "same-origin" };
    for (const headers of [own, { ...own, host: "inner:3000" }, { ...own, "x-forwarded-host": "mal.example" }])
      expect((await post("/sign-in", headers)).status).toBeLessThan(400);
  });

  const names = ["signin", "signin/credentials", "signout", "error", "error?error=Configuration", "verify-request"];
  test.each(names)("next-auth's /api/auth/%s leads to a page of ours", async (name) => {
    const { status, headers, text } = await sendRaw(portal.origin, `/api/auth/${name}`);
    expect([302, 307]).toContain(status);
    const page = new URL(headers.location!, portal.origin);
    expect([page.origin, ["/", "/sign-in"].includes(page.pathname)]).toEqual([portal.origin, true]);
    expect(text).not.toContain("<html");
  });

  test("none of next-auth's addresses answers with a page", async () => {
    for (const name of ["csrf", "session", "providers", "callback/credentials", "callback/none", "none", "new-user"]) {
      const { headers, text } = await sendRaw(portal.origin, `/api/auth/${name}`);
      expect([name, /text\/html/.test(headers["content-type"] ?? ""), text.includes("<html")]).toEqual([
        name,
        false,
        false,
      ]);
    }
  });
});
