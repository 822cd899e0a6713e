package org.agentaudit.access;

import com.google.re2j.Pattern;
import java.util.List;

/// The agents a viewer is limited to, for events already in memory; [Viewer#scopeLikePatterns] is
/// the same for SQL.
public final class AgentScope {

    private final List<Pattern> patterns;

    private AgentScope(List<Pattern> patterns) {
        this.patterns = patterns;
    }

    public static AgentScope of(Viewer viewer) {
        return ofPatterns(viewer.agentScope());
    }

    /// @param patterns as in [Viewer#agentScope]; none includes all agents
    public static AgentScope ofPatterns(List<String> patterns) {
        return new AgentScope(
                patterns.stream()
                        .map(pattern -> Pattern.compile(regex(pattern), Pattern.DOTALL))
                        .toList());
    }

    /// Patterns of agent ids as SQL `LIKE` patterns with `\` as the escape character.
    public static String[] likePatterns(List<String> patterns) {
        return patterns.stream()
                .map(
                        pattern ->
                                pattern.replace("\\", "\\\\")
                                        .replace("%", "\\%")
                                        .replace("_", "\\_")
                                        .replace('*', '%'))
                .toArray(String[]::new);
    }

    /// Whether the viewer may see what the agent did.
    public boolean includes(String agentId) {
        return patterns.isEmpty()
                || patterns.stream().anyMatch(pattern -> pattern.matches(agentId));
    }

    private static String regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            regex.append(c == '*' ? ".*" : Pattern.quote(String.valueOf(c)));
        }
        return regex.toString();
    }
}
