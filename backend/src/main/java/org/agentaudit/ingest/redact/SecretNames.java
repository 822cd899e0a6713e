package org.agentaudit.ingest.redact;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Tells from a name (of a JSON member, variable, header, option, query parameter) whether what it
/// holds is a secret. A name is taken apart at its humps and separators, so that `db_password`,
/// `githubToken` and `X-Api-Key` are seen and `token_count`, `tokenizer` and `secretary` are not.
final class SecretNames {
    static final String PASSWORD = "password";
    static final String TOKEN = "token";
    static final String API_KEY = "api_key";
    static final String SECRET = "secret";
    static final String PRIVATE_KEY = "private_key";
    static final String AUTHORIZATION = "authorization";
    static final String COOKIE = "cookie";
    static final String CREDENTIAL = "credential";
    static final String CONNECTION_STRING = "connection_string";
    static final String PROVIDER_KEY = "provider_key";
    /// Found through a name of the settings.
    static final String CONFIGURED_KEY = "configured_key";

    static final List<String> DETECTORS =
            List.of(
                    PASSWORD,
                    TOKEN,
                    API_KEY,
                    SECRET,
                    PRIVATE_KEY,
                    AUTHORIZATION,
                    COOKIE,
                    CREDENTIAL,
                    CONNECTION_STRING,
                    PROVIDER_KEY,
                    CONFIGURED_KEY);

    /// Words one of which every such name contains; all but the vendors' and the settings' ones.
    static final List<String> WORDS =
            List.of(
                    "pass",
                    "pwd",
                    "secret",
                    "token",
                    "key",
                    "auth",
                    "cookie",
                    "credential",
                    "creds",
                    "connection",
                    "connstr",
                    "conn_str",
                    "bearer");

    /// Products whose keys have no form of their own, so that only the name says what they are.
    static final List<String> VENDORS =
            List.of(
                    "adafruit",
                    "adobe",
                    "airtable",
                    "algolia",
                    "alibaba",
                    "asana",
                    "atlassian",
                    "beamer",
                    "bitbucket",
                    "bittrex",
                    "cloudflare",
                    "codecov",
                    "cohere",
                    "coinbase",
                    "confluence",
                    "confluent",
                    "contentful",
                    "datadog",
                    "discord",
                    "droneci",
                    "dropbox",
                    "etsy",
                    "facebook",
                    "fastly",
                    "finicity",
                    "finnhub",
                    "flickr",
                    "freshbooks",
                    "gitter",
                    "gocardless",
                    "heroku",
                    "hubspot",
                    "intercom",
                    "jfrog",
                    "artifactory",
                    "bintray",
                    "jira",
                    "kraken",
                    "kucoin",
                    "launchdarkly",
                    "linear",
                    "linkedin",
                    "lob",
                    "looker",
                    "mailchimp",
                    "mailgun",
                    "mapbox",
                    "mattermost",
                    "meraki",
                    "messagebird",
                    "netlify",
                    "newrelic",
                    "new_relic",
                    "new-relic",
                    "nytimes",
                    "okta",
                    "plaid",
                    "privateai",
                    "rapidapi",
                    "sendbird",
                    "sentry",
                    "snyk",
                    "sonar",
                    "squarespace",
                    "sumo",
                    "sumologic",
                    "telegram",
                    "travis",
                    "twitch",
                    "twitter",
                    "typeform",
                    "yandex",
                    "zendesk");

    private static final Set<String> VENDOR_SET = Set.copyOf(VENDORS);

    private static final int SHORTEST = 3;
    private static final int LONGEST = 80;
    private static final int MAX_CACHED = 8_192;
    private static final Rule NONE = new Rule("", false);

    /// Words behind the secret one that change nothing.
    private static final Set<String> QUALIFIERS =
            Set.of(
                    "value",
                    "val",
                    "plain",
                    "plaintext",
                    "cleartext",
                    "text",
                    "raw",
                    "b64",
                    "base64",
                    "encoded",
                    "old",
                    "new",
                    "current",
                    "previous",
                    "confirm",
                    "confirmation",
                    "repeat",
                    "again",
                    "hash",
                    "digest",
                    "prod",
                    "production",
                    "dev",
                    "development",
                    "test",
                    "staging",
                    "live",
                    "primary",
                    "secondary",
                    "header",
                    "env");

