import { lstat, open, readdir } from "node:fs/promises";
import path from "node:path";
import { CONTROL_OBJECT_KEY } from "@/lib/storage/request-checks";
import { keyAt, objectsPath, SINGLE_SEGMENT_AREA, type ObjectAddress } from "@/lib/storage/disk/disk-layout";
import { listedSize } from "@/lib/storage/disk/object-file";
import type { ObjectPage } from "@/lib/storage/object-facts";
import type { ListRequest } from "@/lib/storage/store-requests";
import { StoreError } from "@/lib/storage/store-error";

/** One page of objects, ordered by area, shard and name; the cursor is the address of the last object. */
export async function listObjectFiles(rootPath: string, request: ListRequest): Promise<ObjectPage> {
  const after = request.cursor === undefined ? null : decodeCursor(request.cursor);
  const objects: ObjectPage["objects"] = [];
  let last: ObjectAddress | null = null;
  for await (const address of scan(objectsPath(rootPath), request.prefix, after)) {
    if (objects.length === request.limit) return { objects, nextCursor: encodeCursor(last!) };
    const object = await describe(rootPath, address);
    if (!object) continue;
    objects.push(object);
    last = address;
  }
  return { objects, nextCursor: null };
}

async function* scan(root: string, prefix: string, after: ObjectAddress | null): AsyncGenerator<ObjectAddress> {
  for (const area of await namesIn(root)) {
    if ((after && area < after.area) || !mayHold(area, prefix)) continue;
    const inAfterArea = after?.area === area;
    for (const shard of await namesIn(path.join(root, area))) {
      if (inAfterArea && shard < after!.shard) continue;
      const inAfterShard = inAfterArea && shard === after!.shard;
      for (const name of await namesIn(path.join(root, area, shard))) {
        if (inAfterShard && name <= after!.name) continue;
        const address = { area, shard, name };
        const key = keyAt(address);
        if (key.startsWith(prefix) && key !== CONTROL_OBJECT_KEY) yield address;
      }
    }
  }
}

/** Whether an area can contain keys with this prefix; the other areas are not scanned. */
function mayHold(area: string, prefix: string): boolean {
  const slash = prefix.indexOf("/");
  if (slash >= 0) return area === prefix.slice(0, slash);
  return area === SINGLE_SEGMENT_AREA || area.startsWith(prefix);
}

/** Errors about one file: the others can still be listed. */
const unreadable = new Set(["EACCES", "EPERM", "EISDIR", "ELOOP", "EIO", "ENXIO"]);

/** Null if the object was deleted meanwhile. One that cannot be opened is listed: only reading it fails. */
async function describe(
  rootPath: string,
  { area, shard, name }: ObjectAddress,
): Promise<ObjectPage["objects"][number] | null> {
  const filePath = path.join(objectsPath(rootPath), area, shard, name);
  const key = keyAt({ area, shard, name });
  try {
    const handle = await open(filePath, "r");
    try {
      const { size, mtime } = await handle.stat();
      return { key, sizeBytes: await listedSize(handle, size), lastModified: mtime };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    if (!unreadable.has(code!)) throw error;
    const { size, mtime } = await lstat(filePath);
    return { key, sizeBytes: size, lastModified: mtime };
  }
}

/** What stands in a folder's place is no folder, and holds no object. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return [];
    throw error;
  }
}

function encodeCursor({ area, shard, name }: ObjectAddress): string {
  return Buffer.from(`${area}/${shard}/${name}`).toString("base64url");
}

function decodeCursor(cursor: string): ObjectAddress {
  const [area, shard, name] = Buffer.from(cursor, "base64url").toString().split("/");
  if (!area || !shard || !name) throw new StoreError("invalid_request", "Invalid cursor.");
  return { area, shard, name };
}
