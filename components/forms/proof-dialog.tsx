"use client";

import { useTranslations } from "next-intl";
import { useEffect, useEffectEvent, useState } from "react";
import { codeOf, PasskeyButton, type BeginPasskey } from "@/components/access/passkeys/passkey-button";
import { provedChannel } from "@/components/forms/announce-proof";
import { ProofForm, type ProofFormProps } from "@/components/forms/proof-form";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { FormMessage } from "@/components/ui/form-message";

export type ProofDialogProps = Pick<ProofFormProps, "factors" | "action"> & {
  hasPassword: boolean;
  /** The provider of single sign-on can be asked who the person is. */
  isSignedOn: boolean;
  beginPasskeyAction: BeginPasskey;
  passkeyAction: ProofFormProps["action"];
  open: boolean;
  onEnd: (isProved: boolean) => void;
};

/** Asks the person for a passkey, a code, a recovery code or the password, or sends them to the company's sign-in. */
export function ProofDialog({ open, onEnd, hasPassword, isSignedOn, ...form }: ProofDialogProps) {
  const t = useTranslations("shell.proof");
  const hasForm = hasPassword || form.factors.length > 0;
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onEnd(false)}>
      <DialogContent title={t("title")} description={t("description")}>
        {hasForm ? <ProofWays {...form} onProved={() => onEnd(true)} /> : null}
        {isSignedOn ? <ProofAtProvider onProved={() => onEnd(true)} /> : null}
        {hasForm || isSignedOn ? null : <FormMessage tone="caution">{t("withoutPassword")}</FormMessage>}
      </DialogContent>
    </Dialog>
  );
}

/** Opens the provider in another tab, so that nothing that was typed here is lost; that tab tells when it is done. */
function ProofAtProvider({ onProved }: { onProved: () => void }) {
  const t = useTranslations("shell.proof");
  const onMessage = useEffectEvent(onProved);
  useEffect(() => {
    const channel = new BroadcastChannel(provedChannel);
    channel.onmessage = () => onMessage();
    return () => channel.close();
  }, []);
  return (
    <div className="grid gap-2">
      <p className="text-ink-muted">{t("atProviderHint")}</p>
      <Button asChild variant="secondary">
        {/* A plain link: the portal answers with the provider's address, which must not be fetched ahead. */}
        <a href="/api/sso/prove" target="_blank" rel="noreferrer">
          {t("atProvider")}
        </a>
      </Button>
    </div>
  );
}

type ProofWaysProps = Omit<ProofDialogProps, "open" | "onEnd" | "hasPassword" | "isSignedOn"> & {
  onProved: () => void;
};

/** Of a person with a passkey first that, and the codes on demand. */
function ProofWays({ beginPasskeyAction, passkeyAction, ...form }: ProofWaysProps) {
  const t = useTranslations("shell.proof");
  const hasPasskey = form.factors.includes("passkey");
  const [isByCode, setIsByCode] = useState(!hasPasskey);
  const other = form.factors.includes("totp") ? t("useTotp") : t("useRecoveryCode");
  return (
    <>
      {isByCode ? (
        <ProofForm {...form} />
      ) : (
        <>
          <p className="text-ink-muted">{t("passkeyHint")}</p>
          <PasskeyButton
            variant="primary"
            begin={beginPasskeyAction}
            finish={async (response) => {
              const sent = new FormData();
              sent.set("response", response);
              const answered = await passkeyAction(sent);
              if (answered.status === "done") form.onProved();
              return codeOf(answered);
            }}
          >
            {t("passkey")}
          </PasskeyButton>
        </>
      )}
      {hasPasskey ? (
        <Button variant="link" className="justify-self-start" onClick={() => setIsByCode(!isByCode)}>
          {isByCode ? t("usePasskey") : other}
        </Button>
      ) : null}
    </>
  );
}
