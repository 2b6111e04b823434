import { DiskStore } from "@/lib/storage/disk/disk-store";
import type { ObjectStore } from "@/lib/storage/object-store";
import { S3Store } from "@/lib/storage/s3/s3-store";
import type { DiskStoreConfig, S3StoreConfig, StoreConfig, SupabaseStoreConfig } from "@/lib/storage/store-config";
import { SupabaseStore } from "@/lib/storage/supabase/supabase-store";

export function createObjectStore(config: DiskStoreConfig): DiskStore;
export function createObjectStore(config: S3StoreConfig): S3Store;
export function createObjectStore(config: SupabaseStoreConfig): SupabaseStore;
export function createObjectStore(config: StoreConfig): ObjectStore;
/**
 * Creates the store that a configuration describes. Create one per process: it keeps connections and signing keys.
 * @throws StoreError `invalid_request` for an endpoint without TLS (except loopback).
 */
export function createObjectStore(config: StoreConfig): ObjectStore {
  switch (config.kind) {
    case "disk":
      return new DiskStore(config);
    case "s3":
      return new S3Store(config);
    case "supabase":
      return new SupabaseStore(config);
  }
}
