package org.agentaudit.ingest.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Secrets that are recognised by their own form: prefix, alphabet and length as their issuers
/// publish them. Lengths are lower bounds where issuers have changed them.
final class KeyFormats {
    /// Shorter runs of characters than this are no key, whatever their start.
    private static final int SHORTEST = 16;

    private static final int SHORTEST_REST = 8;

    /// One form.
    ///
    /// @param words lower case, any digit for each digit; where none of them stands, the form is
    ///              not looked for
    /// @param back   the secret starts at most so many characters before the word; 0: with it
    /// @param likely only what looks random is one
    record Format(String detector, List<String> words, Pattern pattern, int back, boolean likely) {

        /// @param floor nothing before this belongs to the secret
        ///
        /// @param end end of the word that starts at `at`
        @Nullable Span find(String text, int at, int end, int floor) {
            if (back == 0) {
                return startsWord(text, at) && isLong(text, at, end) ? match(text, at) : null;
            }
            int start = at;
            int lowest = Math.max(floor, at - back);
            while (start > lowest && isKeyPart(text.charAt(start - 1))) {
                start--;
            }
            for (; start < at; start++) {
                Span secret = match(text, start);
                if (secret != null) {
                    return secret;
                }
            }
            return null;
        }

        private static boolean isLong(String text, int at, int end) {
            int last = Math.max(at + SHORTEST, end + SHORTEST_REST);
            if (last > text.length()) {
                return false;
            }
            for (int i = end; i < last; i++) {
                if (text.charAt(i) <= ' ') {
                    return false;
                }
            }
            return true;
        }

        private @Nullable Span match(String text, int at) {
            Matcher matcher = pattern.matcher(CharBuffer.wrap(text, at, text.length()));
            if (!matcher.lookingAt()) {
                return null;
            }
            boolean group = matcher.groupCount() > 0 && matcher.start(1) >= 0;
            int from = at + (group ? matcher.start(1) : 0);
            int to = at + (group ? matcher.end(1) : matcher.end());
            boolean random = !likely || SecretValues.isLikely(text.substring(from, to));
            return from == to || !random ? null : new Span(from, to, detector);
        }
    }

    static final String BEARER = "bearer_token";

    static final List<Format> ALL = all();

    private KeyFormats() {}

