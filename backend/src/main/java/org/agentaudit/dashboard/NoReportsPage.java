package org.agentaudit.dashboard;

/// Home of viewers who may not read reports; model of `views/dashboard/no-reports.html`.
public record NoReportsPage(boolean administrator) {}
