/** An error response. The HTTP status is 400 for nearly all errors; the body has the meaning. */
export class Refusal extends Error {
  readonly statusCode: string;
  readonly code: string | undefined;

  constructor(statusCode: string, code: string | undefined, message: string) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
  }
}

export const refusals = {
  noSuchKey: () => new Refusal("404", "NoSuchKey", "Object not found"),
  noSuchBucket: () => new Refusal("404", "NoSuchBucket", "Bucket not found"),
  taken: () => new Refusal("409", "KeyAlreadyExists", "The resource already exists"),
  denied: () => new Refusal("403", "AccessDenied", "new row violates row-level security policy"),
  invalidJwt: (reason: string) => new Refusal("400", "InvalidJWT", reason),
  invalidSignature: () => new Refusal("400", "InvalidSignature", "The url do not match the signature"),
  tooLarge: () => new Refusal("413", "EntityTooLarge", "The object exceeded the maximum allowed size"),
  invalidType: () => new Refusal("415", "InvalidMimeType", "mime type is not supported"),
  invalidKey: () => new Refusal("400", "InvalidKey", "Invalid key"),
  internal: () => new Refusal("500", undefined, "Internal Server Error"),
  invalidRange: () => new Refusal("416", "InvalidRange", "invalid range provided"),
};
