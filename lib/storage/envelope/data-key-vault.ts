/** The key of one object: everything sealed under its key can be opened with it, and nothing without. */
export interface VaultKey {
  secret: Buffer;
  /** Names the key of the environment or of the key service that wraps it. */
  keyId: string;
}

/**
 * Where the keys of sealed objects are kept: apart from the store, so that to destroy one entry erases every copy of the object
 * (NIST SP 800-88r2, cryptographic erase). Keys are destroyed by the deletion of the recording, in its transaction.
 */
export interface DataKeyVault {
  /** The object's key, made by the first call. */
  create(objectKey: string): Promise<VaultKey>;
  /** Null when there is none: never made, or destroyed. Asked at each reading, so that a destroyed key stops working at once. */
  open(objectKey: string): Promise<VaultKey | null>;
}
