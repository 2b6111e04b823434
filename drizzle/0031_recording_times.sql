ALTER TABLE "playback_grants" ADD COLUMN "served_head_bytes" integer;--> statement-breakpoint
ALTER TABLE "recording_waveforms" ADD COLUMN "byte_offsets" bigint[];--> statement-breakpoint
ALTER TABLE "recording_waveforms" ADD COLUMN "playback_head" "bytea";