package org.agentaudit.graphql;

import static java.util.Map.entry;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;

/// Which roles may call which root field (contract access.md), in one table. What is below a root
/// field is limited to the viewer's agent scope and masked by the read side itself.
final class RootFieldAccess {

    /// Roles of which one is enough.
    enum Rule {
        ANY_VIEWER(EnumSet.allOf(Role.class)),
        /// Reports, events, traces, sessions, live activity, alerts, incident reports.
        READERS(EnumSet.of(Role.COMPLIANCE_OFFICER, Role.SECURITY_ANALYST, Role.AUDITOR)),
        /// Open and work incidents, acknowledge alerts.
        INVESTIGATORS(EnumSet.of(Role.COMPLIANCE_OFFICER, Role.SECURITY_ANALYST)),
        /// Confirm that a day was examined, which is what the role is there for.
        REVIEWERS(EnumSet.of(Role.COMPLIANCE_OFFICER)),
        ALERT_RULES(EnumSet.of(Role.SECURITY_ANALYST)),
        REPORT_SUBSCRIPTIONS(EnumSet.of(Role.ADMIN, Role.COMPLIANCE_OFFICER)),
        ACCESS_LOG(EnumSet.of(Role.ADMIN, Role.COMPLIANCE_OFFICER, Role.AUDITOR)),
        /// What manages the portal, ingest included.
        ADMINISTRATORS(EnumSet.of(Role.ADMIN));

        private final Set<Role> roles;

        Rule(Set<Role> roles) {
            this.roles = roles;
        }

        boolean allows(Viewer viewer) {
            return viewer.roles().stream().anyMatch(roles::contains);
        }

        /// For people: `the role A, B or C`.
        String description() {
            String names = roles.stream().map(Role::name).collect(Collectors.joining(", "));
            int last = names.lastIndexOf(", ");
            return "the role "
                    + (last < 0
                            ? names
                            : names.substring(0, last) + " or " + names.substring(last + 2));
        }
    }

    private static final Map<String, Rule> RULES =
            Map.ofEntries(
                    entry("Query.me", Rule.ANY_VIEWER),
                    entry("Query.event", Rule.READERS),
                    entry("Query.events", Rule.READERS),
                    entry("Query.trace", Rule.READERS),
                    entry("Query.task", Rule.READERS),
                    entry("Query.session", Rule.READERS),
                    entry("Query.sessions", Rule.READERS),
                    entry("Query.agent", Rule.READERS),
                    entry("Query.agents", Rule.READERS),
                    entry("Query.dailySummary", Rule.READERS),
                    entry("Query.summaryReport", Rule.READERS),
                    entry("Query.toolUsageReport", Rule.READERS),
                    entry("Query.errorAnalysisReport", Rule.READERS),
                    entry("Query.usageReport", Rule.READERS),
                    entry("Query.tokenProfile", Rule.READERS),
                    entry("Query.costReport", Rule.READERS),
                    entry("Query.actionOutcomes", Rule.READERS),
                    entry("Query.complianceReport", Rule.READERS),
                    entry("Query.checkHistory", Rule.READERS),
                    entry("Query.regressions", Rule.READERS),
                    entry("Query.findings", Rule.READERS),
                    entry("Query.activity", Rule.READERS),
                    entry("Query.alertRules", Rule.ALERT_RULES),
                    entry("Query.dryRunAlertRule", Rule.ALERT_RULES),
                    entry("Query.alerts", Rule.READERS),
                    entry("Query.incident", Rule.READERS),
                    entry("Query.incidents", Rule.READERS),
                    entry("Query.reportSubscriptions", Rule.REPORT_SUBSCRIPTIONS),
                    entry("Query.accessLog", Rule.ACCESS_LOG),
                    entry("Query.quarantine", Rule.ADMINISTRATORS),
                    entry("Mutation.saveAlertRule", Rule.ALERT_RULES),
                    entry("Mutation.deleteAlertRule", Rule.ALERT_RULES),
                    entry("Mutation.acknowledgeAlert", Rule.INVESTIGATORS),
                    entry("Mutation.openIncident", Rule.INVESTIGATORS),
                    entry("Mutation.updateIncident", Rule.INVESTIGATORS),
                    entry("Mutation.saveReportSubscription", Rule.REPORT_SUBSCRIPTIONS),
                    entry("Mutation.deleteReportSubscription", Rule.REPORT_SUBSCRIPTIONS),
                    entry("Mutation.reviewDay", Rule.REVIEWERS),
                    entry("Mutation.sendReport", Rule.REPORT_SUBSCRIPTIONS),
                    entry("Subscription.eventStored", Rule.READERS),
                    entry("Subscription.alertChanged", Rule.READERS));

    private RootFieldAccess() {}

    static boolean isRoot(String type) {
        return switch (type) {
            case "Query", "Mutation", "Subscription" -> true;
            default -> false;
        };
    }

    /// @throws IllegalStateException for a root field nobody decided on: it must not be open by
    ///     accident
    static Rule of(String type, String field) {
        Rule rule = RULES.get(type + "." + field);
        if (rule == null) {
            throw new IllegalStateException("who may call " + type + "." + field + "?");
        }
        return rule;
    }

    /// `Type.field` of every field decided on.
    static Set<String> fields() {
        return RULES.keySet();
    }
}
