package org.agentaudit.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import jakarta.inject.Singleton;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Viewer;

/// Answers with files to keep. The access log knows of each before it leaves.
@Singleton
public class Downloads {

    private static final int NAME_LENGTH = 60;

    private final AccessLog accessLog;

    Downloads(AccessLog accessLog) {
        this.accessLog = accessLog;
    }

    /// The data of a report.
    ///
    /// @param address of the report's page with its period, without an ending
    /// @param name    of the file, without its ending; whatever it holds is made harmless
    /// @param record  as the viewer may see it
    public HttpResponse<byte[]> data(
            Viewer viewer, String address, String name, DataFormat format, Object record) {
        return file(
                viewer,
                Links.withEnding(address, format.ending()),
                name,
                format.ending(),
                format.mediaType(),
                format.write(record));
    }

    /// Any file.
    ///
    /// @param target for the access log: the address of the file
    public HttpResponse<byte[]> file(
            Viewer viewer,
            String target,
            String name,
            String ending,
            MediaType type,
            byte[] content) {
        accessLog.record(viewer, AccessAction.EXPORTED, target, null);
        return HttpResponse.ok(content)
                .contentType(type)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"" + harmless(name) + "." + ending + "\"")
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /// A name that is harmless in a header and on every disk.
    static String harmless(String name) {
        String cut = name.length() <= NAME_LENGTH ? name : name.substring(0, NAME_LENGTH);
        return cut.replaceAll("[^A-Za-z0-9_-]", "_");
    }
}
