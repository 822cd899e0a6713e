package org.agentaudit.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What firing groups at a row of points in time come to: when each key fired and recovered.
final class Episodes {

    private final Duration calm;
    private final Map<AlertKey, Found> open = new LinkedHashMap<>();
    private final List<Found> all = new ArrayList<>();

    Episodes(Duration calm) {
        this.calm = calm;
    }

    /// @param match the one that fired first
    record Found(Match match, Episode episode) {}

    /// Goes through points that lie after all earlier ones.
    ///
    /// @param points  ascending
    /// @param matches at these points
    void add(List<Instant> points, List<Match> matches) {
        Map<Instant, List<Match>> byPoint = new HashMap<>();
        matches.forEach(m -> byPoint.computeIfAbsent(m.at(), _ -> new ArrayList<>()).add(m));
        for (Instant point : points) {
            Set<AlertKey> hit = new HashSet<>();
            for (Match match : byPoint.getOrDefault(point, List.of())) {
                hit.add(match.key());
                open.compute(
                        match.key(),
                        (_, found) ->
                                found == null
                                        ? new Found(match, Episode.fired(point))
                                        : new Found(found.match, found.episode.hit()));
            }
            open.replaceAll(
                    (key, found) ->
                            hit.contains(key)
                                    ? found
                                    : new Found(found.match, found.episode.miss(point, calm)));
            open.values().removeIf(found -> found.episode.resolvedAt() != null && all.add(found));
        }
    }

    /// Every episode, those that still fire too, by the time they fired.
    List<Found> all() {
        List<Found> found = new ArrayList<>(all);
        found.addAll(open.values());
        found.sort((a, b) -> a.episode.firedAt().compareTo(b.episode.firedAt()));
        return found;
    }
}
