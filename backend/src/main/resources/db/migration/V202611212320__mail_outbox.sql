-- What sending needs: when each mail is tried next, under which id, and how a recipient ends it.

ALTER TABLE report_subscription ADD COLUMN scheduled_until timestamptz NOT NULL DEFAULT now();
ALTER TABLE report_subscription ALTER COLUMN scheduled_until DROP DEFAULT;
COMMENT ON COLUMN report_subscription.scheduled_until IS 'times to send up to and with this one are decided on, or lie before the subscription was made or changed';

ALTER TABLE report_delivery ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY;
ALTER TABLE report_delivery ADD COLUMN message_id text;
ALTER TABLE report_delivery ADD COLUMN next_attempt_at timestamptz;
ALTER TABLE report_delivery ADD COLUMN late boolean NOT NULL DEFAULT false;
UPDATE report_delivery
   SET message_id = 'report.' || for_date || '.' || gen_random_uuid() || '@agent-audit.localhost',
       next_attempt_at = queued_at;
ALTER TABLE report_delivery ALTER COLUMN message_id SET NOT NULL;
ALTER TABLE report_delivery ALTER COLUMN next_attempt_at SET NOT NULL;
ALTER TABLE report_delivery ADD UNIQUE (id);
COMMENT ON COLUMN report_delivery.id              IS 'order in which mails were first queued';
COMMENT ON COLUMN report_delivery.message_id      IS 'Message-ID without brackets, given when it was queued and the same at every attempt';
COMMENT ON COLUMN report_delivery.next_attempt_at IS 'while PENDING; beyond the longest attempt while one is under way';
COMMENT ON COLUMN report_delivery.late            IS 'queued long after its time, which was missed';
DROP INDEX report_delivery_pending;
CREATE INDEX report_delivery_due ON report_delivery (next_attempt_at) WHERE status = 'PENDING';
COMMENT ON INDEX report_delivery_due IS 'mails to send now';

CREATE TABLE unsubscribe_token (
    token_hash      bytea PRIMARY KEY,
    subscription_id bigint NOT NULL REFERENCES report_subscription,
    recipient       text NOT NULL,
    made_at         timestamptz NOT NULL,
    used_at         timestamptz
);
COMMENT ON TABLE  unsubscribe_token            IS 'links to unsubscribe, one for each mail; they stay valid, since mails are kept';
COMMENT ON COLUMN unsubscribe_token.token_hash IS 'SHA-256 of the 256 random bits in the link';
COMMENT ON COLUMN unsubscribe_token.recipient  IS 'mail address it ends the subscription for';
COMMENT ON COLUMN unsubscribe_token.used_at    IS 'first use; null: none';

ALTER TABLE alert_delivery ADD COLUMN message_id text;
COMMENT ON COLUMN alert_delivery.message_id IS 'of a mail: Message-ID without brackets, given before the first attempt and the same at every one; null before, and for webhooks';
COMMENT ON COLUMN alert_delivery.channel    IS 'MAIL: delivered by alert.MailDeliveries; WEBHOOK: by alert.WebhookDeliveries';
