package org.agentaudit.ingest.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds secrets in free text and replaces them, and nothing beside them (B-001-11). Every detector
/// has words that must stand where it looks; one pass finds them all, so that clean text costs
/// little, and a detector then looks at that place only.
final class TextDetectors {
    private static final int SHORTEST = 5;
    /// A marker changes what stands in front of the text behind it, so texts are read again until
    /// nothing changes.
    private static final int MAX_ROUNDS = 6;

    private static final String DIGITS = "0000";
    private static final String SIGN = "@";

    private final RedactionRules rules;
    private final Marker marker;
    private final Assignments assignments;
    private final JsonText json;
    private final Anchors anchors;
    private final Anchors names;
    private final int longest;
    private final List<Look> looks = new ArrayList<>();

    /// What to do where a word stands.
    ///
    /// @param from  start of the word
    /// @param to    its end
    /// @param pass  what is known of the text so far
    private interface Look {
        @Nullable Span at(Pass pass, int from, int to);
    }

    /// @param words lower case words of further secret names
    TextDetectors(RedactionRules rules, List<String> words) {
        this.rules = rules;
        this.marker = rules.marker();
        this.assignments = new Assignments(rules.names(), marker);
        this.json = new JsonText(rules);
        List<String> all = new ArrayList<>();
        for (KeyFormats.Format format : KeyFormats.ALL) {
            if (rules.isOn(format.detector())) {
                for (String word : format.words()) {
                    add(all, word, (pass, from, to) -> format.find(pass.text, from, to, pass.kept));
                }
            }
        }
        Look key = (pass, from, to) -> pass.keys.find(from);
        add(all, PrivateKeys.BEGIN, key);
        add(all, PrivateKeys.PUTTY, key);
        add(all, UrlPasswords.PLAIN, (pass, from, to) -> UrlPasswords.plain(pass.text, to));
        add(all, UrlPasswords.ENCODED, (pass, from, to) -> UrlPasswords.encoded(pass.text, to));
        Look user = (pass, from, to) -> UrlPasswords.userOption(pass.text, from, to);
        add(all, UrlPasswords.USER_OPTION, user);
        add(all, UrlPasswords.LONG_USER_OPTION, user);
        add(all, Logins.NETRC, (pass, from, to) -> Logins.netrc(pass.text, from, to));
        add(all, Logins.OPTION, (pass, from, to) -> Logins.option(pass.text, to));
        add(all, Logins.AUTH, (pass, from, to) -> Logins.auth(pass.text, to));
        add(all, Logins.AUTH_ESCAPED, (pass, from, to) -> Logins.auth(pass.text, to));
        add(all, Logins.SIGNATURE, (pass, from, to) -> Logins.signature(pass.text, from, to));
        add(all, DIGITS, (pass, from, to) -> PaymentCards.find(pass.text, from));
        if (rules.isOn(Emails.DETECTOR)) {
            add(all, SIGN, (pass, from, to) -> Emails.find(pass.text, from, pass.kept));
        }
        List<String> named = new ArrayList<>(SecretNames.WORDS);
        named.addAll(SecretNames.VENDORS);
        named.addAll(words);
        for (String word : named) {
            add(all, word, this::assigned);
        }
        this.anchors = new Anchors(all);
        this.names = new Anchors(named);
        this.longest = anchors.longest();
    }

    private void add(List<String> words, String word, Look look) {
        words.add(word);
        looks.add(look);
    }

    private @Nullable Span assigned(Pass pass, int from, int to) {
        // A name may hold several of the words.
        if (to <= pass.nameEnd) {
            return null;
        }
        Assignments.Found found =
                assignments.find(pass.text, from, to, Math.max(pass.kept, pass.nameEnd));
        pass.nameEnd = found.nameEnd();
        return found.secret();
    }

