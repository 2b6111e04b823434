/** The error codes of every route, form and message, each with its HTTP status. They are stable. */
export const errorStatus = {
  unauthenticated: 401,
  unknown_api_key: 401,
  wrong_cron_secret: 401,
  invalid_credentials: 401,
  sign_in_expired: 401,
  second_step_needed: 401,
  wrong_code: 401,
  passkey_refused: 401,
  forbidden: 403,
  sign_on_refused: 403,
  local_sign_in_off: 403,
  cross_site: 403,
  not_found: 404,
  conflict: 409,
  already_stored: 409,
  already_deleted: 409,
  upload_conflict: 409,
  upload_ambiguous: 409,
  email_taken: 409,
  code_taken: 409,
  name_taken: 409,
  already_exists: 412,
  last_admin: 409,
  own_role: 409,
  own_alert: 409,
  break_glass_needed: 409,
  break_glass_unfit: 409,
  sign_on_unproved: 409,
  sso_only: 409,
  rule_exists: 409,
  nothing_to_hold: 409,
  already_placed: 409,
  approval_pending: 409,
  second_person_required: 403,
  default_policy_required: 409,
  default_policy_stays: 409,
  policy_exists: 409,
  legal_basis_refused: 422,
  nothing_to_delete: 409,
  nothing_deleted: 409,
  recording_kept: 409,
  copy_exists: 409,
  playable_copy_missing: 409,
  recording_quarantined: 423,
  recording_blocked: 423,
  matches_undecided: 409,
  decisions_missing: 409,
  nothing_to_answer: 409,
  audio_not_ready: 409,
  controller_unnamed: 409,
  incident_incomplete: 409,
  document_incomplete: 409,
  correction_missing: 409,
  nothing_suggested: 409,
  deletion_unfinished: 409,
  events_not_sent: 409,
  not_sealed_yet: 503,
  erasure_ledger_invalid: 409,
  erasure_ledger_ahead: 503,
  expired: 410,
  revoked: 410,
  ticket_expired: 410,
  ticket_used: 410,
  length_required: 411,
  upload_interrupted: 408,
  wrong_upload_kind: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media_type: 415,
  range_not_satisfiable: 416,
  invalid_input: 422,
  invalid_json: 400,
  malformed_request: 400,
  method_not_allowed: 405,
  invalid_key: 400,
  unknown_unit: 422,
  size_mismatch: 422,
  checksum_mismatch: 422,
  empty_file: 422,
  not_audio: 422,
  encryption_missing: 422,
  not_uploaded: 409,
  weak_password: 422,
  link_unusable: 410,
  no_mail_server: 409,
  not_invited: 409,
  password_change_required: 403,
  second_factor_required: 403,
  fresh_proof_needed: 403,
  last_second_factor: 409,
  too_many_passkeys: 409,
  passkeys_unavailable: 409,
  locked: 423,
  too_many_requests: 429,
  code_budget_used: 503,
  sign_on_unavailable: 503,
  breach_check_unavailable: 503,
  company_certificate_unusable: 503,
  internal: 500,
  recording_damaged: 500,
  store_unavailable: 503,
  key_unavailable: 503,
  unavailable: 503,
  database_unavailable: 503,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/**
 * The code for each failure of a store that no operation handled. The sender can correct the first three. The others
 * come from the store or its settings: the same request may be sent again, and the log has the reason.
 */
export const storeErrorAnswer = {
  too_large: "too_large",
  size_mismatch: "size_mismatch",
  checksum_mismatch: "checksum_mismatch",
  key_unavailable: "key_unavailable",
  throttled: "store_unavailable",
  unavailable: "store_unavailable",
  timed_out: "store_unavailable",
  // The store's keys were revoked, or a policy denies the request: an administrator has to act.
  forbidden: "store_unavailable",
  expired: "store_unavailable",
  // The object changed or was removed between two reads: the next request decides.
  not_found: "store_unavailable",
  already_exists: "store_unavailable",
  precondition_failed: "store_unavailable",
  range_not_satisfiable: "store_unavailable",
  // If these mean a damaged recording, playback and store links themselves answer `recording_damaged`.
  integrity: "store_unavailable",
  key_missing: "store_unavailable",
  invalid_key: "store_unavailable",
  invalid_request: "store_unavailable",
  not_supported: "store_unavailable",
} as const satisfies Record<string, ErrorCode>;

/** One refused field of an input: its path ("metadata.startedAt") and a short machine-readable reason. */
export type FieldProblem = { path: string; reason: string };

export type ErrorDetails = {
  fields?: FieldProblem[];
  retryAfterSeconds?: number;
  /** With `second_step_needed`: the token of the second step, and what it may be proved with. */
  secondStep?: { challenge: string; factors: string[] };
  /** With `range_not_satisfiable`: the size of the whole object. */
  totalSizeBytes?: number;
};

/**
 * The only error whose code is shown to a person or client. `detail` is for the log only: English, without personal
 * data. Every other error is answered as `internal` with a request id.
 */
export class AppError extends Error {
  override readonly name = "AppError";

  readonly code: ErrorCode;
  readonly detail: string;
  readonly details: ErrorDetails;
  /** What React gives the browser instead of the message, if a page fails with it. */
  digest?: string;

  constructor(code: ErrorCode, detail: string = code, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
    this.detail = detail;
    this.details = details;
    if (this.status === 503) this.digest = code;
  }

  get status(): number {
    return errorStatus[this.code];
  }
}
