import { text } from "node:stream/consumers";
import { parseKeyList } from "@/lib/core/crypto/key-list";
import type { StoreConfig } from "@/lib/storage/store-config";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { sealedStore } from "../../support/sealed-store";

/** Child process of `crashWhileWriting`: objects of 400,000 bytes filled with their own key, four at a time. */
const { config, prefix } = JSON.parse(await text(process.stdin)) as { config: Record<string, unknown>; prefix: string };
for (const name of ["encryptionKeys", "linkSigningKeys"]) {
  if (typeof config[name] === "string") config[name] = parseKeyList(config[name], 32);
}
const { sealedPrefix, ...plain } = config;
const plainStore = createObjectStore(plain as unknown as StoreConfig);
const store = typeof sealedPrefix === "string" ? sealedStore(plainStore, sealedPrefix) : plainStore;

async function writeForever(writer: number) {
  for (let index = 0; ; index += 1) {
    const key = `${prefix}/${writer}-${index}`;
    await store.put(key, new Blob([Buffer.alloc(400_000, key)]).stream(), {
      contentType: "audio/wav",
      sizeBytes: 400_000,
      ifNoneMatch: "*",
    });
    process.stdout.write(`${key}\n`);
  }
}
await Promise.all([0, 1, 2, 3].map(writeForever));
