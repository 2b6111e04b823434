import { refresh } from "next/cache";
import type { ActionState } from "@/lib/http/run-action";

/** Shows what an action changed: when it succeeded, the page that sent it is rendered anew in the same answer. */
export async function refreshed<Result>(running: Promise<ActionState<Result>>): Promise<ActionState<Result>> {
  const state = await running;
  if (state.status === "done") refresh();
  return state;
}
