/// Decoders of the four line shapes of the seed documents and how a line's shape is told from its
/// content. Start at [org.agentaudit.ingest.jsonl.LineDecoder]. Uses `event` and `ingest.normal`.
@NullMarked
package org.agentaudit.ingest.jsonl;

import org.jspecify.annotations.NullMarked;
