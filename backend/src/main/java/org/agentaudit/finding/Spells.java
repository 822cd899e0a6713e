package org.agentaudit.finding;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentaudit.event.Envelope;
import org.agentaudit.finding.HistoryRepository.Spell;
import org.agentaudit.query.CallPairing;

/// Joins calls to the spells in which an agent used a tool. The first call of a spell is one
/// that the agent had not made for longer than the rest between spells.
///
/// @param gone  stored spells that are replaced
/// @param added what they become, and new ones
record Spells(List<Spell> gone, List<Spell> added) {

    private static final Comparator<Spell> ORDER =
            Comparator.comparing(Spell::firstAt)
                    .thenComparing(Spell::lastAt, Comparator.reverseOrder());

    /// @param stored spells of the calls' agents and tools
    /// @param calls  tool calls, in any order; may be known already
    /// @param rest   longest time between two calls of a spell
    static Spells join(List<Spell> stored, List<Envelope> calls, Duration rest) {
        Map<List<String>, List<Spell>> byTool = new LinkedHashMap<>();
        stored.forEach(spell -> spells(byTool, spell).add(spell));
        calls.stream()
                .sorted(CallPairing.ORDER)
                .map(
                        call ->
                                new Spell(
                                        call.agentId(),
                                        call.action(),
                                        call.occurredAt(),
                                        call.occurredAt(),
                                        call.id(),
                                        call.traceId()))
                .forEach(spell -> spells(byTool, spell).add(spell));
        Set<Spell> before = new HashSet<>(stored);
        List<Spell> joined = new ArrayList<>();
        byTool.values().forEach(spells -> joined.addAll(join(spells, rest)));
        Set<Spell> after = new HashSet<>(joined);
        return new Spells(
                stored.stream().filter(spell -> !after.contains(spell)).toList(),
                joined.stream().filter(spell -> !before.contains(spell)).toList());
    }

    private static List<Spell> spells(Map<List<String>, List<Spell>> byTool, Spell spell) {
        return byTool.computeIfAbsent(
                List.of(spell.agentId(), spell.tool()), key -> new ArrayList<>());
    }

    private static List<Spell> join(List<Spell> spells, Duration rest) {
        List<Spell> ordered = spells.stream().sorted(ORDER).toList();
        List<Spell> joined = new ArrayList<>();
        for (Spell next : ordered) {
            Spell last = joined.isEmpty() ? null : joined.getLast();
            if (last == null || next.firstAt().isAfter(last.lastAt().plus(rest))) {
                joined.add(next);
            } else if (next.lastAt().isAfter(last.lastAt())) {
                joined.set(
                        joined.size() - 1,
                        new Spell(
                                last.agentId(),
                                last.tool(),
                                last.firstAt(),
                                next.lastAt(),
                                last.firstEventId(),
                                last.firstTraceId()));
            }
        }
        return joined;
    }
}
