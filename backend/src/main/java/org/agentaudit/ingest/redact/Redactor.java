package org.agentaudit.ingest.redact;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.function.Consumer;
import org.agentaudit.event.Redaction;

/// Takes secrets out of one item before anything of it is hashed, stored or logged: by the names
/// around a text and by detectors on every text and every name. Only texts are touched, never
/// numbers, so that counters such as `token_count` stay. Characters that PostgreSQL cannot hold are
/// written out as escapes.
public final class Redactor extends TextRewriter {
    private final RedactionRules rules;
    private final Structure structure;

    /// For one item.
    public Redactor(RedactionRules rules) {
        this.rules = rules;
        this.structure = new Structure(rules);
    }

    /// The same for text that is no JSON.
    public static String redactText(RedactionRules rules, String text) {
        return rules.redact(storable(text), detector -> {});
    }

    @Override
    protected String text(Place place, String text) {
        SecretNames.Rule rule = place.rule();
        if (rule != null && !rules.marker().is(text) && rules.isSecret(rule, text)) {
            found(rule.detector());
            return Marker.of(rule.detector());
        }
        return clean(text, this::found);
    }

    @Override
    protected boolean isPlain(String name) {
        return rules.isPlain(name);
    }

    @Override
    protected String name(String name, Consumer<String> found) {
        return clean(name, found);
    }

    @Override
    protected Place member(Place place, ObjectNode object, String name) {
        return structure.member(place, object, name);
    }

    @Override
    protected Place element(Place place, ArrayNode array, int index) {
        return structure.element(place, array, index);
    }

    private String clean(String text, Consumer<String> found) {
        String storable = storable(text);
        if (!storable.equals(text)) {
            found.accept(Redaction.UNSTORABLE);
        }
        return rules.redact(storable, found);
    }

    /// Every NUL and lone surrogate as the six characters of its JSON escape; the same object when
    /// there is none.
    public static String storable(String text) {
        int fault = firstUnstorable(text, 0);
        if (fault < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        int kept = 0;
        for (; fault >= 0; fault = firstUnstorable(text, kept)) {
            out.append(text, kept, fault)
                    .append(String.format(Locale.ROOT, "\\u%04x", (int) text.charAt(fault)));
            kept = fault + 1;
        }
        return out.append(text, kept, text.length()).toString();
    }

    private static int firstUnstorable(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return i;
            }
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                boolean pair =
                        Character.isHighSurrogate(c)
                                && i + 1 < text.length()
                                && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}
