package org.agentaudit.dashboard;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventFilter;
import org.agentaudit.incident.Incidents;
import org.agentaudit.query.AgentQuery;
import org.agentaudit.query.EventOrder;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Trace;
import org.agentaudit.query.TraceQuery;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;

/// Understands what is typed into the command box: the eight trigger phrases (checklist A15),
/// dates, ids of events, traces, tasks, sessions, incidents and agents, and else words to search
/// for.
@Singleton
class Commands {

    private static final Pattern TRACE_TASK = phrase("trace task\\s+(.+)");
    private static final Pattern AUDIT_AGENT = phrase("audit agent\\s+(.+)");
    private static final Pattern FORENSICS =
            phrase("run forensic analysis(?:\\s+(?:of\\s+|on\\s+)?(.+))?");
    private static final Pattern INCIDENT = phrase("(?:incident\\s+#?|#)(\\d{1,18})");
    private static final Pattern DATE = Pattern.compile("20\\d\\d-\\d\\d-\\d\\d");
    private static final int LONGEST = 500;

    private final EventQuery events;
    private final TraceQuery traces;
    private final AgentQuery agents;
    private final Incidents incidents;
    private final Format format;
    private final Clock clock;
    private final Links link = new Links();

    Commands(
            EventQuery events,
            TraceQuery traces,
            AgentQuery agents,
            Incidents incidents,
            Format format,
            Clock clock) {
        this.events = events;
        this.traces = traces;
        this.agents = agents;
        this.incidents = incidents;
        this.format = format;
        this.clock = clock;
    }

    /// A local address; always one, the explorer when nothing fits better.
    String address(Viewer viewer, String typed) {
        // no id or text that is stored holds this character
        String text = typed.replace('\0', ' ').strip();
        if (text.isEmpty()) {
            return "/events";
        }
        if (text.length() > LONGEST) {
            text = text.substring(0, LONGEST);
        }
        String words =
                text.toLowerCase(Locale.ROOT).replaceAll("[?.!]+$", "").replaceAll("\\s+", " ");
        switch (words) {
            case "show me the audit log" -> {
                return "/events";
            }
            case "export audit data" -> {
                return "/events#export";
            }
            case "generate compliance report" -> {
                return "/compliance";
            }
            case "show error summary" -> {
                return link.daily(today()) + "#errors";
            }
            case "what did the agent do" -> {
                return latestSession(viewer);
            }
            default -> {
                return withArgument(viewer, text);
            }
        }
    }

    private String withArgument(Viewer viewer, String text) {
        Matcher task = TRACE_TASK.matcher(text);
        if (task.matches()) {
            return task(viewer, argument(task));
        }
        Matcher agent = AUDIT_AGENT.matcher(text);
        if (agent.matches()) {
            return agent(viewer, argument(agent));
        }
        Matcher forensics = FORENSICS.matcher(text);
        if (forensics.matches()) {
            String errored = "/events?errored=true";
            return forensics.group(1) == null
                    ? latestTrace(viewer, EventFilter.builder().errored(true).build(), errored)
                    : task(viewer, argument(forensics));
        }
        return thing(viewer, text);
    }

    private String task(Viewer viewer, String id) {
        List<Trace> ofTask = traces.ofTask(viewer, id);
        if (ofTask.size() == 1) {
            return link.trace(ofTask.getFirst().id());
        }
        if (ofTask.isEmpty() && traces.byId(viewer, id).isPresent()) {
            return link.trace(id);
        }
        return link.events("task", id);
    }

    private String agent(Viewer viewer, String id) {
        return agents.byId(viewer, id).isPresent()
                ? link.agent(id)
                : Links.address("/agents", Map.of("q", List.of(id)));
    }

    private String thing(Viewer viewer, String text) {
        Matcher incident = INCIDENT.matcher(text);
        if (incident.matches() && incidents.byId(viewer, incident.group(1)).isPresent()) {
            return "/incidents/" + incident.group(1);
        }
        Optional<LocalDate> date = date(text);
        if (date.isPresent()) {
            return link.daily(date.get());
        }
        Optional<UUID> eventId = uuid(text);
        if (eventId.flatMap(id -> events.byId(viewer, id)).isPresent()) {
            return link.event(eventId.get());
        }
        if (traces.byId(viewer, text).isPresent()) {
            return link.trace(text);
        }
        if (agents.byId(viewer, text).isPresent()) {
            return link.agent(text);
        }
        if (!traces.ofTask(viewer, text).isEmpty()) {
            return task(viewer, text);
        }
        if (events.count(viewer, EventFilter.builder().sessionId(text).build()) > 0) {
            return link.session(text);
        }
        return link.events(viewer.mayReadContent() ? "text" : "action", text, "asked", "true");
    }

    private String latestTrace(Viewer viewer, EventFilter filter, String otherwise) {
        List<AuditEvent> latest =
                events.find(viewer, filter, EventOrder.NEWEST_FIRST, PageRequest.first(1, null))
                        .nodes();
        return latest.isEmpty() ? otherwise : link.trace(latest.getFirst().envelope().traceId());
    }

    /// The session that went on last, or the trace of an event that is in none.
    private String latestSession(Viewer viewer) {
        List<AuditEvent> latest =
                events.find(
                                viewer,
                                EventFilter.ALL,
                                EventOrder.NEWEST_FIRST,
                                PageRequest.first(1, null))
                        .nodes();
        if (latest.isEmpty()) {
            return "/sessions";
        }
        String session = latest.getFirst().envelope().sessionId();
        return session == null
                ? link.trace(latest.getFirst().envelope().traceId())
                : link.session(session);
    }

    private LocalDate today() {
        return format.date(clock.instant());
    }

    /// What stands for `[id]` or `[name]` in a phrase, with or without the brackets.
    private static String argument(Matcher phrase) {
        String argument = phrase.group(1).strip();
        return argument.startsWith("[") && argument.endsWith("]")
                ? argument.substring(1, argument.length() - 1)
                : argument;
    }

    private static Optional<LocalDate> date(String text) {
        try {
            return DATE.matcher(text).matches()
                    ? Optional.of(LocalDate.parse(text))
                    : Optional.empty();
        } catch (DateTimeParseException e) {
            // no day of any month: words like any other
            return Optional.empty();
        }
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Pattern phrase(String pattern) {
        return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }
}
