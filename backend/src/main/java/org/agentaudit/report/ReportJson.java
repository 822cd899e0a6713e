package org.agentaudit.report;

import org.agentaudit.web.DataFormat;

/// How a report record is written as a JSON file: times as ISO 8601, nothing left out, indented.
public final class ReportJson {

    private ReportJson() {}

    /// UTF-8.
    public static byte[] write(Object report) {
        return DataFormat.JSON.write(report);
    }
}
