ALTER TABLE "recordings" ADD COLUMN "is_joined" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "recordings_waveform_to_transcode" ON "recordings" USING btree ("stored_at","id") WHERE state = 'stored' and waveform_failure = 'unsupported_codec';--> statement-breakpoint
CREATE INDEX "recordings_joined" ON "recordings" USING btree ("id") WHERE is_joined;