package org.agentaudit.report.pdf;

import java.util.Locale;

/// What reports are printed on.
public enum PaperSize {
    A4,
    LETTER;

    String css() {
        return this == A4 ? "A4" : "letter";
    }

    /// @param text `A4` or `Letter`, in any case
    /// @throws IllegalArgumentException for anything else
    static PaperSize of(String text) {
        for (PaperSize size : values()) {
            if (size.name().equals(text.strip().toUpperCase(Locale.ROOT))) {
                return size;
            }
        }
        throw new IllegalArgumentException(
                "PORTAL_REPORT_PAGE must be A4 or Letter, not '" + text + "'.");
    }
}
