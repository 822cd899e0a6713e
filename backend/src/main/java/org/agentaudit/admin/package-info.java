/// Administration: who may do what, what redaction takes out, which limits hold, whether the portal
/// is well, and the access log. Numbers and settings, never events; start at [AdminController].
@NullMarked
package org.agentaudit.admin;

import org.jspecify.annotations.NullMarked;
