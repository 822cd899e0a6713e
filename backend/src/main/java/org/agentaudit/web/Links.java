package org.agentaudit.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Addresses of the portal's pages. Ids come from agents, so each is percent-encoded as one path
/// segment, slashes too. Templates see it as `#link`.
public final class Links {

    private final Map<String, String> assets = new ConcurrentHashMap<>();

    /// A file below `static/` with a hash of its content, so that browsers may keep it.
    public String asset(String name) {
        return assets.computeIfAbsent(name, Links::hashed);
    }

    public String event(UUID id) {
        return "/events/" + id;
    }

    public String trace(String id) {
        return "/traces/" + segment(id);
    }

    public String tracePdf(String id) {
        return trace(id) + ".pdf";
    }

    public String traceJson(String id) {
        return trace(id) + ".json";
    }

    public String traceCsv(String id) {
        return trace(id) + ".csv";
    }

    /// One part of all steps on the waterfall of a trace, from 1.
    public String tracePart(String id, int part) {
        return address(trace(id), Map.of("part", List.of(Integer.toString(part)))) + "#steps";
    }

    /// Everything recorded of a trace.
    public String traceRecord(String id) {
        return trace(id) + "/events";
    }

    /// Where an incident is opened on a trace.
    public String traceIncidents(String id) {
        return trace(id) + "/incidents";
    }

    public String session(String id) {
        return "/sessions/" + segment(id);
    }

    /// Sessions of one agent.
    public String sessionsOf(String agentId) {
        return address("/sessions", Map.of("agent", List.of(agentId)));
    }

    public String incident(long id) {
        return "/incidents/" + id;
    }

    public String agent(String id) {
        return "/agents/" + segment(id);
    }

    /// The form that opens an incident.
    ///
    /// @param from what it is opened from: `trace`, `alert` or `finding`
    public String openIncident(String from, Object id) {
        return address("/incidents/open", Map.of(from, List.of(id.toString())));
    }

    public String alert(long id) {
        return "/alerts/" + id;
    }

    public String alertRule(long id) {
        return "/alerts/rules/" + id;
    }

    public String daily(LocalDate date) {
        return "/daily/" + date;
    }

    /// What one user did.
    public String accessLog(String username) {
        return address("/admin/access-log", Map.of("user", List.of(username)));
    }

    /// The event explorer with one filter, for instance `agent`.
    public String events(String name, String value) {
        return address("/events", Map.of(name, List.of(value)));
    }

    public String events(String name, String value, String name2, String value2) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put(name, List.of(value));
        query.put(name2, List.of(value2));
        return address("/events", query);
    }

    /// A path with a query, in the order of the map; values that are empty are left out.
    public static String address(String path, Map<String, List<String>> query) {
        StringBuilder address = new StringBuilder(path);
        char separator = '?';
        for (Map.Entry<String, List<String>> parameter : query.entrySet()) {
            for (String value : parameter.getValue()) {
                if (!value.isEmpty()) {
                    address.append(separator)
                            .append(encode(parameter.getKey()))
                            .append('=')
                            .append(encode(value));
                    separator = '&';
                }
            }
        }
        return address.toString();
    }

    /// The address of a page's file: the ending goes before the query.
    public static String withEnding(String address, String ending) {
        int query = address.indexOf('?');
        return query < 0
                ? address + "." + ending
                : address.substring(0, query) + "." + ending + address.substring(query);
    }

    private static String hashed(String name) {
        try (InputStream file = Links.class.getResourceAsStream("/static/" + name)) {
            if (file == null) {
                throw new IllegalArgumentException("no such file below static/: " + name);
            }
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(file.readAllBytes());
            return "/static/" + name + "?v=" + HexFormat.of().formatHex(digest, 0, 6);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A dot alone would be taken for a path step, so it is encoded as well.
    private static String segment(String text) {
        String encoded = encode(text).replace("+", "%20");
        return encoded.equals(".") || encoded.equals("..") ? encoded.replace(".", "%2E") : encoded;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