    /// What makes a `token` a counter, a mark in a text or a place in a list.
    private static final Set<String> NO_TOKENS =
            Set.of(
                    "max",
                    "min",
                    "num",
                    "count",
                    "n",
                    "total",
                    "stop",
                    "pad",
                    "eos",
                    "bos",
                    "unk",
                    "mask",
                    "sep",
                    "cls",
                    "special",
                    "next",
                    "page",
                    "nextpage",
                    "continuation",
                    "cancel",
                    "cancellation",
                    "per",
                    "first",
                    "input",
                    "output",
                    "prompt",
                    "completion",
                    "cached",
                    "reasoning",
                    "last",
                    "unexpected",
                    "each",
                    "one",
                    "single",
                    "start",
                    "end",
                    "begin",
                    "image",
                    "audio",
                    "video",
                    "thinking",
                    "budget",
                    "avg",
                    "mean",
                    "delta",
                    "separator",
                    "delimiter",
                    "by",
                    "text");

    /// What makes a `key` a secret.
    private static final Set<String> SECRET_KEYS =
            Set.of(
                    "api",
                    "access",
                    "secret",
                    "private",
                    "auth",
                    "account",
                    "encryption",
                    "decryption",
                    "signing",
                    "master",
                    "shared",
                    "subscription",
                    "storage",
                    "hmac",
                    "jwt",
                    "cipher",
                    "crypto",
                    "priv",
                    "apim",
                    "sas");

    /// The same, when the value looks like one.
    private static final Set<String> LIKELY_KEYS =
            Set.of(
                    "app",
                    "application",
                    "client",
                    "consumer",
                    "service",
                    "session",
                    "webhook",
                    "license",
                    "ssh",
                    "gpg",
                    "pgp",
                    "deploy",
                    "admin",
                    "server",
                    "functions",
                    "host",
                    "write",
                    "read",
                    "insert",
                    "ingest",
                    "integration",
                    "bot",
                    "user",
                    "account");

    private static final Set<String> PASS_OWNERS =
            Set.of(
                    "db",
                    "database",
                    "user",
                    "smtp",
                    "mail",
                    "mysql",
                    "pg",
                    "postgres",
                    "redis",
                    "ftp",
                    "sftp",
                    "admin",
                    "root",
                    "ldap",
                    "proxy",
                    "ssh",
                    "sudo",
                    "login",
                    "auth",
                    "basic",
                    "http",
                    "imap",
                    "sasl",
                    "git",
                    "mongo",
                    "mq",
                    "key",
                    "store",
                    "keystore",
                    "cert",
                    "wifi",
                    "vpn",
                    "ansible",
                    "become");

    private final Map<String, Rule> known = new ConcurrentHashMap<>();
    private final Set<String> extra;
    private final Set<String> allowed;

    /// What a name says of its value.
    ///
    /// @param likely only a value that looks like a key is one
    record Rule(String detector, boolean likely) {}

    /// @param extra   further secret names, in any spelling; also behind the dots of longer ones
    /// @param allowed names whose values stay, in any spelling, but only as whole names
    SecretNames(List<String> extra, List<String> allowed) {
        this.extra = joined(extra);
        this.allowed = joined(allowed);
    }

    private static Set<String> joined(List<String> names) {
        Set<String> joined = new HashSet<>();
        names.forEach(name -> joined.add(String.join("", segments(name))));
        joined.remove("");
        return Set.copyOf(joined);
    }

    /// Null when a value of this name is nothing special.
    @Nullable Rule rule(String name) {
        if (name.length() < SHORTEST || name.length() > LONGEST) {
            return null;
        }
        Rule rule = known.get(name);
        if (rule == null) {
            rule = classify(name);
            // Agents may use member names as data; the memory of them is bounded.
            if (known.size() < MAX_CACHED) {
                known.put(name, rule);
            }
        }
        return rule == NONE ? null : rule;
    }

    private Rule classify(String name) {
        // Not what it was before it was redacted itself.
        if (name.contains(Marker.START)) {
            return NONE;
        }
        List<String> segments = segments(name);
        String joined = String.join("", segments);
        if (allowed.contains(joined)) {
            return NONE;
        }
        if (isConfigured(name)) {
            return new Rule(CONFIGURED_KEY, false);
        }
        int size = segments.size();
        while (size > 0) {
            Rule rule = endingAt(segments, size);
            if (rule != NONE) {
                return rule;
            }
            String last = segments.get(size - 1);
            if (!QUALIFIERS.contains(last) && !isNumber(last)) {
                break;
            }
            size--;
        }
        return vendor(segments, joined);
    }

    /// Names of attributes are dotted (`http.request.header.patient-number`), so what follows any
    /// of the dots counts as the name, too.
    private boolean isConfigured(String name) {
        if (extra.isEmpty()) {
            return false;
        }
        int dot = -1;
        do {
            if (extra.contains(String.join("", segments(name.substring(dot + 1))))) {
                return true;
            }
            dot = name.indexOf('.', dot + 1);
        } while (dot >= 0);
        return false;
    }

