import { placeHold } from "@/lib/legal-holds/place-hold";
import { decideHoldRelease } from "@/lib/legal-holds/release/decide-hold-release";
import { requestHoldRelease } from "@/lib/legal-holds/release/request-hold-release";
import { contextOf, type Person } from "./actors";
import { facts } from "./holds";

/** A legal hold on these recordings. Returns its id. */
export async function placedHold(by: Person, recordingIds: string[]): Promise<string> {
  const input = { ...facts(by.userId), selection: { recordingIds } };
  return (await placeHold(contextOf(by.actor), input)).holdId;
}

/** Releases a hold, as two people do. */
export async function releasedHold(holdId: string, by: Person, second: Person): Promise<void> {
  const { approvalId } = await requestHoldRelease(contextOf(by.actor), { holdId, reason: "Acordo homologado" });
  await decideHoldRelease(contextOf(second.actor), { approvalId, decision: "approved", reason: "Conferido por mim" });
}
