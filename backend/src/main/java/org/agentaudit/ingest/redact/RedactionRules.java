package org.agentaudit.ingest.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.micronaut.context.annotation.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.agentaudit.store.NewEvent;
import org.jspecify.annotations.Nullable;

/// The rules in force: the built-in detectors and what the settings add to them and take away.
/// Made once, at start, so that a wrong setting is told then; safe for any thread.
@Context
public final class RedactionRules {
    /// Changes whenever the built-in code finds other secrets than before.
    private static final int BUILT_IN = 4;

    private static final int MAX_PATTERNS = 50;
    private static final int MAX_PATTERN_LENGTH = 1_000;
    private static final int MAX_NAMES = 500;
    private static final int MAX_PLAIN = 8_192;
    private static final int LONGEST_PLAIN = 100;

    private final Set<String> detectors;
    private final Set<String> off;
    private final Set<String> allowedValues;
    private final Map<String, Pattern> patterns;
    private final SecretNames names;
    private final Marker marker;
    private final TextDetectors texts;
    private final int version;
    private final Set<String> plainNames = ConcurrentHashMap.newKeySet();

    /// @throws BadSettingException when the settings are wrong; the message says which and how
    RedactionRules(RedactionConfig config) {
        this.patterns = patterns(config);
        this.detectors = new TreeSet<>(builtIn());
        for (String name : patterns.keySet()) {
            if (!detectors.add(name)) {
                throw new BadSettingException(
                        "portal.redaction.patterns: '"
                                + name
                                + "' is a built-in detector: use another name");
            }
        }
        this.off = new HashSet<>(config.off());
        for (String name : off) {
            if (!detectors.contains(name)) {
                throw new BadSettingException(
                        "portal.redaction.off: there is no detector '"
                                + name
                                + "'; there are "
                                + detectors);
            }
        }
        if (config.keys().size() > MAX_NAMES
                || config.allowedKeys().size() > MAX_NAMES
                || config.allowedValues().size() > MAX_NAMES) {
            throw new BadSettingException(
                    "portal.redaction: at most " + MAX_NAMES + " keys and values in each list");
        }
        if (!config.email()) {
            off.add(Emails.DETECTOR);
        }
        this.allowedValues = Set.copyOf(config.allowedValues());
        this.names = new SecretNames(config.keys(), config.allowedKeys());
        this.marker = new Marker(detectors);
        this.texts = new TextDetectors(this, words(config.keys()));
        this.version = version(config);
    }

    /// Rules for what the settings say.
    ///
    /// @throws BadSettingException when they are wrong
    public static RedactionRules of(RedactionConfig config) {
        return new RedactionRules(config);
    }

    /// Names of all detectors that can fire, also those that are switched off; sorted.
    public Set<String> detectors() {
        return Set.copyOf(detectors);
    }

    /// Names of the detectors that the settings add, a part of [#detectors]; sorted.
    public Set<String> ownDetectors() {
        return new TreeSet<>(patterns.keySet());
    }

    /// Tells rules apart: two bytes of a hash over everything that decides what is redacted. The
    /// same line may come out differently only when this differs (once in 65,536 changes it does
    /// not).
    public int version() {
        return version;
    }

    /// The text without its secrets; the same object when it has none. Doing it again changes
    /// nothing.
    ///
    /// @param found told the name of each detector that fired
    public String redact(String text, Consumer<String> found) {
        return texts.redact(text, found);
    }

    /// What a member's name says of its value; null: nothing.
    SecretNames.@Nullable Rule rule(String name) {
        return names.rule(name);
    }

    /// The whole value of a member whose name has this rule is a secret.
    boolean isSecret(SecretNames.Rule rule, String value) {
        if (SecretValues.isPlaceholder(value) || !isOn(rule.detector()) || allowed(value)) {
            return false;
        }
        if (rule.likely()) {
            return SecretValues.isLikely(value);
        }
        return switch (rule.detector()) {
            case SecretNames.TOKEN -> !SecretValues.isCounter(value);
            case SecretNames.PRIVATE_KEY, SecretNames.CREDENTIAL -> !SecretValues.isPath(value);
            default -> true;
        };
    }

