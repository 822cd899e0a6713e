package org.agentaudit.compliance;

import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agentaudit.query.BadInputException;
import org.jspecify.annotations.Nullable;

/// Settings of the checks (metrics "Compliance checks"): `PORTAL_LIMIT_<CHECK>_WARN` and `_FAIL`,
/// `PORTAL_TOKEN_BUDGET_PER_DAY`, `PORTAL_APPROVAL_TOOLS`, and the same for agents of a pattern,
/// `PORTAL_COMPLIANCE_AGENTS_<N>_…`. Of several patterns that an agent matches, the one with the
/// lowest number that says anything about a check decides for that check.
@Singleton
public final class CheckSettings {

    private static final Pattern OF_AGENTS =
            Pattern.compile("PORTAL_COMPLIANCE_AGENTS_(\\d{1,4})_([A-Z0-9_]+)");
    private static final Pattern LIMIT = Pattern.compile("LIMIT_([A-Z_]+)_(WARN|FAIL)");
    private static final Set<String> MEMBERS =
            Set.of("PATTERN", "CHECKS_OFF", "TOKEN_BUDGET_PER_DAY", "APPROVAL_TOOLS");

    private final Environment settings;
    private final Map<String, BigDecimal> limits = new HashMap<>();
    private final @Nullable Long tokenBudget;
    private final List<String> approvalTools;
    private final List<AgentRule> rules = new ArrayList<>();

    /// @throws BadInputException when a setting cannot be understood; the message names it
    public CheckSettings(Environment settings) {
        this.settings = settings;
        for (Check check : Checks.ALL) {
            for (String level : List.of("warn", "fail")) {
                String name = "portal.limit." + name(check.id()) + "-" + level;
                BigDecimal limit = number(variable(name), text(name));
                if (limit != null) {
                    limits.put(check.id() + "-" + level, limit);
                }
            }
        }
        this.tokenBudget =
                amount("PORTAL_TOKEN_BUDGET_PER_DAY", text("portal.token-budget-per-day"));
        this.approvalTools =
                settings.getProperty("portal.approval-tools", String[].class)
                        .map(tools -> names(String.join(",", tools)))
                        .orElse(List.of());
        ofAgents().forEach((number, members) -> rules.add(rule(number, members)));
    }

    /// The groups of agents that a check tells apart, at least one, the last of which takes the
    /// agents that no other does.
    List<AgentGroup> groups(Check check) {
        List<AgentGroup> groups = new ArrayList<>();
        List<String> before = new ArrayList<>();
        for (AgentRule rule : rules) {
            if (rule.sets(check.id())) {
                List<String> tools = rule.approvalTools();
                groups.add(
                        new AgentGroup(
                                rule.pattern(),
                                before,
                                rule.off().contains(check.id()),
                                limit(check, rule, "warn"),
                                limit(check, rule, "fail"),
                                check.id().equals(Checks.TOKEN_BUDGET) ? rule.tokenBudget() : null,
                                tools == null ? toolsOf(check) : tools));
                before.add(rule.pattern());
            }
        }
        groups.add(
                new AgentGroup(
                        null,
                        before,
                        false,
                        limit(check, null, "warn"),
                        limit(check, null, "fail"),
                        check.id().equals(Checks.TOKEN_BUDGET) ? tokenBudget : null,
                        toolsOf(check)));
        return groups;
    }

    /// The limits of every check as they are in force, with the variables that change them.
    public List<CheckLimits> inForce() {
        return Checks.ALL.stream()
                .map(
                        check ->
                                new CheckLimits(
                                        check.id(),
                                        check.title(),
                                        check.formula(),
                                        check.unit(),
                                        check.below(),
                                        groups(check).stream()
                                                .map(group -> inForce(check, group))
                                                .toList()))
                .toList();
    }

    private CheckLimits.Group inForce(Check check, AgentGroup group) {
        String start =
                rules.stream()
                        .filter(rule -> rule.pattern().equals(group.pattern()))
                        .map(rule -> "PORTAL_COMPLIANCE_AGENTS_" + rule.number() + "_LIMIT_")
                        .findFirst()
                        .orElse("PORTAL_LIMIT_");
        String name = start + variable(check.id());
        return new CheckLimits.Group(
                group.pattern(),
                group.off(),
                group.warnAt(),
                group.failAt(),
                name + "_WARN",
                name + "_FAIL",
                group.tokenBudget(),
                group.approvalTools());
    }

    /// All settings that a check is evaluated with, in words.
    String inWords(Check check) {
        return groups(check).stream().map(AgentGroup::settings).collect(Collectors.joining("; "));
    }

    private List<String> toolsOf(Check check) {
        return check.id().equals(Checks.TOOL_APPROVAL) ? approvalTools : List.of();
    }

