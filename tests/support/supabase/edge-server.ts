import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { parseByteRange } from "@/lib/http/bytes/byte-range";
import { describeObject, MemoryBucket, type BucketLimits, type EdgeObject, type Role } from "./memory-bucket";
import { Refusal, refusals } from "./refusals";
import { Tokens } from "./tokens";

type Handler = (request: EdgeRequest, ...captured: string[]) => Promise<unknown> | unknown;
type EdgeRequest = { incoming: IncomingMessage; outgoing: ServerResponse; url: URL };
/** Handles a request before it is answered, for example by closing the connection. True: it was answered. */
export type Interception = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean | Promise<boolean>;

const prefix = "/storage/v1";

/** A refused body of this size is not read, and the next request on its connection is never answered. */
const unreadBytes = 200_000;

/**
 * In-memory fake of Supabase Storage at the network edge of `SupabaseStore`, with the measured behaviour of server
 * 1.11.
 * Like the real server, it accepts tokens repeatedly, compares nothing at the end of an upload and ignores hashes.
 */
export class SupabaseEdge {
  readonly tokens = new Tokens();
  readonly buckets = new Map<string, MemoryBucket>();
  readonly serviceKey = this.tokens.sign({ role: "service_role" }, 3600);
  readonly anonKey = this.tokens.sign({ role: "anon" }, 3600);
  readonly expiredServiceKey = this.tokens.sign({ role: "service_role" }, -60);
  /** Where the server keeps bytes; "s3" as hosted projects do. A range behind the end is then 500, otherwise 416. */
  backend: "s3" | "file" = "s3";
  /** Lifetime of upload tokens: a setting of the server. */
  uploadTokenSeconds = 60;
  intercept: Interception | null = null;
  url = "";
  readonly #server: Server;
  /** Connections whose last body was refused unread. */
  readonly #unusable = new WeakSet<Socket>();

  private constructor() {
    this.#server = createServer((incoming, outgoing) => void this.#serve(incoming, outgoing));
  }

  static async start(): Promise<SupabaseEdge> {
    const edge = new SupabaseEdge();
    await new Promise<void>((resolve) => edge.#server.listen(0, "127.0.0.1", resolve));
    edge.url = `http://127.0.0.1:${(edge.#server.address() as AddressInfo).port}`;
    return edge;
  }

  bucket(id: string, limits: Partial<BucketLimits> = {}): MemoryBucket {
    const bucket = new MemoryBucket(id, { public: false, file_size_limit: null, allowed_mime_types: null, ...limits });
    this.buckets.set(id, bucket);
    return bucket;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      if (await this.intercept?.(incoming, outgoing)) return;
      if (this.#unusable.has(incoming.socket)) return;
      const url = new URL(incoming.url!, this.url);
      const result = await this.#answer({ incoming, outgoing, url });
      if (!outgoing.headersSent) send(outgoing, 200, result);
    } catch (error) {
      if (!(error instanceof Refusal)) return void outgoing.destroy();
      const { statusCode, code, message } = error;
      // The status is 400 for all errors but those of HEAD, ranges and the reverse proxy's limits.
      send(outgoing, ["416", "500"].includes(statusCode) ? Number(statusCode) : 400, {
        statusCode,
        ...(code ? { code } : {}),
        error: code ?? "Error",
        message,
      });
    }
  }

  #answer(request: EdgeRequest): Promise<unknown> | unknown {
    const path = request.url.pathname.startsWith(prefix) ? request.url.pathname.slice(prefix.length) : "";
    const found = routes.find(([method, pattern]) => method === request.incoming.method && pattern.test(path));
    if (!found) throw new Refusal("404", undefined, "Route not found");
    return found[2].call(this, request, ...found[1].exec(path)!.slice(1));
  }

  /** Authenticates the request. Not every route reports an expired key as such. */
  role({ incoming }: EdgeRequest): Role | "expired" {
    const claims = this.tokens.read((incoming.headers.authorization ?? "").replace(/^Bearer /, ""));
    if (claims === "expired") return "expired";
    if (claims === "invalid") throw new Refusal("403", "AccessDenied", "Invalid Compact JWS");
    return claims.role === "service_role" ? "service" : "anon";
  }

  /** Returns the bucket and the role. With an expired key the server reports that the bucket does not exist. */
  open(request: EdgeRequest, id: string): { bucket: MemoryBucket; role: Role } {
    const [bucket, role] = [this.buckets.get(id), this.role(request)];
    if (!bucket || role === "expired") throw refusals.noSuchBucket();
    return { bucket, role };
  }

