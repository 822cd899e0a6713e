/// Events as files: JSON lines, CSV and OCSF, streamed page by page. Start from
/// [org.agentaudit.export.EventExport].
@NullMarked
package org.agentaudit.export;

import org.jspecify.annotations.NullMarked;
