package org.agentaudit.report.pdf;

/// Hears how far a PDF has got.
@FunctionalInterface
public interface PrintProgress {

    /// Nobody listens.
    PrintProgress NONE = (done, of) -> {};

    /// @param done pages that are drawn
    /// @param of   all pages; 0 while the document is still being laid out
    void pages(int done, int of);
}
