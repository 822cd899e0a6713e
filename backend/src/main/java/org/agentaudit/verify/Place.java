package org.agentaudit.verify;

import java.util.Arrays;
import java.util.BitSet;
import org.agentaudit.proof.Prover;
import org.agentaudit.store.Deletion;
import org.jspecify.annotations.Nullable;

/// A batch's leaves, and what deletions removed of it.
final class Place {
    private final byte @Nullable [] leaves;
    private final BitSet events = new BitSet();
    private final BitSet contents = new BitSet();

    /// @param leaves null when there is no row of leaves
    Place(byte @Nullable [] leaves) {
        this.leaves = leaves;
    }

    /// Positions whose event, or content, a deletion removed; to be added to.
    BitSet gone(Deletion.Kind kind) {
        return kind == Deletion.Kind.EVENT ? events : contents;
    }

    boolean hasLeaf(int position) {
        return leaves != null && (position + 1) * Prover.LEAF_BYTES <= leaves.length;
    }

    /// Whether it is the leaf at a position that has one.
    boolean isLeaf(int position, byte[] leaf) {
        int at = position * Prover.LEAF_BYTES;
        return leaves != null
                && Arrays.equals(leaves, at, at + Prover.LEAF_BYTES, leaf, 0, leaf.length);
    }

    int bytes() {
        return leaves == null ? 0 : leaves.length;
    }
}
