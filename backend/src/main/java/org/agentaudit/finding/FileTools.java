package org.agentaudit.finding;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which tools read, write and search files, and what a call's arguments say of the file. Names are
/// compared without regard to case.
final class FileTools {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> PATH_MEMBERS =
            List.of("file_path", "path", "filepath", "filename", "file", "notebook_path");

    /// Members that limit a read to a part of the file.
    private static final List<String> RANGE_MEMBERS =
            List.of(
                    "offset",
                    "limit",
                    "start_line",
                    "end_line",
                    "line_start",
                    "line_end",
                    "view_range",
                    "pages");

    private final Set<String> readers;
    private final Set<String> writers;
    private final Set<String> searchers;

    FileTools(Set<String> readers, Set<String> writers, Set<String> searchers) {
        this.readers = lower(readers);
        this.writers = lower(writers);
        this.searchers = lower(searchers);
    }

    /// What a call is about.
    ///
    /// @param range what limits it to a part of the file; empty for the whole
    record Target(String path, String range) {

        /// Last part of the path.
        String name() {
            String[] parts = path.split("[/\\\\]");
            return parts.length == 0 ? path : parts[parts.length - 1];
        }
    }

    boolean reads(String tool) {
        return readers.contains(tool.toLowerCase(Locale.ROOT));
    }

    boolean writes(String tool) {
        return writers.contains(tool.toLowerCase(Locale.ROOT));
    }

    boolean searches(String tool) {
        return searchers.contains(tool.toLowerCase(Locale.ROOT));
    }

    /// The file that the arguments name; empty when they name none or are no object.
    static Optional<Target> target(@Nullable String params) {
        JsonNode object = parse(params);
        if (object == null) {
            return Optional.empty();
        }
        String path = null;
        for (String member : PATH_MEMBERS) {
            JsonNode value = object.get(member);
            if (value != null && value.isTextual() && !value.textValue().isBlank()) {
                path = value.textValue();
                break;
            }
        }
        if (path == null) {
            return Optional.empty();
        }
        StringBuilder range = new StringBuilder();
        for (String member : RANGE_MEMBERS) {
            JsonNode value = object.get(member);
            if (value != null && !value.isNull()) {
                range.append(member).append('=').append(value).append(';');
            }
        }
        return Optional.of(new Target(path, range.toString()));
    }

    private static @Nullable JsonNode parse(@Nullable String params) {
        if (params == null) {
            return null;
        }
        try {
            return JSON.readTree(params);
        } catch (JsonProcessingException e) {
            return null; // cut because it was very long: no file can be told
        }
    }

    private static Set<String> lower(Set<String> names) {
        return names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }
}
