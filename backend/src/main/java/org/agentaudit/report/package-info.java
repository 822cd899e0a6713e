/// One record per report kind and its assembler; page, GraphQL, PDF and file render that record.
/// Uses `event`, `query`, `analysis`, `finding`, `compliance`, `access` and `web`.
@NullMarked
package org.agentaudit.report;

import org.jspecify.annotations.NullMarked;
