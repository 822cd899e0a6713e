-- What is known of an incident beside its state, who changed what, and which reports were made of it.

ALTER TABLE incident ADD COLUMN aware_at timestamptz;
UPDATE incident SET aware_at = opened_at;
ALTER TABLE incident ALTER COLUMN aware_at SET NOT NULL;
ALTER TABLE incident ADD CONSTRAINT incident_aware_at_check CHECK (aware_at <= opened_at);
ALTER TABLE incident ADD COLUMN duties text[];
ALTER TABLE incident ADD COLUMN alert_id bigint;
ALTER TABLE incident ADD COLUMN finding_id uuid;
ALTER TABLE incident ADD COLUMN version integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN incident.aware_at   IS 'since when somebody knew: reporting times count from here; at the latest when it was opened';
COMMENT ON COLUMN incident.duties     IS 'ids of the reporting times that people say apply (incident/reporting-times.json); empty: none does; null: nobody has said yet';
COMMENT ON COLUMN incident.alert_id   IS 'alert it was opened from; null: none';
COMMENT ON COLUMN incident.finding_id IS 'finding it was opened from, which may have gone since; null: none';
COMMENT ON COLUMN incident.version    IS 'changes so far: who edits an older state is told';

CREATE TABLE incident_step (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id bigint NOT NULL REFERENCES incident,
    at          timestamptz NOT NULL,
    actor       text NOT NULL,
    what        text NOT NULL
);
COMMENT ON TABLE  incident_step       IS 'changes of an incident in words, without the texts that may quote content; never changed';
COMMENT ON COLUMN incident_step.actor IS 'user name';
COMMENT ON COLUMN incident_step.what  IS 'for people, for instance: status OPEN to INVESTIGATING';
CREATE INDEX incident_step_incident ON incident_step (incident_id, id);
COMMENT ON INDEX incident_step_incident IS 'changes of an incident, oldest first';

CREATE TABLE incident_report (
    report_id   uuid PRIMARY KEY,
    incident_id bigint NOT NULL REFERENCES incident,
    format      text COLLATE "C" NOT NULL,
    made_at     timestamptz NOT NULL,
    made_by     text NOT NULL
);
COMMENT ON TABLE  incident_report           IS 'reports made of an incident: a paper can be told from a later one';
COMMENT ON COLUMN incident_report.report_id IS 'as printed in the report';
COMMENT ON COLUMN incident_report.format    IS 'ending of the file, for instance pdf';
COMMENT ON COLUMN incident_report.made_by   IS 'user name';
CREATE INDEX incident_report_incident ON incident_report (incident_id, made_at);
COMMENT ON INDEX incident_report_incident IS 'reports of an incident, by time';
