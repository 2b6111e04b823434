import { env } from "@/lib/core/env";
import { csrf, nextAuth } from "./next-auth";
import { call } from "./portal";

type Jar = Record<string, string>;

const header = (jar: Jar) =>
  Object.entries(jar)
    .map(([name, value]) => `${name}=${value}`)
    .join("; ");

function keep(jar: Jar, response: Response): void {
  for (const cookie of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
    if (value === "") delete jar[name!];
    else jar[name!] = value!;
  }
}

export type Answered = { location: string | null; refused: string | null; ticket: string | undefined };

/** A browser of a person who signs in at the provider: it keeps cookies and follows redirects. */
export class SignOnBrowser {
  readonly portal: Jar = {};
  readonly provider: Jar = {};

  /** Asks the portal to start. @returns the address at the provider, or the portal's page of a refusal. */
  async start(query = "", route = "/api/sso/start"): Promise<string> {
    const response = await call("GET", `${route}${query}`, { headers: { cookie: header(this.portal) } });
    keep(this.portal, response);
    return response.headers.get("location")!;
  }

  /** Signs in at the provider. @returns the address at the portal that it sends the browser back to. */
  async visit(address: string): Promise<string> {
    let location = address;
    while (!location.startsWith(env().NEXTAUTH_URL)) {
      const response = await fetch(location, { redirect: "manual", headers: { cookie: header(this.provider) } });
      keep(this.provider, response);
      const next = response.headers.get("location");
      if (!next) throw new Error(`the provider answers ${response.status}: ${(await response.text()).slice(0, 300)}`);
      location = new URL(next, location).href;
    }
    return location;
  }

  /** Brings the provider's answer to the portal. */
  async answer(address: string): Promise<Answered> {
    const response = await call("GET", address, { headers: { cookie: header(this.portal) } });
    keep(this.portal, response);
    const location = response.headers.get("location");
    const refused = location === null ? null : new URL(location).searchParams.get("refused");
    return { location, refused, ticket: this.portal["custodia-sign-on-ticket"] };
  }

  /** The whole way to the ticket. */
  async signOn(query = ""): Promise<Answered> {
    return this.answer(await this.visit(await this.start(query)));
  }

  /** Asks for a fresh proof of who has the session of this browser, and goes the whole way. */
  async prove(): Promise<Answered> {
    return this.answer(await this.visit(await this.start("", "/api/sso/prove")));
  }

  /** Hands the ticket's cookie to next-auth, as the page does. @returns next-auth's cookies and its error. */
  async handOver(): Promise<{ cookies: Jar; error: string | null }> {
    const { csrfToken, cookies } = await csrf();
    const form = { csrfToken, callbackUrl: "/", json: "true" };
    const sent = { cookie: header(this.portal) };
    const answered = await nextAuth("callback", cookies, form, "ticket", sent);
    const { url } = answered.body as { url: string };
    Object.assign(this.portal, answered.cookies);
    return { cookies: answered.cookies, error: new URL(url, env().NEXTAUTH_URL).searchParams.get("error") };
  }
}
