import { hash } from "node:crypto";

/** Hashes in a full tile (C2SP tlog-tiles). */
export const tileWidth = 256;

/** A tile: `width` hashes of level `level`, from hash `index * 256` of that level on. */
export type Tile = { level: number; index: number; width: number };

export const tlogPrefix = "tlog/";

/** The folder of a tree in the object store. The name of a tree ends in the epoch and its first seal. */
export function treePrefix(origin: string): string {
  return `${tlogPrefix}${origin.split("/").slice(-2).join("/")}/`;
}

/** The place of a tile below its tree, as C2SP names it: `tile/0/x001/x234/067`, `tile/0/000.p/17` if not full. */
export function tilePath({ level, index, width }: Tile): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, "0");
  const groups = digits.match(/\d{3}/g)!;
  const number = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${number}${width < tileWidth ? `.p/${width}` : ""}`;
}

/** The place of a checkpoint below its tree. Zero-padded, so that keys sort by number. */
export function checkpointPath(sequence: number): string {
  return `checkpoints/${String(sequence).padStart(12, "0")}`;
}

/** A short name of a witness' key, for keys of objects and jobs. */
export function witnessDigest(vkey: string): string {
  return hash("sha256", vkey, "hex").slice(0, 16);
}

/** The place of a cosigned checkpoint below its tree. */
export function cosignaturePath(sequence: number, vkey: string): string {
  return `cosignatures/${String(sequence).padStart(12, "0")}/${witnessDigest(vkey)}`;
}

/** The full tiles that a tree of `size` leaves has and one of `before` leaves has not. */
export function* fullTiles(before: number, size: number): Generator<Tile> {
  for (let level = 0, leaves = tileWidth; leaves <= size; level += 1, leaves *= tileWidth)
    for (let index = Math.floor(before / leaves); index < Math.floor(size / leaves); index += 1)
      yield { level, index, width: tileWidth };
}

/** The tiles at the right edge of a tree that are not full. */
export function* partialTiles(size: number): Generator<Tile> {
  for (let level = 0, hashes = size; hashes > 0; level += 1, hashes = Math.floor(hashes / tileWidth))
    if (hashes % tileWidth > 0) yield { level, index: Math.floor(hashes / tileWidth), width: hashes % tileWidth };
}

/** The place of a checkpoint's time stamp below its tree. */
export function timestampPath(sequence: number): string {
  return `timestamps/${String(sequence).padStart(12, "0")}.tsr`;
}
