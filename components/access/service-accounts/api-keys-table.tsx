import { useTranslations } from "next-intl";
import { RevokeApiKey } from "@/components/access/service-accounts/revoke-api-key";
import type { FormAction } from "@/components/forms/use-action-form";
import { Badge, type Tone } from "@/components/ui/badge";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRegion, TableRow } from "@/components/ui/table";
import { TimeText } from "@/components/ui/time-text";
import type { ApiKeyRow, ServiceAccountRow } from "@/lib/access/service-accounts/list-service-accounts";

export type ApiKeysTableProps = { account: ServiceAccountRow; revokeAction?: FormAction<{ apiKeyId: string }> };

/** Lists the keys of one service account, newest first, with the first characters of each. */
export function ApiKeysTable({ account, revokeAction }: ApiKeysTableProps) {
  const t = useTranslations("settings.keys");
  if (account.keys.length === 0) return <p className="px-4 py-3 text-ink-muted">{t("empty")}</p>;
  const headings = ["prefix", "state", "created", "expires", "lastUsed"] as const;
  return (
    <TableRegion label={t("table", { name: account.name })}>
      <Table>
        <TableHead>
          <tr>
            {headings.map((heading) => (
              <TableHeader key={heading}>{t(`columns.${heading}`)}</TableHeader>
            ))}
            {revokeAction ? (
              <TableHeader>
                <span className="sr-only">{t("columns.actions")}</span>
              </TableHeader>
            ) : null}
          </tr>
        </TableHead>
        <TableBody>
          {account.keys.map((key) => (
            <ApiKeyLine key={key.id} apiKey={key} isAccountActive={account.active} revokeAction={revokeAction} />
          ))}
        </TableBody>
      </Table>
    </TableRegion>
  );
}

type ApiKeyLineProps = { apiKey: ApiKeyRow; isAccountActive: boolean; revokeAction?: FormAction<{ apiKeyId: string }> };

function ApiKeyLine({ apiKey, isAccountActive, revokeAction }: ApiKeyLineProps) {
  const t = useTranslations("settings.keys");
  return (
    <TableRow className="whitespace-nowrap">
      <TableCell className="font-mono text-sm">{apiKey.prefix}…</TableCell>
      <TableCell>
        <KeyState state={apiKey.state === "valid" && !isAccountActive ? "stopped" : apiKey.state} />
      </TableCell>
      <TableCell>
        <TimeText value={apiKey.createdAt} />
      </TableCell>
      <TableCell>{apiKey.expiresAt ? <TimeText value={apiKey.expiresAt} as="date" /> : t("noExpiry")}</TableCell>
      <TableCell>{apiKey.lastUsedAt ? <TimeText value={apiKey.lastUsedAt} /> : t("neverUsed")}</TableCell>
      {revokeAction ? (
        <TableCell className="text-right">
          {apiKey.state === "revoked" ? null : <RevokeApiKey apiKey={apiKey} action={revokeAction} />}
        </TableCell>
      ) : null}
    </TableRow>
  );
}

const tones = {
  valid: "positive",
  stopped: "caution",
  expired: "neutral",
  revoked: "neutral",
} as const satisfies Record<string, Tone>;

function KeyState({ state }: { state: keyof typeof tones }) {
  const t = useTranslations("settings.keys.states");
  return <Badge tone={tones[state]}>{t(state)}</Badge>;
}