    private static List<Format> all() {
        List<Format> formats = new ArrayList<>();
        add(formats, "private_key", "AGE-SECRET-KEY-1[0-9A-Z]{40,}", "age-secret-key-1");
        add(
                formats,
                BEARER,
                "(?i)bearer(?: {1,4}|%20)([A-Za-z0-9._~+/=-]{16,})",
                "bearer ",
                "bearer%20");
        add(
                formats,
                "url_password",
                "jdbc:oracle:[a-z]+:[^/\\s]{1,80}/([^@\\s]{1,80})@",
                "jdbc:oracle:");
        add(
                formats,
                "jwt",
                "eyJ[A-Za-z0-9_-]{8,}\\.(?:eyJ)?[A-Za-z0-9_-]{8,}\\.?[A-Za-z0-9_.-]*",
                "eyj");
        add(formats, "jwt", "ey[A-Za-z0-9]{17,}\\.ey[A-Za-z0-9/_-]{17,}\\.?[A-Za-z0-9/_.-]*", "ey");
        add(formats, "provider_key", "eyJrIjoi[A-Za-z0-9]{60,}={0,3}", "eyjrijoi");
        add(formats, "jwt", "ZXlK[A-Za-z0-9+/]{60,}={0,2}", "zxlk");
        add(
                formats,
                "aws_key",
                "(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\\b",
                "a3t",
                "akia",
                "asia",
                "abia",
                "acca");
        add(formats, "aws_key", "ABSK[A-Za-z0-9+/]{100,}={0,2}", "absk");
        add(formats, "aws_key", "bedrock-api-key-[A-Za-z0-9+/=]{20,}", "bedrock-api-key-");
        add(
                formats,
                "aws_key",
                "(?i)X-Amz-(?:Signature|Security-Token|Credential)(?:=|%3D)([A-Za-z0-9%/+=_-]{16,})",
                "x-amz-s",
                "x-amz-c");
        add(
                formats,
                "github_token",
                "gh[pousr]_[A-Za-z0-9]{20,}",
                "ghp_",
                "gho_",
                "ghu_",
                "ghs_",
                "ghr_");
        add(formats, "github_token", "github_pat_[A-Za-z0-9_]{20,}", "github_pat_");
        add(
                formats,
                "gitlab_token",
                "gl(?:pat|dt|ft|rt|ptt|agent|oas|soat|imt|ffct)-[A-Za-z0-9_.-]{16,}",
                "glpat-",
                "gldt-",
                "glft-",
                "glrt-",
                "glptt-",
                "glagent-",
                "gloas-",
                "glsoat-",
                "glimt-",
                "glffct-");
        add(formats, "gitlab_token", "glcbt-[0-9a-zA-Z]{1,5}_[A-Za-z0-9_-]{16,}", "glcbt-");
        add(formats, "gitlab_token", "GR1348941[A-Za-z0-9_-]{18,}", "gr1348941");
        add(formats, "gitlab_token", "_gitlab_session=([0-9a-z]{20,})", "_gitlab_session=");
        add(formats, "slack_token", "xox[abeoprs](?:\\.xox[bp])?-[A-Za-z0-9-]{10,}", "xox");
        add(formats, "slack_token", "(?i)xapp-\\d-[A-Z0-9]+-\\d+-[a-z0-9]{8,}", "xapp-");
        add(
                formats,
                "slack_token",
                "(?i)hooks\\.slack\\.com/(?:services|workflows|triggers)/([A-Za-z0-9+/]{20,})",
                "hooks.slack.com/");
        add(
                formats,
                "provider_key",
                "(?i)\\.webhook\\.office\\.com/webhookb2/([A-Za-z0-9@/-]{40,})",
                ".webhook.office.com/");
        add(
                formats,
                "provider_key",
                "(?i)discord(?:app)?\\.com/api/webhooks/([0-9]{15,20}/[A-Za-z0-9_-]{40,})",
                "discord.com/api/webhooks/",
                "discordapp.com/api/webhooks/");
        add(
                formats,
                "stripe_key",
                "[sr]k_(?:live|test|prod)_[0-9A-Za-z]{10,}",
                "sk_live_",
                "sk_test_",
                "sk_prod_",
                "rk_live_",
                "rk_test_",
                "rk_prod_");
        add(formats, "stripe_key", "whsec_[A-Za-z0-9+/=]{24,}", "whsec_");
        add(formats, "google_key", "AIza[0-9A-Za-z_-]{35}", "aiza");
        add(formats, "google_key", "GOCSPX-[A-Za-z0-9_-]{20,}", "gocspx-");
        add(formats, "google_key", "ya29\\.[0-9A-Za-z_-]{20,}", "ya29.");
        add(formats, "google_key", "1//0[0-9A-Za-z_-]{30,}", "1//0");
        add(formats, "anthropic_key", "sk-ant-[A-Za-z0-9_-]{16,}", "sk-ant-");
        add(
                formats,
                "openai_key",
                "sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{16,}|sk-[A-Za-z0-9]{20,}",
                "sk-");
        add(
                formats,
                "provider_key",
                "sk-(?:or|lf|kimi|cp)-[A-Za-z0-9-]{16,}",
                "sk-or-",
                "sk-lf-",
                "sk-kimi-",
                "sk-cp-");
        add(formats, "npm_token", "npm_[A-Za-z0-9]{30,}", "npm_");
        add(formats, "pypi_token", "pypi-[A-Za-z0-9_-]{50,}", "pypi-");
        add(formats, "sendgrid_key", "SG\\.[A-Za-z0-9=_.-]{40,}", "sg.");
        add(
                formats,
                "twilio_key",
                "SK[0-9a-fA-F]{32}\\b",
                "sk0",
                "ska",
                "skb",
                "skc",
                "skd",
                "ske",
                "skf");
        add(
                formats,
                "azure_secret",
                "(?i)(?:AccountKey|SharedAccessKey|SharedSecretIssuer)=([A-Za-z0-9+/=_-]{20,})",
                "accountkey=",
                "sharedaccesskey=");
        add(
                formats,
                "azure_secret",
                "(?i)[?&;]sig=([A-Za-z0-9%/+=_-]{20,})",
                "?sig=",
                "&sig=",
                ";sig=");
        formats.add(
                new Format(
                        "azure_secret",
                        List.of("0q~"),
                        compile("[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}"),
                        3,
                        false));
        add(formats, "databricks_token", "dapi[a-f0-9]{32}(?:-[0-9])?", "dapi");
        add(formats, "huggingface_token", "(?:hf|api_org)_[A-Za-z0-9]{30,}", "hf_", "api_org_");
        add(formats, "vault_token", "hv[sbr]\\.[A-Za-z0-9_-]{20,}", "hvs.", "hvb.", "hvr.");
        formats.add(
                new Format(
                        "vault_token",
                        List.of(".atlasv1."),
                        compile("[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{50,}"),
                        14,
                        false));
        formats.add(
                new Format(
                        "vault_token", List.of("s."), compile("s\\.[A-Za-z0-9]{24}\\b"), 0, true));
        formats.add(
                new Format(
                        "provider_key",
                        List.of("0|", "0%"),
                        compile("[0-9]{15,16}(?:\\||%7C|%)[A-Za-z0-9_-]{27,40}"),
                        15,
                        false));
        add(
                formats,
                "digitalocean_token",
                "do[opr]_v1_[a-f0-9]{40,}",
                "dop_v1_",
                "doo_v1_",
                "dor_v1_");
        add(
                formats,
                "shopify_token",
                "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",
                "shpat_",
                "shpca_",
                "shppa_",
                "shpss_");
        formats.add(
                new Format(
                        "telegram_token",
                        List.of("0:a"),
                        compile("[0-9]{6,12}:A[A-Za-z0-9_-]{34}\\b"),
                        11,
                        false));
        add(formats, "portal_key", "aap_[A-Za-z0-9_-]{16,}", "aap_");
        others(formats);
        return List.copyOf(formats);
    }

