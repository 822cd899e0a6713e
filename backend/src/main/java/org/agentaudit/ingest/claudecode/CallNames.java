package org.agentaudit.ingest.claudecode;

/// Names of what a session does, the same whether a hook, a transcript or telemetry tells it: the
/// identity of its event ([org.agentaudit.ingest.normal.EventDraft#identity]).
public final class CallNames {
    /// The agent of a session that is no sub-agent.
    public static final String MAIN_AGENT = "claude-code/main";

    private CallNames() {}

    /// @param use `tool_use_id`
    public static String call(String session, String use) {
        return "cc:" + session + ":" + use;
    }

    /// What came back from the call.
    public static String result(String session, String use) {
        return call(session, use) + ":result";
    }

    /// What a person decided about the call.
    static String human(String session, String use) {
        return call(session, use) + ":human";
    }

    /// @param prompt `prompt_id` of a hook, `promptId` of a transcript, `prompt.id` of telemetry
    public static String prompt(String session, String prompt) {
        return "cc:" + session + ":prompt:" + prompt;
    }

    /// @param request `requestId`, else the id of the message
    public static String request(String session, String request) {
        return "cc:" + session + ":request:" + request;
    }

    /// The start of a sub-agent.
    public static String agent(String session, String agent) {
        return "cc:" + session + ":agent:" + agent;
    }

    /// An agent whose type is not known.
    static String unknownAgent(String agent) {
        return "claude-code/agent-" + agent;
    }
}
