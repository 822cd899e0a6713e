package org.agentaudit.retention;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.query.BadInputException;

/// Shortest lives that a rule book asks for (setting `PORTAL_RETENTION_PROFILE`). They raise the
/// days of tiers and lower none. They are floors for events; content has its own, shorter life,
/// since none of them asks for personal data in the record.
public enum RetentionProfile {

    /// No floor.
    NONE("no floor", 0, 0, 0, 0),

    /// The tiers of the source documents themselves: debug 7, info 30, compliance 365, critical 730
    /// days. With it, settings may lengthen lives and not shorten them.
    SEED("tiers of the source documents", 7, 30, 365, 730),

    /// Regulation (EU) 2024/1689, Art. 19(1) (providers) and Art. 26(6) (deployers): logs that a
    /// high-risk AI system generates are kept for at least six months. Six months have up to 184
    /// days. Every event is such a log, so the floor applies to every tier.
    EU_AI_ACT("EU AI Act Art. 19(1) and 26(6), six months", 184, 184, 184, 184),

    /// PCI DSS 4.0.1, requirement 10.5.1: audit log history is kept for at least twelve months,
    /// the latest three at hand. Twelve months have up to 366 days. Applies to every tier; what is
    /// in the store is at hand.
    PCI_DSS("PCI DSS 10.5.1, twelve months", 366, 366, 366, 366),

    /// 45 CFR 164.316(b)(2)(i): documentation of actions, activities and assessments that
    /// 164.316(b)(1)(ii) asks for is kept for six years, which have up to 2,192 days. Applies to
    /// what documents decisions, interventions, security and failures: tiers COMPLIANCE and
    /// CRITICAL. How long raw activity records (164.312(b)) live is left to the covered entity;
    /// `PORTAL_RETENTION_FLOOR_DAYS` sets it.
    HIPAA("HIPAA 45 CFR 164.316(b)(2)(i), six years", 0, 0, 2192, 2192);

    private final String source;
    private final int debugDays;
    private final int infoDays;
    private final int complianceDays;
    private final int criticalDays;

    RetentionProfile(
            String source, int debugDays, int infoDays, int complianceDays, int criticalDays) {
        this.source = source;
        this.debugDays = debugDays;
        this.infoDays = infoDays;
        this.complianceDays = complianceDays;
        this.criticalDays = criticalDays;
    }

    /// Rule and clause, in words.
    public String source() {
        return source;
    }

    /// Fewest days an event of the tier lives; 0 where the rule asks for nothing.
    public int floorDays(RetentionTier tier) {
        return switch (tier) {
            case DEBUG -> debugDays;
            case INFO -> infoDays;
            case COMPLIANCE -> complianceDays;
            case CRITICAL -> criticalDays;
        };
    }

    /// The name used in settings: `eu-ai-act`.
    public String settingName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Those of a list with commas, without [#NONE].
    ///
    /// @throws BadInputException when there is no profile of one of the names
    public static List<RetentionProfile> listed(String names) {
        return Arrays.stream(names.split(",", -1))
                .filter(name -> !name.isBlank())
                .map(RetentionProfile::named)
                .filter(named -> named != NONE)
                .distinct()
                .toList();
    }

    /// @throws BadInputException when there is no profile of that name
    static RetentionProfile named(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT).replace('_', '-');
        return Arrays.stream(values())
                .filter(profile -> profile.settingName().equals(wanted))
                .findFirst()
                .orElseThrow(
                        () ->
                                new BadInputException(
                                        "There is no profile '%s'; it takes %s, several separated by commas."
                                                .formatted(name.strip(), names())));
    }

    private static String names() {
        return Arrays.stream(values())
                .map(RetentionProfile::settingName)
                .collect(Collectors.joining(", "));
    }
}