    /// Issuers that are met less often share one name.
    private static void others(List<Format> formats) {
        String name = SecretNames.PROVIDER_KEY;
        add(formats, name, "A3-[A-Z0-9]{6}-[A-Z0-9]{6,11}-[A-Z0-9-]{11,}", "a0-");
        add(formats, name, "ops_eyJ[A-Za-z0-9+/=_-]{40,}", "ops_eyj");
        add(formats, name, "p8e-[A-Za-z0-9]{32}", "p0e-");
        formats.add(
                new Format(
                        name,
                        List.of("pat"),
                        compile("pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}"),
                        0,
                        false));
        add(
                formats,
                name,
                "(?:pat|sat)\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{20}",
                "pat.",
                "sat.");
        add(formats, name, "LTAI[A-Za-z0-9]{16,24}\\b", "ltai");
        add(formats, name, "AKCp[A-Za-z0-9]{60,}", "akcp");
        add(formats, name, "cmVmd[A-Za-z0-9]{55,}", "cmvmd");
        add(formats, name, "ATATT3[A-Za-z0-9_=-]{60,}", "atatt0");
        add(formats, name, "ATCTT3[A-Za-z0-9_=-]{60,}", "atctt0");
        add(
                formats,
                name,
                "(?:sc|ext|scauth|authress)_[A-Za-z0-9]{5,30}\\.[A-Za-z0-9]{4,6}\\.acc[_-][A-Za-z0-9-]{10,32}\\.[A-Za-z0-9+/_=-]{30,120}",
                "sc_",
                "ext_",
                "scauth_",
                "authress_");
        add(formats, name, "4b1d[A-Za-z0-9]{38}\\b", "0b0d");
        add(formats, name, "(?i)CLOJARS_[a-z0-9]{50,}", "clojars_");
        add(formats, name, "v1\\.0-[a-f0-9]{24}-[a-f0-9]{100,}", "v0.0-");
        add(formats, name, "dnkey-[A-Za-z0-9=_-]{20,}", "dnkey-");
        add(formats, name, "dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9.]{30,}", "dp.");
        add(formats, name, "duffel_(?:test|live)_[A-Za-z0-9_=-]{40,}", "duffel_");
        add(formats, name, "dt0c01\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{64}", "dt0c00.");
        add(formats, name, "EZ[AT]K[A-Za-z0-9]{54}", "ezak", "eztk");
        add(formats, name, "EAA[A-Z][A-Za-z0-9]{80,}", "eaa");
        add(
                formats,
                name,
                "FLW(?:SEC|PUB)K(?:_TEST)?-[A-Za-z0-9]{12,}(?:-X)?",
                "flwseck",
                "flwpubk");
        add(
                formats,
                name,
                "f(?:o1|m1[ar]|m2)_[A-Za-z0-9+/=_-]{40,}",
                "fo0_",
                "fm0a_",
                "fm0r_",
                "fm0_");
        add(formats, name, "fio-u-[A-Za-z0-9_=-]{50,}", "fio-u-");
        add(formats, name, "glc_[A-Za-z0-9+/=]{32,}", "glc_");
        add(formats, name, "glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}", "glsa_");
        add(formats, name, "HRKU-[A-Za-z0-9_-]{40,}", "hrku-");
        add(formats, name, "ico-[A-Za-z0-9]{32}\\b", "ico-");
        add(formats, name, "s-s4t2(?:ud|af)-[a-f0-9]{64}", "s-s0t0");
        add(formats, name, "lin_(?:api|oauth)_[A-Za-z0-9]{32,}", "lin_api_", "lin_oauth_");
        formats.add(
                new Format(
                        name, List.of("-us0"), compile("[a-f0-9]{32}-us[0-9]{1,2}\\b"), 32, false));
        add(formats, name, "key-[a-f0-9]{32}\\b", "key-");
        add(formats, name, "pk\\.eyJ[A-Za-z0-9_-]{40,}\\.[A-Za-z0-9_-]{20,}", "pk.eyj");
        add(formats, name, "sk\\.eyJ[A-Za-z0-9_-]{40,}\\.[A-Za-z0-9_-]{20,}", "sk.eyj");
        add(
                formats,
                name,
                "NR(?:JS|II|AK|AL|RA|AA)-[A-Za-z0-9-]{19,}",
                "nrjs-",
                "nrii-",
                "nrak-",
                "nral-",
                "nrra-",
                "nraa-");
        add(formats, name, "ntn_[0-9]{11}[A-Za-z0-9]{30,}", "ntn_");
        add(formats, name, "API-[A-Z0-9]{26}\\b", "api-");
        add(formats, name, "sha256~[A-Za-z0-9_-]{43}", "sha000~");
        add(formats, name, "pplx-[A-Za-z0-9]{40,}", "pplx-");
        add(formats, name, "gsk_[A-Za-z0-9]{40,}", "gsk_");
        add(formats, name, "xai-[A-Za-z0-9]{60,}", "xai-");
        add(formats, name, "r8_[A-Za-z0-9]{37}", "r0_");
        add(formats, name, "tvly-[A-Za-z0-9-]{20,}", "tvly-");
        add(formats, name, "lsv2_(?:pt|sk)_[a-f0-9_]{32,}", "lsv0_");
        add(formats, name, "fc-[a-f0-9]{32}\\b", "fc-");
        add(
                formats,
                name,
                "access-(?:sandbox|development|production)-[0-9a-f-]{36}",
                "access-sandbox-",
                "access-development-",
                "access-production-");
        add(formats, name, "pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_=.-]{30,}", "pscale_");
        add(formats, name, "PMAK-[A-Za-z0-9]{24}-[A-Za-z0-9]{34}", "pmak-");
        add(formats, name, "pnu_[A-Za-z0-9]{36}", "pnu_");
        add(formats, name, "pul-[a-f0-9]{40}", "pul-");
        add(formats, name, "rdme_[a-z0-9]{60,}", "rdme_");
        add(formats, name, "rubygems_[a-f0-9]{40,}", "rubygems_");
        add(formats, name, "tk-us-[A-Za-z0-9_-]{40,}", "tk-us-");
        add(formats, name, "xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}", "xkeysib-");
        add(formats, name, "sntry[su]_[A-Za-z0-9+/=_-]{40,}", "sntrys_", "sntryu_");
        add(formats, name, "sm_[aps]at_[A-Za-z0-9]{16}", "sm_aat_", "sm_pat_", "sm_sat_");
        add(formats, name, "shippo_(?:live|test)_[a-fA-F0-9]{40}", "shippo_");
        add(formats, name, "sq[upa]_[A-Za-z0-9]{40}", "squ_", "sqp_", "sqa_");
        add(formats, name, "sgp_(?:[a-fA-F0-9]{16}_|local_)?[a-fA-F0-9]{40}", "sgp_");
        add(formats, name, "(?:EAAA|sq0[a-z]{3}-)[A-Za-z0-9_-]{22,60}", "eaaa", "sq0");
        add(formats, name, "tfp_[A-Za-z0-9_.=-]{50,}", "tfp_");
        add(formats, name, "t1\\.[A-Za-z0-9_-]+={0,2}\\.[A-Za-z0-9_-]{86}={0,2}", "t0.");
        add(formats, name, "AQVN[A-Za-z0-9_-]{35,38}", "aqvn");
        add(formats, name, "AAAAAAAAAAAAAAAAAAAAAA[A-Za-z0-9%]{60,}", "aaaaaaaaaaaaaaaaaaaaaa");
        add(formats, name, "sl\\.[A-Za-z0-9_=-]{100,}", "sl.");
        add(formats, name, "(?:live|test)_(?:pub_)?[a-f0-9]{31,35}\\b", "live_", "test_");
        add(formats, name, "dckr_pat_[A-Za-z0-9_-]{20,}", "dckr_pat_");
        add(formats, name, "nvapi-[A-Za-z0-9_-]{40,}", "nvapi-");
        formats.add(
                new Format(
                        name,
                        List.of("_mmk"),
                        compile("[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk\\b"),
                        36,
                        false));
    }

    private static void add(
            List<Format> formats, String detector, String pattern, String... words) {
        formats.add(new Format(detector, List.of(words), compile(pattern), 0, false));
    }

    /// Without the anchor a pattern that fails at its place reads the text to its end, for every
    /// place.
    static Pattern compile(String pattern) {
        return Pattern.compile("^(?:" + pattern + ")");
    }

    /// Nothing in front makes the place part of a longer word; `\n` and `%3D` are no words.
    static boolean startsWord(String text, int at) {
        if (at == 0) {
            return true;
        }
        char before = text.charAt(at - 1);
        if (before >= 128 || !Character.isLetterOrDigit(before)) {
            return true;
        }
        if (at > 1 && text.charAt(at - 2) == '\\' && "nrtbf".indexOf(before) >= 0) {
            return true;
        }
        return at > 2 && text.charAt(at - 3) == '%' && isHex(before) && isHex(text.charAt(at - 2));
    }

    private static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0 && c < 128;
    }

    private static boolean isKeyPart(char c) {
        return c < 128 && (Character.isLetterOrDigit(c) || "_~.-".indexOf(c) >= 0);
    }
}
