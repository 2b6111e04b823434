"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Toast as Primitive } from "radix-ui";
import { createContext, useCallback, useContext, useState, type ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";

type Notice = { id: number; tone: "positive" | "danger" | "info"; text: ReactNode };
type Notify = (text: ReactNode, tone?: Notice["tone"]) => void;

const NotifyContext = createContext<Notify | undefined>(undefined);

const edges = { positive: "border-l-positive", danger: "border-l-danger", info: "border-l-info" };

/** Returns `notify(text, tone)`, which shows a notice. Needs `<ToastProvider>` above it. */
export function useNotify(): Notify {
  const notify = useContext(NotifyContext);
  if (!notify) throw new Error("useNotify needs a ToastProvider above it");
  return notify;
}

/** Shows notices in a corner for some seconds, and announces them to screen readers. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const t = useTranslations("common");
  const [notices, setNotices] = useState<Notice[]>([]);
  const notify = useCallback<Notify>((text, tone = "positive") => {
    setNotices((current) => [...current.slice(-2), { id: (current.at(-1)?.id ?? 0) + 1, tone, text }]);
  }, []);
  const dismiss = (id: number) => setNotices((current) => current.filter((notice) => notice.id !== id));
  return (
    <NotifyContext value={notify}>
      <Primitive.Provider label={t("notifications")} duration={6000}>
        {children}
        {notices.map((notice) => (
          <Primitive.Root
            key={notice.id}
            type={notice.tone === "danger" ? "foreground" : "background"}
            onOpenChange={(open) => !open && dismiss(notice.id)}
            className={cn(
              "flex items-start justify-between gap-2 rounded-md border-l-4 bg-raised py-2 pr-1 pl-3 shadow-overlay",
              edges[notice.tone],
            )}
          >
            <Primitive.Description className="py-0.5">{notice.text}</Primitive.Description>
            <Primitive.Close asChild>
              <IconButton label={t("actions.close")} size="small">
                <X aria-hidden />
              </IconButton>
            </Primitive.Close>
          </Primitive.Root>
        ))}
        <Primitive.Viewport
          className={cn("fixed right-4 bottom-4 z-50 grid w-80 max-w-[calc(100vw-2rem)] gap-2 outline-none")}
        />
      </Primitive.Provider>
    </NotifyContext>
  );
}
