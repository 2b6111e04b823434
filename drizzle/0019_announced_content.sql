-- What was announced for an upload is written on its ticket, so that a completion means these bytes. An open ticket is for what its
-- recording announces; so is the only ticket of a recording. Of others it is no longer known: their completion is refused.
UPDATE upload_tickets SET size_bytes = recordings.size_bytes, sha256 = recordings.sha256
FROM recordings
WHERE recordings.id = upload_tickets.recording_id
  AND upload_tickets.kind IN ('single', 'multipart')
  AND upload_tickets.sha256 IS NULL
  AND (
    upload_tickets.closed_at IS NULL
    OR NOT EXISTS (
      SELECT FROM upload_tickets other
      WHERE other.recording_id = upload_tickets.recording_id AND other.id <> upload_tickets.id AND other.kind <> 'received'
    )
  );
