package org.agentaudit.finding;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Tells whether a text that came from outside talks to the agent as if it gave the orders. Rules
/// have a weight; a text is suspicious from a weight of 2 on, so one plain rule, or two that alone
/// would also fit harmless text. Patterns are RE2, in time linear in the text; most texts hold no
/// word that a rule needs and are not matched at all.
final class InjectionRules {
    private static final int SUSPICIOUS = 2;
    private static final int BEFORE = 200;
    private static final int AFTER = 1_500;

    /// @param words one of them, in lower case, stands in every text the rule fits; none: always
    ///     tried
    private record Rule(String name, int weight, List<String> words, Pattern pattern) {}

    /// What a suspicious text holds.
    ///
    /// @param rules names of the rules that fitted
    /// @param start of the part that they fitted, with what is around it
    /// @param end   exclusive
    record Match(List<String> rules, int start, int end) {}

    private static final String MODEL =
            "(?:you, )?(?:the |any |all )?(?:ai|llms?|language models?|gpt(?:-?[0-9][0-9a-z.]*)?|chatgpt|claude|gemini|copilot)";

    private static final List<Rule> RULES =
            List.of(
                    rule(
                            "ignore-instructions",
                            2,
                            "ignore,disregard,forget,override,bypass",
                            "\\b(?:ignore|disregard|forget|override|bypass)\\b.{0,40}?\\b(?:previous|prior|above|earlier|preceding|original|initial|your|system)\\b.{0,30}?\\b(?:instructions?|prompts?|directions?|rules|guidelines|commands|tasks?)\\b"),
                    rule(
                            "new-instructions",
                            2,
                            "instruction,task,role,goal,objective",
                            "\\b(?:your (?:new|real|actual|updated|only) (?:instructions?|tasks?|role|goal|objective)|(?:new|updated) (?:system )?instructions? (?:for|to) (?:you|the (?:ai|agent|assistant|model)))\\b"),
                    rule(
                            "do-this-first",
                            2,
                            "before,instead of",
                            "\\b(?:before you|before (?:doing|solving|completing|continuing|answering|proceeding)|instead of)\\b.{0,80}?\\b(?:please )?(?:first do|do the following|you must first|you (?:must|need to|have to) (?:first )?(?:send|call|use|run|execute|delete|transfer|visit|open|do))\\b"),
                    rule(
                            "message-to-the-model",
                            2,
                            "message,instruction,notice,note,attention",
                            "\\b(?:(?:important|urgent|critical|priority) (?:message|instructions?|notice|note)\\b.{0,60}?\\b(?:to|for)[ ,:]+"
                                    + MODEL
                                    + "|(?:attention|note to|message to|instructions? (?:to|for))[ ,:]+"
                                    + MODEL
                                    + ")\\b"),
                    rule(
                            "role-tag",
                            1,
                            "<,[,system:,###",
                            "<\\|?/?(?:system|im_start|im_end|assistant|instructions?|information|important|admin)\\|?>|\\[/?(?:inst|system)\\]|###\\s*(?:system|instructions?)\\b|(?:^|\\n)\\s*system:\\s"),
                    rule(
                            "important-message",
                            1,
                            "important,urgent",
                            "\\bthis is an? (?:very )?(?:important|urgent) (?:message|instruction|task)\\b"),
                    rule(
                            "play-a-role",
                            1,
                            "you are now,act as,pretend,from now on",
                            "\\b(?:you are now (?:an?|the|in)|from now on,? you|pretend (?:to be|that you)|act as (?:an?|the) (?:\\w+ )?(?:ai|assistant|model|agent|admin|developer))\\b"),
                    rule(
                            "keep-it-secret",
                            1,
                            "tell,inform,mention,notify,asking,reveal",
                            "\\b(?:do not|don't|don''t|never|without)\\b.{0,20}?\\b(?:tell|inform|mention|notify|reveal|asking|telling|informing|mentioning|notifying)\\b.{0,25}?\\b(?:user|human|anyone|anybody|owner|operator|me|them|this)\\b"),
                    rule(
                            "send-secrets",
                            1,
                            "send,sent,forward,upload,post,transmit,leak",
                            "\\b(?:send|sent|forward|upload|post|transmit|leak)\\b.{0,60}?\\b(?:passwords?|credentials?|api[ _-]?keys?|secrets?|tokens?|private keys?|system prompt|conversation history|chat history|environment variables)\\b.{0,60}?\\b(?:to|at)\\s+\\S*(?:@|://)"),
                    rule(
                            "image-that-carries-data",
                            1,
                            "![",
                            "!\\[[^\\]]{0,200}\\]\\(https?://[^)\\s]{1,300}\\?[^)\\s]{0,300}="),
                    rule(
                            "hidden-text",
                            1,
                            "display,visibility,font-size,opacity",
                            "style\\s*=\\s*.{0,100}?(?:display\\s*:\\s*none|visibility\\s*:\\s*hidden|font-size\\s*:\\s*0|opacity\\s*:\\s*0)"),
                    // flags of regions take six characters of the tag block
                    rule(
                            "invisible-characters",
                            2,
                            "",
                            "[\\x{E0020}-\\x{E007F}]{12}|(?:[\\x{200B}\\x{200C}\\x{2060}\\x{FEFF}]{8})"));

    private InjectionRules() {}

    private static Rule rule(String name, int weight, String words, String pattern) {
        return new Rule(
                name,
                weight,
                words.isEmpty() ? List.of() : List.of(words.split(",")),
                // lines may be broken anywhere
                Pattern.compile(
                        pattern.replace(" ", "\\s+"), Pattern.CASE_INSENSITIVE | Pattern.DOTALL));
    }

    /// What makes the text suspicious; empty when it is not.
    static Optional<Match> match(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        int weight = 0;
        int start = text.length();
        int end = 0;
        List<String> names = new ArrayList<>();
        for (Rule rule : RULES) {
            if (!rule.words.isEmpty() && rule.words.stream().noneMatch(lower::contains)) {
                continue;
            }
            Matcher matcher = rule.pattern.matcher(text);
            if (matcher.find()) {
                weight += rule.weight;
                names.add(rule.name);
                start = Math.min(start, matcher.start());
                end = Math.max(end, matcher.end());
            }
        }
        return weight < SUSPICIOUS
                ? Optional.empty()
                : Optional.of(
                        new Match(
                                List.copyOf(names),
                                Math.max(0, start - BEFORE),
                                Math.min(text.length(), end + AFTER)));
    }

    private static final Pattern ADDRESS =
            Pattern.compile(
                    // e-mail address; URL; account number; long number
                    "[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,8}"
                            + "|(?:https?://|www\\.)[^\\s\"'<>)\\\\]{3,500}"
                            + "|\\b[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}\\b"
                            + "|\\b[0-9][0-9 -]{7,30}[0-9]\\b");

    /// Addresses, account numbers and the like that a text names, in lower case: what a call made
    /// on its orders would hold.
    static Set<String> addresses(String text) {
        Set<String> addresses = new LinkedHashSet<>();
        Matcher matcher = ADDRESS.matcher(text);
        while (matcher.find()) {
            String found = matcher.group().toLowerCase(Locale.ROOT);
            int end = found.length();
            while (end > 0 && ".,;:!?".indexOf(found.charAt(end - 1)) >= 0) {
                end--;
            }
            addresses.add(found.substring(0, end));
        }
        return addresses;
    }
}
