import { processWide } from "@/lib/core/process-wide";

/** The key of one object: it opens everything that was sealed under that object key, and nothing else does. */
export interface VaultKey {
  secret: Buffer;
  /** Id of the key that wraps it, in the environment or at the key service. */
  keyId: string;
}

/**
 * Keeps the keys of sealed objects outside the store, so that destroying one entry makes every copy of the object
 * unreadable (NIST SP 800-88r2, cryptographic erase). The transaction that deletes a recording destroys its keys.
 */
export interface DataKeyVault {
  /** The object's key; the first call creates it. */
  create(objectKey: string): Promise<VaultKey>;
  /**
   * Null if the key was never created, or was destroyed. Called for each read: a destroyed key stops working at once.
   */
  open(objectKey: string): Promise<VaultKey | null>;
}

const provided = processWide as { custodiaDataKeyVault?: DataKeyVault };

/**
 * Sets the vault of this process. Whatever starts a process that opens stores calls it once, before the first object.
 */
export function provideDataKeyVault(vault: DataKeyVault): void {
  provided.custodiaDataKeyVault = vault;
}

/** The vault of this process, looked up at each call. @throws Error while none was provided. */
export const providedVault: DataKeyVault = {
  create: async (objectKey) => vaultOfProcess().create(objectKey),
  open: async (objectKey) => vaultOfProcess().open(objectKey),
};

function vaultOfProcess(): DataKeyVault {
  const { custodiaDataKeyVault: vault } = provided;
  if (!vault) throw new Error("This process has no vault for data keys: call provideDataKeyVault when it starts.");
  return vault;
}
