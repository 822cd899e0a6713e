/// Control assessment (NIST SP 800-53 AU-6): the named checks, their limits and the one function
/// that turns a measurement into a verdict. Uses `event`, `query`, `analysis`,
/// `finding`, `retention` and `access`.
@NullMarked
package org.agentaudit.compliance;

import org.jspecify.annotations.NullMarked;
