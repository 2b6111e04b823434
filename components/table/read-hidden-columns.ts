import { cookies } from "next/headers";
import { columnCookie, parseHiddenColumns } from "@/components/table/column-preference";

/**
 * The columns that this browser hid in a table, or nothing if it never chose. Read on the server: the table never
 * flickers.
 */
export async function readHiddenColumns(tableId: string): Promise<string[] | undefined> {
  return parseHiddenColumns((await cookies()).get(columnCookie(tableId))?.value);
}
