package org.agentaudit.report.pdf;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Gives Arabic letters the form that their neighbours ask for, as the presentation forms of
/// Unicode (FB50 to FDFF, FE70 to FEFC). The forms come from the names and decompositions of the
/// characters themselves.
final class ArabicShaper {

    private static final Pattern NAME =
            Pattern.compile("ARABIC (?:LETTER|LIGATURE) .* (ISOLATED|FINAL|INITIAL|MEDIAL) FORM");
    private static final char LAM = '\u0644';
    private static final char TATWEEL = '\u0640';

    /// Letter, or lam and alef, to its form.
    private static final Map<String, Character> ISOLATED = new HashMap<>();

    private static final Map<String, Character> FINAL = new HashMap<>();
    private static final Map<String, Character> INITIAL = new HashMap<>();
    private static final Map<String, Character> MEDIAL = new HashMap<>();

    static {
        forms(0xFE70, 0xFEFC);
        forms(0xFB50, 0xFBFF);
    }

    private ArabicShaper() {}

    private static void forms(int first, int last) {
        for (int form = first; form <= last; form++) {
            Matcher name = NAME.matcher(String.valueOf(Character.getName(form)));
            String letters = Normalizer.normalize(Character.toString(form), Normalizer.Form.NFKC);
            boolean wanted = letters.length() == 1 || letters.charAt(0) == LAM;
            if (name.matches() && wanted && letters.length() <= 2) {
                (switch (name.group(1)) {
                            case "ISOLATED" -> ISOLATED;
                            case "FINAL" -> FINAL;
                            case "INITIAL" -> INITIAL;
                            default -> MEDIAL;
                        })
                        .putIfAbsent(letters, (char) form);
            }
        }
    }

    /// @param text in the order it is read
    static String shaped(String text) {
        StringBuilder shaped = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); at++) {
            String letter = text.substring(at, at + 1);
            int next = next(text, at);
            if (text.charAt(at) == LAM && next == at + 1) {
                String ligature = letter + text.charAt(next);
                if (ISOLATED.containsKey(ligature)) {
                    shaped.append(form(joinsBackwards(text, at) ? FINAL : ISOLATED, ligature));
                    at = next;
                    continue;
                }
            }
            boolean before = joinsBackwards(text, at);
            boolean after =
                    INITIAL.containsKey(letter) && next >= 0 && takesJoin(text.charAt(next));
            shaped.append(
                    form(before ? after ? MEDIAL : FINAL : after ? INITIAL : ISOLATED, letter));
        }
        return shaped.toString();
    }

    private static String form(Map<String, Character> forms, String letters) {
        Character form = forms.get(letters);
        return form == null ? letters : form.toString();
    }

    private static boolean joinsBackwards(String text, int at) {
        int before = at - 1;
        while (before >= 0 && isMark(text.charAt(before))) {
            before--;
        }
        return before >= 0
                && takesJoin(text.charAt(at))
                && (text.charAt(before) == TATWEEL
                        || INITIAL.containsKey(text.substring(before, before + 1)));
    }

    private static boolean takesJoin(char letter) {
        return letter == TATWEEL || FINAL.containsKey(Character.toString(letter));
    }

    /// Next letter that is no mark; -1 at the end.
    private static int next(String text, int at) {
        int next = at + 1;
        while (next < text.length() && isMark(text.charAt(next))) {
            next++;
        }
        return next < text.length() ? next : -1;
    }

    static boolean isMark(char character) {
        return Character.getType(character) == Character.NON_SPACING_MARK;
    }
}
