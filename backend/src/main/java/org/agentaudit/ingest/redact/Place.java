package org.agentaudit.ingest.redact;

import org.jspecify.annotations.Nullable;

/// What the names around a text say of it.
///
/// @param rule null when they do not say that it is a secret
public record Place(SecretNames.@Nullable Rule rule) {
    /// Nothing is known.
    public static final Place TOP = new Place(null);
}
