package org.agentaudit.graphql;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The two media types an answer can have (GraphQL over HTTP).
enum AnswerType {
    GRAPHQL_RESPONSE("graphql-response+json"),
    /// What clients from before the specification expect: 200 for every well-formed request.
    JSON("json");

    private final String subtype;

    AnswerType(String subtype) {
        this.subtype = subtype;
    }

    String contentType() {
        return "application/" + subtype + "; charset=utf-8";
    }

    /// The type with the highest quality; among equals the one that is named rather than met by a
    /// wildcard, and of two named ones [#GRAPHQL_RESPONSE].
    ///
    /// @param accept values of the Accept header, may be empty
    /// @return null when neither is acceptable
    static @Nullable AnswerType accepted(List<String> accept) {
        String ranges = String.join(",", accept);
        if (ranges.isBlank()) {
            return JSON;
        }
        Match modern = GRAPHQL_RESPONSE.match(ranges);
        Match legacy = JSON.match(ranges);
        if (modern.quality() == 0 && legacy.quality() == 0) {
            return null;
        }
        if (modern.quality() != legacy.quality()) {
            return modern.quality() > legacy.quality() ? GRAPHQL_RESPONSE : JSON;
        }
        return modern.precision() == Match.NAMED ? GRAPHQL_RESPONSE : JSON;
    }

    /// How well a type meets the ranges: the most precise range that names it decides.
    ///
    /// @param precision 0 for none, 1 for `*/*`, 2 for `application/*`, 3 for the type itself
    private record Match(int precision, double quality) {
        static final int NAMED = 3;
        static final Match NONE = new Match(0, 0);
    }

    private Match match(String ranges) {
        Match best = Match.NONE;
        for (String range : ranges.split(",")) {
            String[] parts = range.split(";");
            int precision = precision(parts[0].strip().toLowerCase(Locale.ROOT));
            if (precision > best.precision()) {
                best = new Match(precision, quality(parts));
            }
        }
        return best;
    }

    private int precision(String range) {
        if (range.equals("application/" + subtype)) {
            return Match.NAMED;
        }
        return switch (range) {
            case "application/*" -> 2;
            case "*/*" -> 1;
            default -> 0;
        };
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("charset=") && !isUtf8(parameter)) {
                return 0;
            }
            if (parameter.startsWith("q=")) {
                try {
                    double quality = Double.parseDouble(parameter.substring(2).strip());
                    return quality >= 0 && quality <= 1 ? quality : 0;
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }

    private static boolean isUtf8(String parameter) {
        String charset = parameter.substring("charset=".length()).replace("\"", "").strip();
        return charset.equals("utf-8") || charset.equals("utf8");
    }
}
