import pLimit, { type LimitFunction } from "p-limit";
import { jobContext } from "@/lib/operation/job-context";
import { log } from "@/lib/core/log";
import { deliverToReceiver } from "@/lib/notifications/deliver-to-receiver";
import { listWaitingReceivers } from "@/lib/notifications/list-waiting-receivers";
import { processWide } from "@/lib/core/process-wide";

/** What is due and was left by a run does not come back at once: another process may hold it. */
const shortestPauseMs = 250;
const pauseAfterFailureMs = 30_000;

/** Sends messages to phone systems in the background of a process that stays. */
export class WebhookCourier {
  private readonly lanes = new Map<string, LimitFunction>();
  private readonly looking = pLimit(1);
  private alarm: NodeJS.Timeout | undefined;

  /** Sends what waits for a phone system; one run waits behind the one that works. No phone system waits for another. */
  deliverSoon(serviceAccountId: string): void {
    const lane = this.laneOf(serviceAccountId);
    if (lane.pendingCount > 0) return;
    lane(() => deliverToReceiver(jobContext("webhook"), serviceAccountId))
      .catch((error: unknown) => log.error({ error }, "webhooks not delivered"))
      .finally(() => this.setAlarm());
  }

  /** Sets the one timer for the message whose turn is next. Other processes may do the same: a message's lease lets one of them send it. */
  setAlarm(): void {
    void this.looking(async () => {
      const pauseMs = await this.untilNext().catch(
        (error: unknown) => (log.error({ error }, "waiting webhooks not looked for"), pauseAfterFailureMs),
      );
      clearTimeout(this.alarm);
      this.alarm = pauseMs === null ? undefined : setTimeout(() => void this.wake(), pauseMs).unref();
    });
  }

  private async wake(): Promise<void> {
    const waiting = await this.listIdle().catch(() => []);
    for (const { serviceAccountId, nextAttemptAt } of waiting)
      if (nextAttemptAt.getTime() <= Date.now()) this.deliverSoon(serviceAccountId);
    this.setAlarm();
  }

  private async untilNext(): Promise<number | null> {
    const turns = (await this.listIdle()).map(({ nextAttemptAt }) => nextAttemptAt.getTime());
    return turns.length === 0 ? null : Math.max(Math.min(...turns) - Date.now(), shortestPauseMs);
  }

  /** The end of a run sets the timer for its own phone system. */
  private async listIdle() {
    const waiting = await listWaitingReceivers(jobContext("webhook"), {});
    return waiting.filter(({ serviceAccountId }) => {
      const { activeCount, pendingCount } = this.laneOf(serviceAccountId);
      return activeCount + pendingCount === 0;
    });
  }

  private laneOf(serviceAccountId: string): LimitFunction {
    const lane = this.lanes.get(serviceAccountId) ?? pLimit(1);
    this.lanes.set(serviceAccountId, lane);
    return lane;
  }
}

// One process needs one timer.
const holder = processWide as { custodiaWebhookCourier?: WebhookCourier };

/** The courier of this process. */
export function webhookCourier(): WebhookCourier {
  return (holder.custodiaWebhookCourier ??= new WebhookCourier());
}
