import { AppError } from "@/lib/core/errors";

/** Why a sign-in at the provider, or a logout token of it, is refused. The audit log and the sign-in page name it. */
export const signOnCodes = [
  "not_configured",
  /** No answer, or none that OpenID Connect allows. */
  "provider_unavailable",
  /** The discovery document names another issuer than the settings. */
  "discovery_issuer",
  /** The provider does not accept the client id or secret of the settings. */
  "client_refused",
  /** The cookie of the try is missing, or not one of the portal's. */
  "try_unknown",
  "try_expired",
  "try_used",
  "state_mismatch",
  "response_issuer",
  /** The provider answered with an error, such as `access_denied`. */
  "provider_refused",
  "code_refused",
  "token_nonce",
  "token_issuer",
  "token_audience",
  "token_expired",
  "token_algorithm",
  "token_signature",
  "token_invalid",
  "subject_mismatch",
  "email_unverified",
  "no_rule",
  "account_inactive",
  /** An account with this e-mail exists, and is not linked. */
  "account_exists",
  /** It is a break-glass account, which never signs in at the provider. */
  "account_break_glass",
  /** The provider did not ask the person again. */
  "proof_stale",
  "proof_one_factor",
  /** Another person than that of the session answered. */
  "proof_other_person",
  "logout_token_invalid",
  "logout_token_used",
] as const;

export type SignOnCode = (typeof signOnCodes)[number];

/** Thrown by what talks to the provider; `recorded` makes it an event and an `AppError`. */
export class SignOnRefusal extends Error {
  override readonly name = "SignOnRefusal";
  readonly code: SignOnCode;

  constructor(code: SignOnCode, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}

const ofProvider: readonly SignOnCode[] = [
  ...(["not_configured", "provider_unavailable", "discovery_issuer", "client_refused"] as const),
];

/** `sign_on_unavailable` if provider or settings are the cause, else `sign_on_refused`; `detail` is the code. */
export const signOnError = (code: SignOnCode): AppError =>
  new AppError(ofProvider.includes(code) ? "sign_on_unavailable" : "sign_on_refused", code);

/** The code of such an error; null for any other. */
export function signOnCodeOf(error: unknown): SignOnCode | null {
  if (!(error instanceof AppError) || !error.code.startsWith("sign_on_")) return null;
  return signOnCodes.find((code) => code === error.detail) ?? null;
}
