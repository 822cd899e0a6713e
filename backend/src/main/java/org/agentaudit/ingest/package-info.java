/// Collection and normalisation: decodes every wire shape into one event, validates, redacts,
/// identifies and hands batches to the store; answers only after commit. Uses `event`, `pricing`,
/// `proof`, `store`, `access` and `web`.
@NullMarked
package org.agentaudit.ingest;

import org.jspecify.annotations.NullMarked;
