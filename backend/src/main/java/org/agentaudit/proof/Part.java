package org.agentaudit.proof;

import java.nio.charset.StandardCharsets;

/// The parts of an event's content that are committed to one by one, with their numbers from 1 in
/// this order. Numbers and names are part of the format and never change.
public enum Part {
    PARAMS("params"),
    RESULT("result"),
    REASONING("reasoning"),
    DECISION("decision"),
    ERROR_MESSAGE("error_message"),
    USER_ID("user_id"),
    SUMMARY("summary"),
    UNMAPPED("unmapped");

    private static final Part[] ALL = values();

    private final String partName;
    private final byte[] utf8;

    Part(String partName) {
        this.partName = partName;
        this.utf8 = partName.getBytes(StandardCharsets.UTF_8);
    }

    /// How the part is named in commitments and in the leaf.
    public String partName() {
        return partName;
    }

    /// How the part is numbered in the stored form of commitments.
    int number() {
        return ordinal() + 1;
    }

    /// Shared, not to be changed.
    byte[] utf8() {
        return utf8;
    }

    /// How many parts there are.
    static int count() {
        return ALL.length;
    }

    /// @param number from 1
    static Part of(int number) {
        return ALL[number - 1];
    }
}
