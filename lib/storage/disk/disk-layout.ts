import { createHash } from "node:crypto";
import path from "node:path";

/**
 * The layout below the folder of a disk store:
 *
 *   objects/<first segment of the key>/<2 hex digits>/<rest of the key, "/" written "+">
 *   objects/@/<2 hex digits>/<key>                      keys of one segment
 *   incoming/<32 hex digits of SHA-256 of the key>.<random>.part     running uploads
 *
 * "@" and "+" cannot occur in keys, so the names are unambiguous. 256 shards keep a folder of a million recordings at
 * about 4,000 files.
 */
export interface ObjectAddress {
  area: string;
  shard: string;
  name: string;
}

export const SINGLE_SEGMENT_AREA = "@";

export function addressOf(key: string): ObjectAddress {
  const slash = key.indexOf("/");
  const area = slash < 0 ? SINGLE_SEGMENT_AREA : key.slice(0, slash);
  const name = key.slice(slash + 1).replaceAll("/", "+");
  return { area, shard: keyHash(key).slice(0, 2), name };
}

/** The inverse of `addressOf`. */
export function keyAt(address: ObjectAddress): string {
  const rest = address.name.replaceAll("+", "/");
  return address.area === SINGLE_SEGMENT_AREA ? rest : `${address.area}/${rest}`;
}

export function objectPath(rootPath: string, key: string): string {
  const { area, shard, name } = addressOf(key);
  return path.join(rootPath, "objects", area, shard, name);
}

export function objectsPath(rootPath: string): string {
  return path.join(rootPath, "objects");
}

export function incomingPath(rootPath: string): string {
  return path.join(rootPath, "incoming");
}

/** The beginning of the names of this key's temporary files, and of no other key's. */
export function incomingPrefix(key: string): string {
  return `${keyHash(key).slice(0, 32)}.`;
}

function keyHash(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
