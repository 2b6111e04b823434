import { fails, holds, unknown, type Verdict } from "@/lib/storage-checks/check";

/** Codes by which a store turns away who has no right, where the status alone does not say so. */
const BY_CODE = new Set([
  // Supabase: the status is 400 whatever happened, and what is hidden is said to be missing.
  ...[
    "InvalidJWT",
    "InvalidSignature",
    "SignatureDoesNotMatch",
    "AccessDenied",
    "Unauthorized",
    "NoSuchKey",
    "NoSuchBucket",
    "401",
    "403",
  ],
  // R2, of a request without a signature.
  "InvalidArgument: Authorization",
  // Links that the portal answers.
  "expired",
]);

/**
 * Whether an answer turns somebody away for want of a right. A missing route, an overloaded server or a request that it
 * did not understand is no proof: `unknown`. The caller has shown before that the same request with the right is
 * answered.
 */
export async function refusalIn(answer: Response): Promise<Verdict> {
  const { status } = answer;
  if (status < 400) return fails(`http_${status}`);
  if (status === 401 || status === 403) return holds(`http_${status}`);
  const code = codeIn(await answer.text().catch(() => ""));
  return code !== null && BY_CODE.has(code) ? holds(`http_${status}`) : unknown(`http_${status}`);
}

/** Whether the store itself denies it, in its own words: a firewall or a proxy on the way answers 403 as well. */
export async function denialIn(answer: Response): Promise<Verdict> {
  const { status } = answer;
  if (status < 300) return fails(`http_${status}`);
  const denied = status === 403 && codeIn(await answer.text().catch(() => "")) === "AccessDenied";
  return denied ? holds("http_403") : unknown(`http_${status}`);
}

/** S3 answers in XML, Supabase and the portal in JSON. Nothing of the text is kept but a code that is known. */
function codeIn(text: string): string | null {
  const element = (name: string) => new RegExp(`<${name}>([^<]{1,64})</${name}>`).exec(text)?.[1];
  const code = element("Code");
  if (code !== undefined) return code === "InvalidArgument" ? `${code}: ${element("Message")}` : code;
  try {
    const body = JSON.parse(text) as { code?: unknown; statusCode?: unknown };
    return typeof body.code === "string" ? body.code : typeof body.statusCode === "string" ? body.statusCode : null;
  } catch {
    return null;
  }
}
