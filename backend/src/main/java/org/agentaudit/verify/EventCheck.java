package org.agentaudit.verify;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.proof.Part;
import org.agentaudit.proof.Prover;
import org.agentaudit.store.Arrival;
import org.agentaudit.store.Deletion;
import org.agentaudit.verify.Difference.Kind;
import org.agentaudit.verify.VerifyRepository.Row;
import org.jspecify.annotations.Nullable;

/// Compares one stored event after the other with its leaf, its key and the deletion records. Not
/// thread-safe.
final class EventCheck {
    /// How far the portal's clock may lie behind the database's.
    private static final Duration CLOCKS = Duration.ofMinutes(5);

    private final VerifyRepository.Extent extent;
    private final Places places;
    private final Findings findings;
    private final Prover prover = new Prover();
    private long covered;
    private long uncovered;
    private long contents;
    private long fittingKeys;
    private long removedContents;

    EventCheck(VerifyRepository.Extent extent, Places places, Findings findings) {
        this.extent = extent;
        this.places = places;
        this.findings = findings;
    }

    void check(Row row) throws SQLException {
        Place place = places.of(Arrival.batch(row.arrival()));
        if (Arrival.batch(row.arrival()) < extent.firstBatch()) {
            uncovered(row);
        } else {
            covered++;
            leaf(row, place);
        }
        if (place.gone(Deletion.Kind.EVENT).get(Arrival.position(row.arrival()))) {
            differs(row, Kind.EVENT_KEPT, "a deletion record says that the event was removed");
        }
        content(row, place);
        key(row);
    }

    /// Events whose leaf was looked at.
    long covered() {
        return covered;
    }

    /// Events stored before leaves were written.
    long uncovered() {
        return uncovered;
    }

    /// Events with a content.
    long contents() {
        return contents;
    }

    /// Events with a key that names them.
    long fittingKeys() {
        return fittingKeys;
    }

    /// Contents that are gone and accounted for.
    long removedContents() {
        return removedContents;
    }

    private void uncovered(Row row) {
        uncovered++;
        AuditEvent event = row.event();
        if (event == null) {
            differs(row, Kind.EVENT_CHANGED, "a column holds what no event can hold");
        } else if (event.envelope().receivedAt().isAfter(extent.since().plus(CLOCKS))) {
            differs(
                    row,
                    Kind.EVENT_ADDED,
                    "it was received when leaves were written, yet its place is before the first leaf");
        }
    }

    private void leaf(Row row, Place place) {
        int position = Arrival.position(row.arrival());
        if (!place.hasLeaf(position)) {
            differs(row, Kind.EVENT_ADDED, "there is no leaf for its place");
            return;
        }
        byte[] leaf = leaf(row, row.commitments());
        if (leaf == null) {
            differs(row, Kind.EVENT_CHANGED, "a column holds what no event can hold");
        } else if (!place.isLeaf(position, leaf)) {
            byte[] remade = leaf(row, remadeCommitments(row));
            if (remade != null && place.isLeaf(position, remade)) {
                differs(
                        row,
                        Kind.COMMITMENTS_CHANGED,
                        "the commitments changed; envelope and content are as they were stored");
            } else {
                differs(
                        row,
                        Kind.EVENT_CHANGED,
                        "the envelope is not the one its leaf was made of (or the leaf was changed)");
            }
        } else if (!row.regular()) {
            differs(
                    row,
                    Kind.EVENT_CHANGED,
                    "a column is filled in that has no meaning for such an event");
        }
    }

    private byte @Nullable [] remadeCommitments(Row row) {
        byte[] salt = row.salt();
        return salt == null || row.parts() == null ? null : prover.commit(salt, row.parts());
    }

    /// Null when there can be none: a column holds what no event can hold.
    private byte @Nullable [] leaf(Row row, byte @Nullable [] commitments) {
        AuditEvent event = row.event();
        try {
            return event == null ? null : prover.leaf(event.envelope(), commitments);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private void content(Row row, Place place) {
        int position = Arrival.position(row.arrival());
        boolean removed =
                place.gone(Deletion.Kind.CONTENT).get(position)
                        || place.gone(Deletion.Kind.EVENT).get(position);
        if (row.parts() == null) {
            if (removed) {
                removedContents++;
            } else {
                differs(
                        row,
                        Kind.CONTENT_MISSING,
                        "its content is missing, and no deletion record accounts for it");
            }
            return;
        }
        contents++;
        if (place.gone(Deletion.Kind.CONTENT).get(position)) {
            differs(row, Kind.CONTENT_KEPT, "a deletion record says that its content was removed");
        }
        if (Arrival.batch(row.arrival()) < extent.firstBatch()) {
            return;
        }
        Set<Part> changed = prover.changed(row.salt(), row.parts(), row.commitments());
        if (!changed.isEmpty()) {
            differs(
                    row,
                    Kind.CONTENT_CHANGED,
                    changed.stream().map(Part::partName).collect(Collectors.joining(", "))
                            + (changed.size() == 1 ? " does" : " do")
                            + " not match what was committed to: content, salt or commitment changed");
        } else if (row.commitments() == null && row.salt() != null) {
            differs(row, Kind.CONTENT_CHANGED, "a salt was added that keys nothing");
        }
    }

    private void key(Row row) {
        Boolean fits = row.keyFits();
        if (fits == null) {
            differs(row, Kind.KEY_MISSING, "its key is missing: it could be stored a second time");
        } else if (!fits) {
            differs(row, Kind.KEY_CHANGED, "its key names another trace or time");
        } else {
            fittingKeys++;
        }
    }

    private void differs(Row row, Kind kind, String what) {
        findings.at(kind, row.arrival(), row.id(), what);
    }
}
