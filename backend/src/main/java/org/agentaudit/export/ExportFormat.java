package org.agentaudit.export;

import java.util.Locale;

/// Forms in which events leave as a file.
public enum ExportFormat {
    CSV("csv", "text/csv; charset=utf-8; header=present"),
    JSONL("jsonl", "application/x-ndjson; charset=utf-8"),
    OCSF("ocsf.jsonl", "application/x-ndjson; charset=utf-8");

    private final String ending;
    private final String mediaType;

    ExportFormat(String ending, String mediaType) {
        this.ending = ending;
        this.mediaType = mediaType;
    }

    /// Without a dot.
    public String ending() {
        return ending;
    }

    String mediaType() {
        return mediaType;
    }

    /// As on the command line.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
