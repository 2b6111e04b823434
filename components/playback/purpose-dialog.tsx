"use client";

import { useTranslations } from "next-intl";
import type { PlaybackAccess } from "@/components/playback/grant-machine";
import { PurposeForm, type PurposeOption } from "@/components/playback/purpose-form";
import { Dialog, DialogContent } from "@/components/ui/dialog";

/** Why the purpose is asked: for the first play, to change it, or for a download. */
export type PurposeQuestion = "play" | "change" | "download";

export type PurposeDialogProps = {
  question: PurposeQuestion | null;
  purposes: readonly PurposeOption[];
  initial: PlaybackAccess | null;
  /** The purpose is recorded for the call's next parts too, when they play. */
  coversCall?: boolean;
  onAnswer: (access: PlaybackAccess) => void;
  onClose: () => void;
};

/** Asks for purpose and reference before a recording is played or downloaded. */
export function PurposeDialog({ question, purposes, initial, coversCall, onAnswer, onClose }: PurposeDialogProps) {
  const t = useTranslations("player.purpose");
  const isDownload = question === "download";
  return (
    <Dialog open={question !== null} onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={isDownload ? t("downloadTitle") : t("playTitle")}
        description={isDownload ? t("downloadDescription") : coversCall ? t("descriptionOfCall") : t("description")}
      >
        <PurposeForm
          purposes={purposes}
          initial={initial}
          submitLabel={isDownload ? t("submitDownload") : t("submitPlay")}
          onSubmit={onAnswer}
          onCancel={onClose}
        />
      </DialogContent>
    </Dialog>
  );
}
