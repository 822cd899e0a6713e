/// Identity and access control (NIST SP 800-53 AC-3, AU-9, AU-12): who a viewer is, what the viewer
/// may see, the one masking of event content, sessions, API keys and the access log. Start at
/// [org.agentaudit.access.Viewer]. Uses only `event`.
@NullMarked
package org.agentaudit.access;

import org.jspecify.annotations.NullMarked;
