package org.agentaudit.ingest.redact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the structure of a JSON value says of a text in it: names of members, names that stand in a
/// member beside the value, options in front of their argument. Everything below a secret's name is
/// secret.
final class Structure {
    private static final List<String> NAME_MEMBERS = List.of("name", "key", "header", "variable");
    private static final Set<String> VALUE_MEMBERS = Set.of("value", "val", "v", "default");

    /// A schema says what a secret looks like and does not hold one.
    private static final Set<String> SCHEMA_TYPES =
            Set.of("string", "object", "array", "number", "integer", "boolean", "null");

    private static final Set<String> SCHEMA_MEMBERS =
            Set.of("type", "title", "description", "format");

    private static final SecretNames.Rule LOGIN =
            new SecretNames.Rule(SecretNames.AUTHORIZATION, false);

    private final RedactionRules rules;

    Structure(RedactionRules rules) {
        this.rules = rules;
    }

    Place member(Place place, ObjectNode object, String name) {
        SecretNames.Rule rule = rules.rule(name);
        if (rule == null && VALUE_MEMBERS.contains(name)) {
            rule = pairedRule(object);
        }
        if (rule == null && name.equals("auth") && isLogin(object.path(name))) {
            rule = LOGIN;
        }
        if (rule == null && place.rule() == null) {
            return Place.TOP;
        }
        if (isTokenOfText(rule, object)) {
            return Place.TOP;
        }
        if (rule == null && SCHEMA_MEMBERS.contains(name) && isSchema(object)) {
            return Place.TOP;
        }
        return rule == null ? place : new Place(rule);
    }

    Place element(Place place, ArrayNode array, int index) {
        if (place.rule() != null || index == 0) {
            return place;
        }
        JsonNode before = array.get(index - 1);
        if (!before.isTextual() || !array.get(index).isTextual()) {
            return place;
        }
        String name = before.textValue();
        boolean header = array.size() == 2 && isHeader(name);
        return isOption(name) || header ? new Place(rules.rule(name)) : place;
    }

    /// `--token`, and no line of a diff.
    private static boolean isOption(String name) {
        return name.startsWith("-") && isName(name);
    }

    private static boolean isName(String name) {
        return name.chars().allMatch(c -> Character.isLetterOrDigit(c) || "-_.".indexOf(c) >= 0);
    }

    private static boolean isHeader(String name) {
        return name.equalsIgnoreCase("authorization")
                || name.equalsIgnoreCase("cookie")
                || name.regionMatches(true, 0, "x-", 0, 2);
    }

    /// Of a Docker configuration: `{"auths": {"host": {"auth": "dXNlcjpwYXNz"}}}`
    private static boolean isLogin(JsonNode value) {
        return value.isTextual() && Logins.isAuth(value.textValue());
    }

    /// `{"name": "DB_PASSWORD", "value": "x"}`
    private SecretNames.@Nullable Rule pairedRule(ObjectNode object) {
        for (String member : NAME_MEMBERS) {
            JsonNode name = object.get(member);
            if (name != null && name.isTextual()) {
                return isName(name.textValue()) ? rules.rule(name.textValue()) : null;
            }
        }
        return null;
    }

    /// A piece of text with its probability, as models give it.
    private static boolean isTokenOfText(SecretNames.@Nullable Rule rule, ObjectNode object) {
        return rule != null && rule.detector().equals(SecretNames.TOKEN) && object.has("logprob");
    }

    private static boolean isSchema(ObjectNode object) {
        JsonNode type = object.get("type");
        return type != null && type.isTextual() && SCHEMA_TYPES.contains(type.textValue());
    }
}
