/// The compliance report for people: its pages, its files and OSCAL. Start at
/// [org.agentaudit.report.compliance.CompliancePages]. States what logs show about named checks and
/// controls, never that a law is met.
@NullMarked
package org.agentaudit.report.compliance;

import org.jspecify.annotations.NullMarked;
