import { createHash, randomUUID } from "node:crypto";
import { refusals } from "./refusals";

export type Role = "service" | "anon";
export type EdgeObject = {
  name: string;
  bytes: Buffer;
  contentType: string;
  etag: string;
  createdAt: string;
  version: string;
  /** The row is there, the bytes are gone: info and lists show the object, reading is 500. */
  isLost?: boolean;
};
export type BucketLimits = { public: boolean; file_size_limit: number | null; allowed_mime_types: string[] | null };

/** One bucket under row-level security: the service role sees everything, other roles see nothing and get no error. */
export class MemoryBucket {
  readonly objects = new Map<string, EdgeObject>();

  readonly id: string;
  readonly limits: BucketLimits;

  constructor(id: string, limits: BucketLimits) {
    this.id = id;
    this.limits = limits;
  }

  find(role: Role, name: string): EdgeObject {
    const found = role === "service" ? this.objects.get(name) : undefined;
    if (!found) throw refusals.noSuchKey();
    return found;
  }

  /** Decided before the body arrives: the declared type, and the announced length if there is one. */
  assertAccepted(contentType: string, contentLength: number | null): void {
    const { file_size_limit: limit, allowed_mime_types: types } = this.limits;
    if (types && !types.includes(contentType.split(";")[0]!.trim())) throw refusals.invalidType();
    if (limit !== null && contentLength !== null && contentLength > limit) throw refusals.tooLarge();
  }

  write(name: string, bytes: Buffer, contentType: string): void {
    const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
    this.objects.set(name, {
      name,
      bytes,
      contentType,
      etag,
      createdAt: new Date().toISOString(),
      version: randomUUID(),
    });
  }

  move(role: Role, from: string, to: string): void {
    const object = this.find(role, from);
    if (this.objects.has(to)) throw refusals.taken();
    this.objects.delete(from);
    this.objects.set(to, { ...object, name: to });
  }

  /** Returns the removed rows; a role that sees none removes none, without an error. */
  remove(role: Role, names: string[]): EdgeObject[] {
    if (role !== "service") return [];
    return names.flatMap((name) => {
      const found = this.objects.get(name);
      this.objects.delete(name);
      return found ? [found] : [];
    });
  }

  /** Sorted by name; the limit is capped without an error. */
  page(role: Role, { prefix = "", limit = 1000, cursor = "" }: { prefix?: string; limit?: number; cursor?: string }) {
    const after = Buffer.from(cursor, "base64").toString();
    const all = [...this.objects.values()].filter(
      ({ name }) => role === "service" && name.startsWith(prefix) && name > after,
    );
    all.sort((one, other) => (one.name < other.name ? -1 : 1));
    const objects = all.slice(0, Math.min(limit, 1000));
    const hasNext = all.length > objects.length;
    return {
      hasNext,
      folders: [],
      objects: objects.map(describeObject),
      ...(hasNext ? { nextCursor: Buffer.from(objects.at(-1)!.name).toString("base64") } : {}),
    };
  }
}

export function describeObject({ name, bytes, contentType, etag, createdAt, version }: EdgeObject) {
  const metadata = { eTag: etag, size: bytes.length, mimetype: contentType, contentLength: bytes.length };
  return {
    id: version,
    name,
    version,
    updated_at: createdAt,
    created_at: createdAt,
    last_accessed_at: createdAt,
    metadata,
  };
}
