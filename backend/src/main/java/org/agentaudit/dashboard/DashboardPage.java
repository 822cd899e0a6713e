package org.agentaudit.dashboard;

import java.time.Instant;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.report.DailySummary;

/// The live dashboard; model of `views/dashboard/home.html`.
///
/// @param day     today so far
/// @param verdict of today's checks
/// @param today   today's checks and work in one sentence
public record DashboardPage(
        LivePage live, DailySummary day, Verdict verdict, String today, Instant madeAt) {}
