import { processWide } from "@/lib/core/process-wide";

/** The key of one object. Only this key opens what was sealed under that object key. */
export interface VaultKey {
  secret: Buffer;
  /** Id of the wrapping key, in the environment or at the key service. */
  keyId: string;
}

/**
 * Keeps the keys of sealed objects outside the store, so that destroying one entry makes every copy of the object
 * unreadable (NIST SP 800-88r2, cryptographic erase). The transaction that deletes a recording destroys its keys.
 */
export interface DataKeyVault {
  /** Returns the object's key; the first call creates it. */
  create(objectKey: string): Promise<VaultKey>;
  /**
   * Null if the key was never created, or was destroyed. Called for each read: a destroyed key stops working at once.
   */
  open(objectKey: string): Promise<VaultKey | null>;
}

const provided = processWide as { custodiaDataKeyVault?: DataKeyVault };

/** Sets the vault of this process. Call it once at start, before the first object is opened. */
export function provideDataKeyVault(vault: DataKeyVault): void {
  provided.custodiaDataKeyVault = vault;
}

/** The vault that was provided to this process. @throws Error before `provideDataKeyVault` was called */
export const providedVault: DataKeyVault = {
  create: async (objectKey) => vaultOfProcess().create(objectKey),
  open: async (objectKey) => vaultOfProcess().open(objectKey),
};

function vaultOfProcess(): DataKeyVault {
  const { custodiaDataKeyVault: vault } = provided;
  if (!vault) throw new Error("This process has no vault for data keys: call provideDataKeyVault when it starts.");
  return vault;
}
