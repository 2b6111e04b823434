import { open, stat } from "node:fs/promises";
import path from "node:path";
import { objectKeyOf } from "./database";
import { objectPath } from "@/lib/storage/disk/disk-layout";

/** Flips one bit in the middle of a recording's file in the store of the portal under test. */
export async function damageRecording(recordingId: string): Promise<void> {
  const file = objectPath(path.join(path.dirname(process.env.SIGN_INS!), "store"), await objectKeyOf(recordingId));
  const middle = Math.floor((await stat(file)).size / 2);
  const handle = await open(file, "r+");
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, middle);
  byte[0]! ^= 1;
  await handle.write(byte, 0, 1, middle);
  await handle.close();
}