    private @Nullable BigDecimal limit(Check check, @Nullable AgentRule rule, String level) {
        String key = check.id() + "-" + level;
        BigDecimal own = rule == null ? null : rule.limits().get(key);
        if (own != null) {
            return own;
        }
        return limits.getOrDefault(key, level.equals("warn") ? check.warnAt() : check.failAt());
    }

    /// Members that are set, in upper case, with their texts, by the number of their pattern. Read
    /// from where they are given: the framework takes `_1_` in a variable for an index, and there
    /// is no one name to ask it for.
    private SortedMap<Integer, Map<String, String>> ofAgents() {
        SortedMap<Integer, Map<String, String>> found = new TreeMap<>();
        settings.getPropertySources().stream()
                .sorted(Comparator.comparingInt(PropertySource::getOrder))
                .forEach(
                        source -> {
                            for (String given : source) {
                                Matcher name = OF_AGENTS.matcher(variable(given));
                                Object value = source.get(given);
                                if (name.matches() && value != null) {
                                    found.computeIfAbsent(
                                                    Integer.valueOf(name.group(1)),
                                                    n -> new TreeMap<>())
                                            .put(name.group(2), text(value));
                                }
                            }
                        });
        return found;
    }

    private static String text(Object value) {
        return value instanceof Collection<?> all
                ? all.stream().map(String::valueOf).collect(Collectors.joining(","))
                : value.toString().strip();
    }

    private static AgentRule rule(int number, Map<String, String> members) {
        String prefix = "PORTAL_COMPLIANCE_AGENTS_" + number + "_";
        Map<String, BigDecimal> own = new HashMap<>();
        members.forEach(
                (member, text) -> {
                    Matcher limit = LIMIT.matcher(member);
                    if (limit.matches()) {
                        String check =
                                check(prefix + member, limit.group(1).toLowerCase(Locale.ROOT));
                        BigDecimal value = number(prefix + member, text);
                        if (value != null) {
                            own.put(check + "-" + limit.group(2).toLowerCase(Locale.ROOT), value);
                        }
                    } else if (!MEMBERS.contains(member)) {
                        throw new BadInputException(
                                "%s is no setting: there are PATTERN, CHECKS_OFF, APPROVAL_TOOLS, TOKEN_BUDGET_PER_DAY and LIMIT_<CHECK>_WARN or _FAIL."
                                        .formatted(prefix + member));
                    }
                });
        String pattern = members.getOrDefault("PATTERN", "");
        if (pattern.isEmpty()) {
            throw new BadInputException(
                    prefix
                            + "PATTERN must say which agents the other settings are for, for instance ops/*.");
        }
        String tools = members.get("APPROVAL_TOOLS");
        AgentRule rule =
                new AgentRule(
                        number,
                        pattern,
                        own,
                        names(members.getOrDefault("CHECKS_OFF", "")).stream()
                                .map(id -> check(prefix + "CHECKS_OFF", id))
                                .collect(Collectors.toSet()),
                        amount(
                                prefix + "TOKEN_BUDGET_PER_DAY",
                                members.get("TOKEN_BUDGET_PER_DAY")),
                        tools == null ? null : names(tools));
        if (rule.tokenBudget() == null
                && Stream.of("-warn", "-fail")
                        .anyMatch(level -> own.containsKey(Checks.TOKEN_BUDGET + level))) {
            throw new BadInputException(
                    prefix
                            + "TOKEN_BUDGET_PER_DAY is missing: limits of the budget of some agents need a budget of their own.");
        }
        return rule;
    }

    private static String check(String setting, String id) {
        if (Checks.ALL.stream().noneMatch(check -> check.id().equals(id))) {
            throw new BadInputException("%s: there is no check '%s'.".formatted(setting, id));
        }
        return id;
    }

    private static @Nullable BigDecimal number(String variable, @Nullable String text) {
        try {
            return text == null || text.isEmpty() ? null : new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw wrong(variable, text, "a number such as 0.05");
        }
    }

    private static @Nullable Long amount(String variable, @Nullable String text) {
        try {
            Long amount = text == null || text.isEmpty() ? null : Long.valueOf(text);
            if (amount != null && amount < 1) {
                throw wrong(variable, text, "a whole number from 1");
            }
            return amount;
        } catch (NumberFormatException e) {
            throw wrong(variable, text, "a whole number from 1");
        }
    }

    private static BadInputException wrong(
            String variable, @Nullable String text, String expected) {
        return new BadInputException(
                "%s is '%s', but it must be %s.".formatted(variable, text, expected));
    }

    /// Names separated by commas.
    private static List<String> names(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private @Nullable String text(String setting) {
        return settings.getProperty(setting, String.class).map(String::strip).orElse(null);
    }

    /// As in a property: `error_rate` becomes `error-rate`.
    private static String name(String id) {
        return id.replace('_', '-');
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
    }
}
