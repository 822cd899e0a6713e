/// Start of the portal.
@NullMarked
package org.agentaudit;

import org.jspecify.annotations.NullMarked;
