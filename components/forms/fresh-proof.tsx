"use client";

import { createContext, useCallback, useContext, useRef, useState, type ReactNode } from "react";
import { ProofDialog, type ProofDialogProps } from "@/components/forms/proof-dialog";

/** Runs work; if the portal asks for a fresh proof first, asks the person for it and runs the same work once more. */
export type WithFreshProof = <Result>(
  work: () => Promise<Result>,
  isNeeded: (result: Result) => boolean,
) => Promise<Result>;

const withoutProof: WithFreshProof = (work) => work();

const FreshProofContext = createContext<WithFreshProof>(withoutProof);

export const useFreshProof = (): WithFreshProof => useContext(FreshProofContext);

/** Whether the result of an action says that a fresh proof is needed. */
export const needsFreshProof = (result: { status: string; code?: string }): boolean =>
  result.status === "failed" && result.code === "fresh_proof_needed";

export type FreshProofProviderProps = Omit<ProofDialogProps, "open" | "onEnd"> & { children: ReactNode };

/** Holds the one dialog that asks who the person is. Closed, it leaves the work refused, with all that was typed. */
export function FreshProofProvider({ children, ...dialog }: FreshProofProviderProps) {
  const [open, setOpen] = useState(false);
  const waiting = useRef<((isProved: boolean) => void) | null>(null);
  const end = (isProved: boolean) => {
    setOpen(false);
    waiting.current?.(isProved);
    waiting.current = null;
  };
  const withProof = useCallback<WithFreshProof>(async (work, isNeeded) => {
    const result = await work();
    if (!isNeeded(result)) return result;
    const isProved = await new Promise<boolean>((resolve) => {
      waiting.current?.(false);
      waiting.current = resolve;
      setOpen(true);
    });
    return isProved ? work() : result;
  }, []);
  return (
    <FreshProofContext value={withProof}>
      {children}
      <ProofDialog open={open} onEnd={end} {...dialog} />
    </FreshProofContext>
  );
}
