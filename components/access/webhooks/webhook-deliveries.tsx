import { useTranslations } from "next-intl";
import { Badge, type Tone } from "@/components/ui/badge";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRegion, TableRow } from "@/components/ui/table";
import { TimeText } from "@/components/ui/time-text";
import type { WebhookDeliveryRow } from "@/lib/access/webhooks/list-webhook-deliveries";

const headings = ["created", "event", "state", "attempts", "failure", "next"] as const;
const labels = { "recording.stored": "stored", "recording.failed": "failed", "recording.empty": "empty" } as const;

const tones = { waiting: "caution", delivered: "positive", abandoned: "danger" } as const satisfies Record<
  WebhookDeliveryRow["state"],
  Tone
>;

/** Lists the last messages to one phone system, newest first. */
export function WebhookDeliveries({ name, deliveries }: { name: string; deliveries: WebhookDeliveryRow[] }) {
  const t = useTranslations("webhooks");
  return (
    <TableRegion label={t("table", { name })}>
      <Table>
        <TableHead>
          <tr>
            {headings.map((heading) => (
              <TableHeader key={heading}>{t(`columns.${heading}`)}</TableHeader>
            ))}
          </tr>
        </TableHead>
        <TableBody>
          {deliveries.map((delivery) => (
            <DeliveryLine key={delivery.id} delivery={delivery} />
          ))}
        </TableBody>
      </Table>
    </TableRegion>
  );
}

function DeliveryLine({
  delivery: { createdAt, event, state, attempts, lastFailure, nextAttemptAt },
}: {
  delivery: WebhookDeliveryRow;
}) {
  const t = useTranslations("webhooks");
  const failure = useWebhookFailure();
  return (
    <TableRow className="whitespace-nowrap">
      <TableCell>
        <TimeText value={createdAt} />
      </TableCell>
      <TableCell>{t(`events.${labels[event]}`)}</TableCell>
      <TableCell>
        <Badge tone={tones[state]}>{t(`states.${state}`)}</Badge>
      </TableCell>
      <TableCell>{attempts}</TableCell>
      <TableCell>{lastFailure === null ? t("nothing") : failure(lastFailure)}</TableCell>
      <TableCell>{nextAttemptAt === null ? t("nothing") : <TimeText value={nextAttemptAt} />}</TableCell>
    </TableRow>
  );
}

const known = ["timed_out", "unreachable", "redirected", "not_secure", "not_configured", "secret_unreadable"] as const;

/** Returns words for why a message was not delivered. */
export function useWebhookFailure(): (code: string) => string {
  const t = useTranslations("webhooks.failures");
  return (code) => {
    const one = known.find((candidate) => candidate === code);
    return one ? t(one) : t("http", { status: code.replace("http_", "") });
  };
}
