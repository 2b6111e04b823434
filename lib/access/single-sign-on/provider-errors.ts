import { AuthorizationResponseError, ClientError, ResponseBodyError } from "openid-client";
import { SignOnRefusal, type SignOnCode } from "@/lib/access/single-sign-on/sign-on-codes";

type Step = "discovery" | "exchange";

/** Why the library refused an answer of the provider, as one of our codes. */
export function readProviderError(error: unknown, step: Step): SignOnRefusal {
  if (error instanceof SignOnRefusal) return error;
  return new SignOnRefusal(codeOf(error, step), { cause: error });
}

function codeOf(error: unknown, step: Step): SignOnCode {
  if (error instanceof AuthorizationResponseError) return "provider_refused";
  if (error instanceof ResponseBodyError) return codeOfBody(error);
  if (!(error instanceof ClientError)) return "provider_unavailable";
  if (step === "discovery")
    return error.code === "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED" ? "discovery_issuer" : "provider_unavailable";
  switch (error.code) {
    case "OAUTH_JWT_CLAIM_COMPARISON_FAILED":
      return codeOfClaim(error);
    case "OAUTH_JWT_TIMESTAMP_CHECK_FAILED":
      return claimOf(error) === "auth_time" ? "proof_stale" : "token_expired";
    case "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED":
      return "subject_mismatch";
    case "OAUTH_KEY_SELECTION_FAILED":
      return "token_signature";
    case "OAUTH_UNSUPPORTED_OPERATION":
      return "token_algorithm";
    case "OAUTH_PARSE_ERROR":
    case "OAUTH_INVALID_RESPONSE":
      return codeOfResponse(error);
    default:
      return "provider_unavailable";
  }
}

/** RFC 6749, 5.2. */
function codeOfBody({ error, status }: ResponseBodyError): SignOnCode {
  if (error === "invalid_grant") return "code_refused";
  if (["invalid_client", "unauthorized_client", "invalid_scope"].includes(error)) return "client_refused";
  return status >= 500 ? "provider_unavailable" : "provider_refused";
}

function codeOfClaim(error: Error): SignOnCode {
  switch (claimOf(error)) {
    case "nonce":
      return "token_nonce";
    case "iss":
      return "token_issuer";
    case "aud":
    case "azp":
      return "token_audience";
    default:
      return "token_invalid";
  }
}

/** The claim that the library compared: it is in the cause of the cause. */
const claimOf = (error: Error) => (error.cause as { cause?: { claim?: string } } | undefined)?.cause?.claim;

/** The library has one code for these; only its texts tell them apart. */
function codeOfResponse(error: Error): SignOnCode {
  const text = error.cause instanceof Error ? error.cause.message : "";
  if (text.includes('"alg"')) return "token_algorithm";
  if (text.includes("signature")) return "token_signature";
  return text.includes('"nonce"') ? "token_nonce" : "token_invalid";
}
