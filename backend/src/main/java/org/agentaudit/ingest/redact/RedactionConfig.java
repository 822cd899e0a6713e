package org.agentaudit.ingest.redact;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.util.List;

/// What is taken out of events before they are stored, beyond and against the built-in rules.
///
/// @param keys          further names whose text values are secrets, in any spelling
/// @param patterns further patterns, one `name=pattern` per line in RE2 syntax; the first group,
///     else the whole match, is the secret
/// @param off           detectors that are switched off
/// @param email         e-mail addresses are taken out too
/// @param allowedKeys   names whose values stay, in any spelling
/// @param allowedValues values that stay wherever they are found
@ConfigurationProperties("portal.redaction")
public record RedactionConfig(
        @Bindable(defaultValue = "") List<String> keys,
        @Bindable(defaultValue = "") String patterns,
        @Bindable(defaultValue = "") List<String> off,
        @Bindable(defaultValue = "false") boolean email,
        @Bindable(defaultValue = "") List<String> allowedKeys,
        @Bindable(defaultValue = "") List<String> allowedValues) {

    /// Longest name of a detector.
    static final int LONGEST_NAME = 32;

    /// The built-in rules alone.
    public static final RedactionConfig DEFAULT =
            new RedactionConfig(List.of(), "", List.of(), false, List.of(), List.of());

    public RedactionConfig {
        keys = stated(keys);
        off = stated(off);
        allowedKeys = stated(allowedKeys);
        allowedValues = stated(allowedValues);
    }

    private static List<String> stated(List<String> values) {
        return values.stream().map(String::strip).filter(value -> !value.isEmpty()).toList();
    }
}