    /// A member's name that holds nothing to take out. Most names occur in every event, so what is
    /// found out is kept; agents may use names as data, so the memory is bounded.
    boolean isPlain(String name) {
        if (plainNames.contains(name)) {
            return true;
        }
        boolean plain =
                name.length() <= LONGEST_PLAIN
                        && Redactor.storable(name).equals(name)
                        && redact(name, detector -> {}).equals(name);
        if (plain && plainNames.size() < MAX_PLAIN) {
            plainNames.add(name);
        }
        return plain;
    }

    /// Whether a detector takes out what it finds.
    public boolean isOn(String detector) {
        return !off.contains(detector);
    }

    boolean allowed(String value) {
        return allowedValues.contains(value);
    }

    Marker marker() {
        return marker;
    }

    SecretNames names() {
        return names;
    }

    Map<String, Pattern> patterns() {
        return patterns;
    }

    private static Set<String> builtIn() {
        Set<String> names = new TreeSet<>(SecretNames.DETECTORS);
        KeyFormats.ALL.forEach(format -> names.add(format.detector()));
        names.add(UrlPasswords.DETECTOR);
        names.add(PaymentCards.DETECTOR);
        names.add(Emails.DETECTOR);
        return names;
    }

    /// Words that must stand in a text for a name of the settings to stand in it.
    private static List<String> words(List<String> keys) {
        List<String> words = new ArrayList<>();
        for (String key : keys) {
            List<String> segments = SecretNames.segments(key);
            if (!segments.isEmpty() && segments.getLast().chars().allMatch(c -> c < 128)) {
                words.add(segments.getLast());
            }
        }
        return words;
    }

    private static Map<String, Pattern> patterns(RedactionConfig config) {
        Map<String, Pattern> patterns = new LinkedHashMap<>();
        for (String line : config.patterns().lines().map(String::strip).toList()) {
            if (line.isEmpty()) {
                continue;
            }
            int equals = line.indexOf('=');
            String name = equals < 0 ? line : line.substring(0, equals).strip();
            String pattern = equals < 0 ? "" : line.substring(equals + 1).strip();
            if (!name.matches("[a-z][a-z0-9_]{0," + (RedactionConfig.LONGEST_NAME - 1) + "}")
                    || pattern.isEmpty()) {
                throw new BadSettingException(
                        "portal.redaction.patterns: '"
                                + brief(line)
                                + "' must be name=pattern, the name of lower case letters, digits and _");
            }
            if (pattern.length() > MAX_PATTERN_LENGTH || patterns.size() == MAX_PATTERNS) {
                throw new BadSettingException(
                        "portal.redaction.patterns: at most "
                                + MAX_PATTERNS
                                + " patterns of at most "
                                + MAX_PATTERN_LENGTH
                                + " characters");
            }
            if (patterns.put(name, compiled(name, pattern)) != null) {
                throw new BadSettingException(
                        "portal.redaction.patterns: '" + name + "' occurs twice");
            }
        }
        return patterns;
    }

    private static Pattern compiled(String name, String pattern) {
        Pattern compiled;
        try {
            compiled = Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new BadSettingException(
                    "portal.redaction.patterns: '"
                            + name
                            + "' is no RE2 pattern: "
                            + e.getMessage());
        }
        Matcher empty = compiled.matcher("");
        if (empty.find()) {
            throw new BadSettingException(
                    "portal.redaction.patterns: '" + name + "' matches the empty text");
        }
        return compiled;
    }

    private static String brief(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "\u2026";
    }

    private int version(RedactionConfig config) {
        StringBuilder all = new StringBuilder("rules ").append(BUILT_IN).append('\n');
        for (KeyFormats.Format format : KeyFormats.ALL) {
            all.append(format.detector()).append(' ').append(format.pattern()).append('\n');
        }
        patterns.forEach(
                (name, pattern) -> all.append(name).append('=').append(pattern).append('\n'));
        all.append(new TreeSet<>(config.keys()))
                .append(new TreeSet<>(off))
                .append(new TreeSet<>(config.allowedKeys()))
                .append(new TreeSet<>(allowedValues));
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(all.toString().getBytes(StandardCharsets.UTF_8));
            short version = (short) (hash[0] << 8 | hash[1] & 0xff);
            return version == NewEvent.NO_RULES ? 1 : version;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
