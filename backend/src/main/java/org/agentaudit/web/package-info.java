/// Plumbing shared by everything that answers over HTTP: page rendering and its layout, sign-in,
/// errors (RFC 9457), response headers, health. Start at [org.agentaudit.web.Pages] for a page and
/// at [org.agentaudit.web.Problems] for an error. Uses `access` and `database`.
@NullMarked
package org.agentaudit.web;

import org.jspecify.annotations.NullMarked;
