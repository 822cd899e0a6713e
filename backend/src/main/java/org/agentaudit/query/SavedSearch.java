package org.agentaudit.query;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentaudit.access.Role;
import org.agentaudit.web.Links;

/// A search of the event explorer that a person keeps.
///
/// @param owner username of who may change it
/// @param query of the explorer's address, percent-encoded
/// @param roles whose readers see it besides the owner; empty: nobody
public record SavedSearch(long id, String owner, String name, String query, Set<Role> roles) {

    static final int MAXIMUM_NAME = 80;
    static final int MAXIMUM_QUERY = 4_000;

    public SavedSearch {
        roles = Set.copyOf(roles);
    }

    public boolean shared() {
        return !roles.isEmpty();
    }

    /// Where it leads.
    public String href() {
        return query.isEmpty() ? "/events" : "/events?" + query;
    }

    EventSearch search() {
        return EventSearch.of(parameters(query));
    }

    static String query(EventSearch search) {
        String address = Links.address("", search.address());
        return address.isEmpty() ? "" : address.substring(1);
    }

    /// @throws IllegalArgumentException when the encoding is malformed
    static Map<String, List<String>> parameters(String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parameters
                        .computeIfAbsent(decode(part.substring(0, equals)), n -> new ArrayList<>())
                        .add(decode(part.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