    /// The text without its secrets; the same object when it has none.
    String redact(String text, Consumer<String> found) {
        if (text.length() < SHORTEST) {
            return text;
        }
        if (rules.patterns().isEmpty() && anchors.first(text) < 0) {
            return text;
        }
        String now = text;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            String next = once(now, found);
            if (next.equals(now)) {
                return now;
            }
            now = next;
        }
        return now;
    }

    private String once(String text, Consumer<String> found) {
        if (JsonText.mayBe(text) && names.first(text) >= 0) {
            String rewritten = json.redact(text, found);
            if (rewritten != null) {
                return rewritten;
            }
        }
        String clean = new Pass(text, found).run();
        for (Map.Entry<String, Pattern> pattern : rules.patterns().entrySet()) {
            if (rules.isOn(pattern.getKey())) {
                clean = byPattern(clean, pattern.getKey(), pattern.getValue(), found);
            }
        }
        return clean;
    }

    private String byPattern(String text, String name, Pattern pattern, Consumer<String> found) {
        Matcher matcher = pattern.matcher(text);
        StringBuilder out = null;
        int kept = 0;
        while (matcher.find()) {
            boolean group = matcher.groupCount() > 0 && matcher.start(1) >= 0;
            int from = group ? matcher.start(1) : matcher.start();
            int to = group ? matcher.end(1) : matcher.end();
            String value = text.substring(from, to);
            if (from < kept || from == to || rules.allowed(value) || isInMarker(text, from, to)) {
                continue;
            }
            out = out == null ? new StringBuilder(text.length()) : out;
            out.append(text, kept, from).append(Marker.of(name));
            kept = to;
            found.accept(name);
        }
        return out == null ? text : out.append(text, kept, text.length()).toString();
    }

    /// What a pattern of the settings finds in a marker is no secret.
    private boolean isInMarker(String text, int from, int to) {
        int lowest = Math.max(0, from - RedactionConfig.LONGEST_NAME - Marker.START.length() - 2);
        int found = text.substring(lowest, from + 1).lastIndexOf(Marker.START.charAt(0));
        int start = found < 0 ? -1 : lowest + found;
        return start >= 0 && marker.end(text, start) >= to;
    }

    /// One reading of one text.
    private final class Pass {
        private final String text;
        private final Consumer<String> found;
        private final PrivateKeys keys;
        /// Up to here the text is done.
        private int kept;
        /// End of the last name that was looked at.
        private int nameEnd;

        Pass(String text, Consumer<String> found) {
            this.text = text;
            this.found = found;
            this.keys = new PrivateKeys(text);
        }

        String run() {
            StringBuilder out = null;
            int state = 0;
            int length = text.length();
            int first = anchors.first(text);
            for (int i = Math.max(0, first - longest); i < length && first >= 0; i++) {
                state = anchors.step(state, text.charAt(i));
                if (state >= 0) {
                    continue;
                }
                Span secret = look(anchors.ends(state), i + 1);
                if (secret != null) {
                    out = out == null ? new StringBuilder(length) : out;
                    out.append(text, kept, secret.from()).append(Marker.of(secret.detector()));
                    kept = secret.to();
                    found.accept(secret.detector());
                    i = kept - 1;
                    state = 0;
                }
            }
            return out == null ? text : out.append(text, kept, length).toString();
        }

        private @Nullable Span look(int[] words, int end) {
            for (int word : words) {
                int from = end - anchors.length(word);
                if (from < kept) {
                    continue;
                }
                Span secret = looks.get(word).at(this, from, end);
                if (secret != null
                        && secret.from() >= kept
                        && secret.to() >= end
                        && counts(secret)) {
                    return secret;
                }
            }
            return null;
        }

        private boolean counts(Span secret) {
            if (!rules.isOn(secret.detector())) {
                return false;
            }
            String value = text.substring(secret.from(), secret.to());
            if (marker.is(value) || rules.allowed(value)) {
                return false;
            }
            return !secret.detector().equals(KeyFormats.BEARER)
                    || value.chars().anyMatch(Character::isDigit);
        }
    }
}
