package org.agentaudit.ingest.redact;

/// Where a secret stands in a text.
///
/// @param from     first character
/// @param to       behind the last one
/// @param detector what found it
record Span(int from, int to, String detector) {}
