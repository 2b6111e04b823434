import type { RecordingReceipt } from "@/lib/receipts/receipt-schema";

/** What kind of store a name stands for. The primary is named after its kind; a copy as the installation calls it. */
export function storeKind(name: string): RecordingReceipt["stores"][number]["kind"] {
  if (name === "disk" || name === "supabase") return name;
  return name.startsWith("s3:") ? "s3" : "copy";
}
