package org.agentaudit;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.agentaudit.event.SourceFormat;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The shapes of lines that are decoded, as they are named on the command line.
final class LineFormat implements ITypeConverter<SourceFormat>, Iterable<String> {
    private static final List<SourceFormat> DECODED =
            List.of(
                    SourceFormat.AUDIT_EVENT,
                    SourceFormat.LOG_ENTRY,
                    SourceFormat.SESSION_EVENT,
                    SourceFormat.REQUEST_LOG,
                    SourceFormat.CLAUDE_CODE_HOOK,
                    SourceFormat.CLAUDE_CODE_TRANSCRIPT);

    @Override
    public SourceFormat convert(String name) {
        return DECODED.stream()
                .filter(format -> format.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new TypeConversionException(
                                        "'%s' is not a shape that can be imported; choose one of %s."
                                                .formatted(name, String.join(", ", names()))));
    }

    @Override
    public Iterator<String> iterator() {
        return names().iterator();
    }

    private static List<String> names() {
        return DECODED.stream().map(format -> format.name().toLowerCase(Locale.ROOT)).toList();
    }
}
