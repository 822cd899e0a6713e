package org.agentaudit.pricing;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A model's name as a producer wrote it, and the names under which the price table may know it.
final class ModelName {
    private static final Pattern REGION = Pattern.compile("^(?:us|eu|apac|jp|global)\\.");
    private static final Pattern VENDOR = Pattern.compile("^[a-z][a-z0-9-]*\\.(?=[a-z])");
    private static final Pattern SUFFIX =
            Pattern.compile("(?:-v\\d+(?::\\d+)?|[-@]\\d{8}|-\\d{4}-\\d{2}-\\d{2}|-latest)$");

    /// Words that name a provider in a path prefix or as a vendor.
    private static final Map<String, String> PROVIDERS =
            Map.ofEntries(
                    Map.entry("anthropic", "anthropic"),
                    Map.entry("openai", "openai"),
                    Map.entry("google", "google"),
                    Map.entry("gemini", "google"),
                    Map.entry("vertex_ai", "google"),
                    Map.entry("aws-bedrock", "aws-bedrock"),
                    Map.entry("bedrock", "aws-bedrock"),
                    Map.entry("amazon", "aws-bedrock"),
                    Map.entry("azure", "azure"),
                    Map.entry("xai", "xai"),
                    Map.entry("x-ai", "xai"),
                    Map.entry("mistral", "mistral"),
                    Map.entry("mistralai", "mistral"),
                    Map.entry("deepseek", "deepseek"),
                    Map.entry("cohere", "cohere"),
                    Map.entry("groq", "groq"),
                    Map.entry("perplexity", "perplexity"),
                    Map.entry("moonshot", "moonshot"),
                    Map.entry("moonshotai", "moonshot"),
                    Map.entry("zhipu", "zhipu"),
                    Map.entry("z-ai", "zhipu"),
                    Map.entry("minimax", "minimax"));

    private final String sent;

    ModelName(String sent) {
        this.sent = sent.strip().toLowerCase(Locale.ROOT);
    }

    /// Names to look for, best first: as sent, without path prefix, without region, without region
    /// and vendor, each also without version, date and `-latest`.
    List<String> candidates() {
        Set<String> names = new LinkedHashSet<>();
        add(names, sent);
        String base = sent.substring(sent.lastIndexOf('/') + 1);
        add(names, base);
        String local = REGION.matcher(base).replaceFirst("");
        add(names, local);
        add(names, VENDOR.matcher(local).replaceFirst(""));
        return List.copyOf(names);
    }

    /// The provider the name itself states, nearest to the model first; null when it states none.
    @Nullable String provider() {
        String[] path = sent.split("/", -1);
        for (int i = path.length - 2; i >= 0; i--) {
            String provider = PROVIDERS.get(path[i]);
            if (provider != null) {
                return provider;
            }
        }
        String local = REGION.matcher(path[path.length - 1]).replaceFirst("");
        int dot = local.indexOf('.');
        return dot < 0 ? null : PROVIDERS.get(local.substring(0, dot));
    }

    private static void add(Set<String> names, String name) {
        if (name.isEmpty()) {
            return;
        }
        names.add(name);
        String bare = name;
        for (String shorter = strip(bare); !shorter.equals(bare); shorter = strip(bare)) {
            bare = shorter;
        }
        if (!bare.isEmpty()) {
            names.add(bare);
        }
    }

    private static String strip(String name) {
        return SUFFIX.matcher(name).replaceFirst("");
    }
}
