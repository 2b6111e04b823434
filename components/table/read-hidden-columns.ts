import { cookies } from "next/headers";
import { columnCookie, parseHiddenColumns } from "@/components/table/column-preference";

/**
 * Reads which columns of a table this browser has hidden; undefined if it has no choice. Read on the server, so that
 * columns do not flicker.
 */
export async function readHiddenColumns(tableId: string): Promise<string[] | undefined> {
  return parseHiddenColumns((await cookies()).get(columnCookie(tableId))?.value);
}