  /** The key and the link are checked when an upload begins, and not again when it ends. */
  async receive(
    request: EdgeRequest,
    bucket: MemoryBucket,
    name: string,
    mayReplace: boolean,
  ): Promise<{ Key: string; Id: string }> {
    const { headers, socket } = request.incoming;
    const contentType = headers["content-type"] || "application/octet-stream";
    const length = headers["content-length"] === undefined ? null : Number(headers["content-length"]);
    try {
      bucket.assertAccepted(contentType, length);
      if (!mayReplace && bucket.objects.has(name)) throw refusals.taken();
    } catch (error) {
      if (length === null || length >= unreadBytes) this.#unusable.add(socket);
      throw error;
    }
    bucket.write(name, await buffer(request.incoming), contentType);
    return { Key: `${bucket.id}/${name}`, Id: bucket.objects.get(name)!.version };
  }
}

const json = async ({ incoming }: EdgeRequest) =>
  JSON.parse((await buffer(incoming)).toString() || "{}") as Record<string, never>;

/** Method, path, handler: the first match applies. */
const routes: Array<[string, RegExp, (this: SupabaseEdge, ...parameters: Parameters<Handler>) => unknown]> = [
  ["POST", /^\/object\/upload\/sign\/([^/]+)\/(.+)$/, signUpload],
  ["PUT", /^\/object\/upload\/sign\/([^/]+)\/(.+)$/, uploadByToken],
  ["POST", /^\/upload\/resumable\/sign$/, uploadResumably],
  ["POST", /^\/object\/sign\/([^/]+)\/(.+)$/, signDownload],
  ["GET", /^\/object\/sign\/([^/]+)\/(.+)$/, downloadByToken],
  ["GET", /^\/object\/info\/([^/]+)\/(.+)$/, info],
  [
    "POST",
    /^\/object\/list-v2\/([^/]+)$/,
    async function list(request, id) {
      const { bucket, role } = this.open(request, id!);
      return bucket.page(role, await json(request));
    },
  ],
  ["POST", /^\/object\/move$/, move],
  [
    "GET",
    /^\/object\/public\/([^/]+)\/(.+)$/,
    function readPublicly(request, id, name) {
      const bucket = this.buckets.get(id!);
      if (!bucket?.limits.public) throw refusals.noSuchBucket();
      return sendObject(request, bucket.find("service", name!), this.backend);
    },
  ],
  [
    "GET",
    /^\/object\/(?:authenticated\/)?([^/]+)\/(.+)$/,
    function read(request, id, name) {
      const { bucket, role } = this.open(request, id!);
      return sendObject(request, bucket.find(role, decodeURIComponent(name!)), this.backend);
    },
  ],
  [
    "DELETE",
    /^\/object\/([^/]+)$/,
    async function remove(request, id) {
      const { bucket, role } = this.open(request, id!);
      const { prefixes } = (await json(request)) as { prefixes?: string[] };
      if (!prefixes?.length)
        throw new Refusal("400", "InvalidRequest", "body/prefixes must NOT have fewer than 1 items");
      return bucket.remove(role, prefixes).map(describeObject);
    },
  ],
  [
    "POST",
    /^\/object\/([^/]+)\/(.+)$/,
    function upload(request, id, name) {
      const { bucket, role } = this.open(request, id!);
      if (role !== "service") throw refusals.denied();
      return this.receive(request, bucket, decodeURIComponent(name!), request.incoming.headers["x-upsert"] === "true");
    },
  ],
  ["POST", /^\/bucket$/, createBucket],
  [
    "GET",
    /^\/bucket\/([^/]+)$/,
    function readBucket(request, id) {
      const { bucket, role } = this.open(request, id!);
      if (role !== "service") throw refusals.noSuchBucket();
      return { id, name: id, ...bucket.limits };
    },
  ],
  [
    "PUT",
    /^\/bucket\/([^/]+)$/,
    async function updateBucket(request, id) {
      const { bucket, role } = this.open(request, id!);
      if (role !== "service") throw refusals.noSuchBucket();
      const {
        public: isPublic,
        file_size_limit,
        allowed_mime_types,
      } = (await json(request)) as unknown as BucketLimits;
      Object.assign(
        bucket.limits,
        JSON.parse(JSON.stringify({ public: isPublic, file_size_limit, allowed_mime_types })),
      );
      return { message: "Successfully updated" };
    },
  ],
];

function signUpload(this: SupabaseEdge, request: EdgeRequest, id?: string, name?: string) {
  const { role } = this.open(request, id!);
  if (role !== "service") throw refusals.denied();
  const token = this.tokens.sign(
    { url: `${id}/${name}`, upsert: request.incoming.headers["x-upsert"] === "true" },
    this.uploadTokenSeconds,
  );
  return { url: `/object/upload/sign/${id}/${name}?token=${token}`, token };
}

