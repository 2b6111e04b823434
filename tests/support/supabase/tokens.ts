import { createHmac } from "node:crypto";

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const now = () => Math.floor(Date.now() / 1000);

/** JWTs as a Supabase project signs them, HS256. */
export class Tokens {
  readonly #secret = "edge-server-secret-of-at-least-32-characters";

  sign(claims: Record<string, unknown>, lifeSeconds: number): string {
    const text =
      `${encode({ alg: "HS256", typ: "JWT" })}.` + encode({ iat: now(), exp: now() + lifeSeconds, ...claims });
    return `${text}.${createHmac("sha256", this.#secret).update(text).digest("base64url")}`;
  }

  /** The claims; "expired" or "invalid" if the token is not accepted. */
  read(token: string): Record<string, unknown> | "expired" | "invalid" {
    const [header = "", payload = "", signature = ""] = token.split(".");
    const expected = createHmac("sha256", this.#secret).update(`${header}.${payload}`).digest("base64url");
    if (signature !== expected) return "invalid";
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
    return (claims.exp as number) < now() ? "expired" : claims;
  }
}
