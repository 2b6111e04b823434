import type { Env } from "@/lib/core/env";

/** Origin of this installation's presigned URLs, or undefined if all bytes pass through the portal. */
export function presignedOrigin(env: Env): string | undefined {
  if (env.STORE === "disk" || env.PLAYBACK_DELIVERY !== "presigned") return undefined;
  if (env.STORE === "supabase") return new URL(env.SUPABASE_URL).origin;
  const endpoint = new URL(env.S3_ENDPOINT ?? `https://s3.${env.S3_REGION}.amazonaws.com`);
  return env.S3_FORCE_PATH_STYLE ? endpoint.origin : `${endpoint.protocol}//${env.S3_BUCKET}.${endpoint.host}`;
}

/** The policy of responses that are not pages: nothing in them may run, load or be framed. */
export const dataPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** The file for auditors without an account (`public/verify.html`). Its own policy allows its script by hash. */
export const verifierPath = "/verify.html";

/** The policy of the verifier: no network at all. A browser obeys it and the file's own, which is stricter. */
export const verifierPolicy = `${dataPolicy}; script-src 'unsafe-inline'; style-src 'unsafe-inline'`;

/**
 * The Content-Security-Policy of a page. Allows style attributes, because positioned menus need them; style elements
 * and scripts need the nonce. In development React evaluates code and Next's panel adds styles.
 */
export function pagePolicy(nonce: string, env: Env): string {
  const store = presignedOrigin(env);
  const development = env.NODE_ENV === "development";
  const directives = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    development ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    ["media-src 'self' blob:", store].filter(Boolean).join(" "),
    ["connect-src 'self'", store].filter(Boolean).join(" "),
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ];
  if (env.NEXTAUTH_URL.startsWith("https:")) directives.push("upgrade-insecure-requests");
  return directives.join("; ");
}