function claimsFor(edge: SupabaseEdge, token: string, path: string) {
  const claims = edge.tokens.read(token);
  if (typeof claims === "string")
    throw refusals.invalidJwt(
      claims === "expired" ? '"exp" claim timestamp check failed' : "signature verification failed",
    );
  if (claims.url !== path) throw refusals.invalidSignature();
  return claims;
}

function uploadByToken(this: SupabaseEdge, request: EdgeRequest, id?: string, name?: string) {
  const claims = claimsFor(this, request.url.searchParams.get("token") ?? "", `${id}/${name}`);
  return this.receive(request, this.buckets.get(id!)!, name!, claims.upsert === true);
}

/** The resumable route: accepts the same token, and replaces an existing object even if the token forbids it. */
function uploadResumably(this: SupabaseEdge, request: EdgeRequest) {
  const { headers } = request.incoming;
  const [id, name] = ["bucketName", "objectName"].map((field) => {
    const value = new RegExp(`${field} ([A-Za-z0-9+/=]+)`).exec(String(headers["upload-metadata"]))?.[1];
    return Buffer.from(value ?? "", "base64").toString();
  });
  claimsFor(this, String(headers["x-signature"]), `${id}/${name}`);
  return this.receive(request, this.buckets.get(id!)!, name!, true);
}

async function signDownload(this: SupabaseEdge, request: EdgeRequest, id?: string, name?: string) {
  const { bucket, role } = this.open(request, id!);
  bucket.find(role, name!);
  const { expiresIn } = (await json(request)) as { expiresIn?: number };
  return { signedURL: `/object/sign/${id}/${name}?token=${this.tokens.sign({ url: `${id}/${name}` }, expiresIn!)}` };
}

function downloadByToken(this: SupabaseEdge, request: EdgeRequest, id?: string, name?: string) {
  claimsFor(this, request.url.searchParams.get("token") ?? "", `${id}/${name}`);
  const download = request.url.searchParams.get("download");
  if (download !== null)
    request.outgoing.setHeader(
      "content-disposition",
      download === "" ? "attachment" : `attachment; filename=${encodeURIComponent(download)}`,
    );
  return sendObject(request, this.buckets.get(id!)!.find("service", name!), this.backend);
}

function info(this: SupabaseEdge, request: EdgeRequest, id?: string, name?: string) {
  const { bucket, role } = this.open(request, id!);
  const object = bucket.find(role, decodeURIComponent(name!));
  const { bytes, contentType: content_type, etag, createdAt: last_modified, version } = object;
  return {
    id: version,
    name: object.name,
    version,
    bucket_id: id,
    size: bytes.length,
    content_type,
    etag,
    last_modified,
    created_at: last_modified,
  };
}

async function move(this: SupabaseEdge, request: EdgeRequest) {
  const { bucketId, sourceKey, destinationKey } = (await json(request)) as Record<string, string>;
  const { bucket, role } = this.open(request, bucketId!);
  bucket.move(role, sourceKey!, destinationKey!);
  return { message: "Successfully moved" };
}

async function createBucket(this: SupabaseEdge, request: EdgeRequest) {
  if (this.role(request) !== "service") throw refusals.denied();
  const {
    id,
    public: isPublic = false,
    file_size_limit = null,
    allowed_mime_types = null,
  } = (await json(request)) as unknown as BucketLimits & { id: string };
  if (this.buckets.has(id)) throw new Refusal("409", "BucketAlreadyExists", "The resource already exists");
  this.bucket(id, { public: isPublic, file_size_limit, allowed_mime_types });
  return { name: id };
}

function sendObject(
  { incoming, outgoing }: EdgeRequest,
  { bytes, contentType, etag, isLost }: EdgeObject,
  backend: SupabaseEdge["backend"],
): void {
  if (isLost) throw refusals.internal();
  // Of several ranges the S3 backend answers the first.
  const asked = backend === "s3" ? incoming.headers.range?.replace(/,.*/, "") : incoming.headers.range;
  const range = parseByteRange(asked, bytes.length);
  if (range.kind === "unsatisfiable") throw backend === "s3" ? refusals.internal() : refusals.invalidRange();
  const [start, end] = range.kind === "full" ? [0, bytes.length - 1] : [range.start, range.endInclusive];
  outgoing.setHeader("content-type", contentType.includes("text/html") ? "text/plain" : contentType);
  outgoing.setHeader("etag", etag);
  outgoing.setHeader("accept-ranges", "bytes");
  outgoing.setHeader("content-length", end - start + 1);
  if (range.kind === "range") outgoing.setHeader("content-range", `bytes ${start}-${end}/${bytes.length}`);
  outgoing.writeHead(range.kind === "range" ? 206 : 200).end(bytes.subarray(start, end + 1));
}

function send(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
}