    private static Rule endingAt(List<String> segments, int size) {
        String last = withoutNumber(segments.get(size - 1));
        String before = size > 1 ? segments.get(size - 2) : "";
        if (ends(last, "password", "passwords", "passwd", "passphrase", "passcode", "passwort")
                || last.equals("pwd")
                || last.endsWith("pwd") && last.length() <= 10 && !last.equals("oldpwd")
                || isPass(last, before)) {
            return new Rule(PASSWORD, false);
        }
        if (ends(last, "token")) {
            String owner = last.equals("token") ? before : last.substring(0, last.length() - 5);
            return NO_TOKENS.contains(owner) ? NONE : new Rule(TOKEN, false);
        }
        if (ends(last, "secret") || last.equals("secrets")) {
            return new Rule(SECRET, false);
        }
        if (ends(last, "key", "keys")) {
            int tail = last.endsWith("keys") ? 4 : 3;
            String owner = last.length() == tail ? before : last.substring(0, last.length() - tail);
            return key(owner);
        }
        if (last.equals("authorization") || last.equals("auth") && isScheme(before)) {
            return new Rule(AUTHORIZATION, false);
        }
        if (last.equals("bearer")) {
            return new Rule(TOKEN, false);
        }
        if (last.equals("cookie") || last.equals("cookies") || last.equals("setcookie")) {
            return new Rule(COOKIE, false);
        }
        if (last.equals("credential") || last.equals("credentials") || last.equals("creds")) {
            return new Rule(CREDENTIAL, false);
        }
        boolean connection =
                last.equals("connectionstring")
                        || last.equals("connstring")
                        || last.equals("connstr")
                        || (before.equals("connection") || before.equals("conn"))
                                && (last.equals("string") || last.equals("str"));
        return connection ? new Rule(CONNECTION_STRING, false) : NONE;
    }

    private static boolean isPass(String last, String before) {
        return last.equals("pass")
                ? before.isEmpty() || PASS_OWNERS.contains(before)
                : last.endsWith("pass")
                        && PASS_OWNERS.contains(last.substring(0, last.length() - 4));
    }

    private static boolean isScheme(String owner) {
        return owner.equals("x") || owner.equals("basic") || owner.equals("proxy");
    }

    private static Rule key(String owner) {
        if (SECRET_KEYS.contains(owner)
                || ends(owner, "access", "secret", "private", "encryption", "signing")) {
            return new Rule(
                    ends(owner, "api", "apim")
                            ? API_KEY
                            : ends(owner, "private") ? PRIVATE_KEY : SECRET,
                    false);
        }
        if (ends(owner, "api")) {
            return new Rule(API_KEY, false);
        }
        return LIKELY_KEYS.contains(owner) ? new Rule(SECRET, true) : NONE;
    }

    private static Rule vendor(List<String> segments, String joined) {
        String last = segments.isEmpty() ? "" : segments.getLast();
        boolean open =
                switch (last) {
                    case "key", "api", "auth", "pat", "access", "sdk", "dsn" -> true;
                    default -> VENDOR_SET.contains(last) || VENDOR_SET.contains(joined);
                };
        if (!open) {
            return NONE;
        }
        for (int i = 0; i < segments.size(); i++) {
            String pair = i + 1 < segments.size() ? segments.get(i) + segments.get(i + 1) : "";
            if (VENDOR_SET.contains(segments.get(i)) || VENDOR_SET.contains(pair)) {
                return new Rule(PROVIDER_KEY, true);
            }
        }
        return NONE;
    }

    private static boolean ends(String word, String... tails) {
        for (String tail : tails) {
            if (word.endsWith(tail)) {
                return true;
            }
        }
        return false;
    }

    private static String withoutNumber(String word) {
        int end = word.length();
        while (end > 1 && isDigit(word.charAt(end - 1))) {
            end--;
        }
        return word.substring(0, end);
    }

    private static boolean isNumber(String word) {
        return word.chars().allMatch(SecretNames::isDigit);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /// The words of a name in lower case: `dbPassword`, `DB_PASSWORD` and `db-password` are the
    /// same.
    static List<String> segments(String name) {
        List<String> segments = new ArrayList<>(4);
        int from = 0;
        for (int i = 0; i <= name.length(); i++) {
            boolean separator = i == name.length() || !Character.isLetterOrDigit(name.charAt(i));
            if (separator || isHump(name, i)) {
                if (i > from) {
                    segments.add(name.substring(from, i).toLowerCase(Locale.ROOT));
                }
                from = separator ? i + 1 : i;
            }
        }
        return segments;
    }

    private static boolean isHump(String name, int at) {
        if (at == 0 || !Character.isUpperCase(name.charAt(at))) {
            return false;
        }
        return Character.isLowerCase(name.charAt(at - 1))
                || at + 1 < name.length()
                        && Character.isUpperCase(name.charAt(at - 1))
                        && Character.isLowerCase(name.charAt(at + 1));
    }
}
