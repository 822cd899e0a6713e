/// Print output: our own Thymeleaf templates to well-formed XHTML, XHTML to PDF/A with real text,
/// tags and embedded fonts, in the process and without any access to network or files (architecture
/// 12, 19). Start at [org.agentaudit.report.pdf.PrintRenderer]. Knows nothing of reports beyond
/// `web`'s formats.
@NullMarked
package org.agentaudit.report.pdf;

import org.jspecify.annotations.NullMarked;
