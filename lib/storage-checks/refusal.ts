import { fails, holds, unknown, type Verdict } from "@/lib/storage-checks/check";

/** Codes of a missing right, for responses whose status does not show it. */
const BY_CODE = new Set([
  // Supabase: the status is always 400, and a hidden object is reported as missing.
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
  // R2, for a request without a signature.
  "InvalidArgument: Authorization",
  // Links that the portal answers.
  "expired",
]);

/**
 * Whether a response refuses the request for a missing right. Any other error (no route, overload, invalid request)
 * proves nothing: `unknown`. The caller has shown before that the same request succeeds with the right.
 */
export async function refusalIn(answer: Response): Promise<Verdict> {
  const { status } = answer;
  if (status < 400) return fails(`http_${status}`);
  if (status === 401 || status === 403) return holds(`http_${status}`);
  const code = codeIn(await answer.text().catch(() => ""));
  return code !== null && BY_CODE.has(code) ? holds(`http_${status}`) : unknown(`http_${status}`);
}

/** Whether the store itself denied the request, by the code in the body: a firewall or a proxy also answers 403. */
export async function denialIn(answer: Response): Promise<Verdict> {
  const { status } = answer;
  if (status < 300) return fails(`http_${status}`);
  const denied = status === 403 && codeIn(await answer.text().catch(() => "")) === "AccessDenied";
  return denied ? holds("http_403") : unknown(`http_${status}`);
}

/** The error code in a response: XML from S3, JSON from Supabase and the portal. */
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
