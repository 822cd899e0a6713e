package org.agentaudit.proof;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.agentaudit.event.Envelope;
import org.jspecify.annotations.Nullable;

/// Makes leaves and commitments, and checks them; see the package's documentation for the format.
/// One per batch of events: it keeps its buffers. Not thread-safe.
public final class Prover {
    /// Length of a salt.
    public static final int SALT_BYTES = 16;

    /// Length of a leaf.
    public static final int LEAF_BYTES = Commitments.HASH_BYTES;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int HMAC_BLOCK_BYTES = 64;
    private static final int SALTS_AT_ONCE = 256;
    private static final Part[] PARTS = Part.values();
    private static final byte LEAF_PREFIX = 0;

    private final MessageDigest sha256 = sha256();
    private final StringBuilder text = new StringBuilder(1024);
    private final byte[] block = new byte[HMAC_BLOCK_BYTES];
    private final byte[] hash = new byte[Commitments.HASH_BYTES];
    private byte[] salts = new byte[0];
    private int saltsUsed;

    /// What is stored with a new event, with a salt of its own.
    ///
    /// @throws IllegalArgumentException when a value of the envelope has no place in the format: a
    ///     number that is not finite, a time finer than microseconds
    public EventProof prove(Envelope envelope, ContentParts parts) {
        byte[] salt = parts.isEmpty() ? null : newSalt();
        byte[] commitments = salt == null ? null : commit(salt, parts);
        return new EventProof(salt, commitments, leaf(envelope, commitments));
    }

    /// The leaf of an event: SHA-256 of a zero byte and the event's text (RFC 6962, 2.1).
    ///
    /// @param commitments in stored form; null when no part was stated
    /// @throws IllegalArgumentException as [#prove], and when the commitments have another form
    public byte[] leaf(Envelope envelope, byte @Nullable [] commitments) {
        sha256.update(LEAF_PREFIX);
        return sha256.digest(canonical(envelope, commitments).getBytes(StandardCharsets.UTF_8));
    }

    /// The text that a leaf is the hash of.
    ///
    /// @throws IllegalArgumentException as [#leaf]
    public String canonical(Envelope envelope, byte @Nullable [] commitments) {
        text.setLength(0);
        if (commitments != null) {
            Commitments.require(commitments);
        }
        LeafText.write(envelope, commitments, text);
        return text.toString();
    }

    /// Commitments to the stated parts, in stored form; null when no part is stated.
    public byte @Nullable [] commit(byte[] salt, ContentParts parts) {
        byte[] commitments = new byte[PARTS.length * Commitments.ENTRY_BYTES];
        int end = 0;
        for (Part part : PARTS) {
            String value = parts.get(part);
            if (value != null) {
                commitments[end] = (byte) part.number();
                commit(salt, part, value, commitments, end + 1);
                end += Commitments.ENTRY_BYTES;
            }
        }
        return end == 0 ? null : Arrays.copyOf(commitments, end);
    }

    /// Parts that are not what was committed to: changed, added or gone.
    ///
    /// @param salt null when it is missing; without 16 bytes no stated part can be right
    public Set<Part> changed(
            byte @Nullable [] salt, ContentParts parts, byte @Nullable [] commitments) {
        EnumSet<Part> changed = EnumSet.noneOf(Part.class);
        byte[] found = new byte[Commitments.HASH_BYTES];
        for (Part part : PARTS) {
            String value = parts.get(part);
            int at = commitments == null ? -1 : Commitments.indexOf(commitments, part);
            if (value == null || at < 0 || salt == null || salt.length != SALT_BYTES) {
                if (value != null || at >= 0) {
                    changed.add(part);
                }
                continue;
            }
            commit(salt, part, value, found, 0);
            if (!Arrays.equals(
                    found, 0, found.length, commitments, at, at + Commitments.HASH_BYTES)) {
                changed.add(part);
            }
        }
        return changed;
    }

    private void commit(byte[] salt, Part part, String value, byte[] target, int at) {
        hmac(salt, part.utf8());
        sha256.update(hash, 0, SALT_BYTES);
        sha256.update(value.getBytes(StandardCharsets.UTF_8));
        digest(target, at);
    }

    /// HMAC-SHA-256 (RFC 2104) into `hash`: written out, since setting up a `Mac` for every event
    /// costs more than the hashing.
    private void hmac(byte[] key, byte[] message) {
        pad(key, (byte) 0x36);
        sha256.update(block);
        sha256.update(message);
        digest(hash, 0);
        pad(key, (byte) 0x5c);
        sha256.update(block);
        sha256.update(hash);
        digest(hash, 0);
    }

    private void pad(byte[] key, byte with) {
        Arrays.fill(block, with);
        for (int i = 0; i < key.length; i++) {
            block[i] ^= key[i];
        }
    }

    private void digest(byte[] target, int at) {
        try {
            sha256.digest(target, at, Commitments.HASH_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("32 bytes hold a SHA-256 hash", e);
        }
    }

    /// Random bytes come in blocks: one for a single event, many for a batch.
    private byte[] newSalt() {
        if (saltsUsed == salts.length) {
            salts = new byte[SALT_BYTES * (salts.length == 0 ? 1 : SALTS_AT_ONCE)];
            RANDOM.nextBytes(salts);
            saltsUsed = 0;
        }
        saltsUsed += SALT_BYTES;
        return Arrays.copyOfRange(salts, saltsUsed - SALT_BYTES, saltsUsed);
    }

    /// SHA-256, which every Java has.
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
