/// Mail: what one message is, and how it reaches the SMTP server of the settings. Knows nothing of
/// reports or alerts. Start at [org.agentaudit.mail.MailContent]. Uses no other package.
@NullMarked
package org.agentaudit.mail;

import org.jspecify.annotations.NullMarked;
