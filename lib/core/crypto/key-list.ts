/** Named secret keys, newest first, for rotation: the first encrypts and signs, all decrypt and verify. */
export type KeyList = readonly [NamedKey, ...NamedKey[]];
export type NamedKey = { readonly id: string; readonly secret: Buffer };

/**
 * Parses "id:base64[,id:base64…]".
 * @param bytes exact length of each key; 0 accepts any length (for example PKCS8 documents).
 * @throws Error that names the entry by position and id, never by content.
 */
export function parseKeyList(text: string, bytes: number): KeyList {
  const keys = text.split(",").map((entry, index) => parseEntry(entry.trim(), index + 1, bytes));
  if (new Set(keys.map((key) => key.id)).size !== keys.length) throw new Error("has the same key id twice");
  return keys as unknown as KeyList;
}

function parseEntry(entry: string, position: number, bytes: number): NamedKey {
  const match = /^([a-z0-9][a-z0-9-]{0,31}):([A-Za-z0-9+/]+={0,2})$/.exec(entry);
  if (!match) throw new Error(`entry ${position} is not "id:base64"`);
  const secret = Buffer.from(match[2]!, "base64");
  if (bytes > 0 && secret.length !== bytes) throw new Error(`key "${match[1]}" must be ${bytes} bytes in base64`);
  return { id: match[1]!, secret };
}

/** @throws Error if no key of the list has this id: it was removed too early. */
export function findKey(keys: KeyList, id: string): NamedKey {
  const key = keys.find((candidate) => candidate.id === id);
  if (!key) throw new Error(`no key "${id}" is configured`);
  return key;
}
