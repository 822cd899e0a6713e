/// What report mails say: a report becomes a [Digest], and that one record becomes the HTML part
/// and the text part, so that both tell the same. Start at [ReportDigests].
@NullMarked
package org.agentaudit.digest;

import org.jspecify.annotations.NullMarked;
