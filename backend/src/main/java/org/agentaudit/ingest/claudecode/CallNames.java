package org.agentaudit.ingest.claudecode;

/// Names of what a session does, the same whether a hook, a transcript or telemetry tells it: the
/// identity of its event ([org.agentaudit.ingest.normal.EventDraft#identity]).
public final class CallNames {
    /// The agent of a session that is no sub-agent.
    public static final String MAIN_AGENT = "claude-code/main";

    private CallNames() {}

    /// @param use `tool_use_id`
    public static String call(String session, String use) {
        return name(session, use);
    }

    /// What came back from the call.
    public static String result(String session, String use) {
        return name(session, use, "result");
    }

    /// What a person decided about the call.
    public static String human(String session, String use) {
        return name(session, use, "human");
    }

    /// What the settings decided about the call.
    public static String decision(String session, String use) {
        return name(session, use, "decision");
    }

    /// @param prompt `prompt_id` of a hook, `promptId` of a transcript, `prompt.id` of telemetry
    public static String prompt(String session, String prompt) {
        return name(session, "prompt", prompt);
    }

    /// @param request `requestId`, else the id of the message
    public static String request(String session, String request) {
        return name(session, "request", request);
    }

    /// The start of a sub-agent.
    public static String agent(String session, String agent) {
        return name(session, "agent", agent);
    }

    /// Colons within a part are escaped: an event that is told under another one's name is taken
    /// for it and not stored.
    private static String name(String... parts) {
        StringBuilder name = new StringBuilder("cc");
        for (String part : parts) {
            name.append(':').append(part.replace("%", "%25").replace(":", "%3A"));
        }
        return name.toString();
    }

    /// An agent whose type is not known.
    static String unknownAgent(String agent) {
        return "claude-code/agent-" + agent;
    }
}
