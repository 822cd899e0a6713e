package org.agentaudit.ingest;

import static org.agentaudit.ingest.PipelineFixture.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.ingest.normal.EventIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The sentences of metrics "Normalising", one table each, beyond what [SeedShapesTest] shows.
class NormalisingTest {

    /// "Errored event", "Outcome": an error in any form, in each shape
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{'event_type':'agent.tool_call','error':true} | FAILURE | - | -",
                "{'event_type':'agent.tool_call','error':false} | UNKNOWN | - | -",
                "{'event_type':'agent.tool_call','error':''} | UNKNOWN | - | -",
                "{'event_type':'agent.tool_call','error':{'code':5}} | FAILURE | - | {\"code\":5}",
                "{'event_type':'agent.tool_call','error':{}} | UNKNOWN | - | -",
                "{'event_type':'agent.tool_call','error_type':'T'} | FAILURE | T | -",
                "{'action':{'type':'tool'},'outcome':{'error':true}} | FAILURE | - | -",
                "{'action':{'type':'tool'},'outcome':{'error':false}} | UNKNOWN | - | -",
                "{'action':{'type':'tool'},'outcome':{'error':{'code':5}}} | FAILURE | - | {\"code\":5}",
                "{'action':{'type':'tool'},'outcome':{'error':{'type':'T','message':'m'}}} | FAILURE | T | m",
                "{'type':'tool_call','data':{'error':true}} | FAILURE | - | -",
                "{'type':'tool_call','data':{'error':false}} | UNKNOWN | - | -",
                "{'type':'tool_call','data':{'error':{'code':5}}} | FAILURE | - | {\"code\":5}",
                "{'type':'error','data':{'type':'T','message':'m'}} | FAILURE | T | m",
                "{'type':'error','data':{'error':'e','type':'T'}} | FAILURE | - | e",
                "{'type':'tool_call','data':{'type':'T','message':'m'}} | UNKNOWN | - | -",
                "{'request_id':'1','error':true} | FAILURE | - | -",
                "{'request_id':'1','error':false} | UNKNOWN | - | -",
                "{'request_id':'1','error':{'type':'T','message':'m'}} | FAILURE | T | m",
                "{'request_id':'1','status':'error'} | FAILURE | - | -",
                "{'request_id':'1','status':'success','error_type':'T'} | SUCCESS | T | -"
            })
    void error_inAnyForm_countsOnce(String line, Outcome outcome, String type, String message) {
        AuditEvent event = event(line.replace('\'', '"'));
        assertThat(event.envelope().outcome()).isEqualTo(outcome);
        assertThat(event.envelope().errored())
                .isEqualTo(outcome == Outcome.FAILURE || type != null || message != null);
        assertThat(event.envelope().errorType()).isEqualTo(type);
        assertThat(event.content().errorMessage()).isEqualTo(message);
    }

    /// "Members beyond the documents' own"
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'event_type':'tool_call','outcome':'partial'} | PARTIAL",
                "{'event_type':'tool_call','status':'Pending'} | PENDING",
                "{'event_type':'tool_call','outcome':'who knows','status':'success'} | SUCCESS",
                "{'event_type':'tool_call','outcome':'who knows'} | UNKNOWN",
                "{'event_type':'tool_result','outcome':'who knows'} | SUCCESS",
                "{'event_type':'tool_result'} | SUCCESS",
                "{'event_type':'tool_result','error':'no'} | FAILURE",
                "{'event_type':'error','outcome':'success'} | SUCCESS",
                "{'type':'tool_call','data':{'success':true}} | SUCCESS",
                "{'type':'tool_call','data':{'success':false}} | FAILURE",
                "{'type':'tool_call','data':{'outcome':'error'}} | FAILURE",
                "{'type':'tool_call','status':'partial','data':{}} | PARTIAL",
                "{'type':'tool_result','data':{'result':{'is_error':true}}} | SUCCESS",
                "{'event_type':'tool_result','params':{'is_error':true}} | SUCCESS"
            })
    void outcome_statedElseImplied(String line, Outcome outcome) {
        assertThat(event(line.replace('\'', '"')).envelope().outcome()).isEqualTo(outcome);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'event_type':'tool_call',%s}",
                "{'action':{'type':'tool'},%s}",
                "{'type':'tool_call','data':{},%s}",
                "{'type':'tool_call','data':{%s}}",
                "{'request_id':'1',%s}"
            })
    void commonMembers_inEveryShape(String shape) {
        Envelope envelope =
                event(
                                shape.formatted(
                                                "'trace_id':'t','parent_event_id':'evt-1','user_id':'u','task_id':'k',"
                                                        + "'conversation_id':'c','version':'v','permission_level':'admin',"
                                                        + "'resources_accessed':[{'type':'file','identifier':'/a'}],"
                                                        + "'sensitive_data_accessed':true,'cost_usd':0.5,'producer':'p','seq':7")
                                        .replace('\'', '"'))
                        .envelope();
        assertThat(envelope.traceId()).isEqualTo("t");
        assertThat(envelope.traceDerived()).isFalse();
        assertThat(envelope.parentEventId()).hasToString("e925c091-d7d8-5a39-a8a8-288be09a790e");
        assertThat(envelope.taskId()).isEqualTo("k");
        assertThat(envelope.conversationId()).isEqualTo("c");
        assertThat(envelope.version()).isEqualTo("v");
        assertThat(envelope.permissionLevel()).hasToString("ADMIN");
        assertThat(envelope.resources()).hasSize(1);
        assertThat(envelope.sensitive()).isTrue();
        assertThat(envelope.cost()).isEqualByComparingTo("0.5");
        assertThat(envelope.producer()).isEqualTo("p");
        assertThat(envelope.seq()).isEqualTo(7);
    }

    /// "Absent values"
    @Test
    void emptyTexts_areAbsentEverywhere() {
        AuditEvent event =
                event(
                        """
                        {"event_type":"agent.tool_call","event_id":"","agent_name":"","session_id":"","trace_id":"",
                         "task_id":"","action":"","reasoning":"","source":"","parent_event_id":"","model":"",
                         "version":"","error":"","error_type":"","result":"","confidence":0.0,"token_count":0,
                         "duration_ms":0.0,"params":{"tool_call_id":""}}""");
        Envelope e = event.envelope();
        assertThat(e.agentId()).isEqualTo("unspecified");
        assertThat(e.traceId()).isEqualTo(e.id().toString());
        assertThat(e.traceDerived()).isTrue();
        assertThat(e.action()).isEqualTo("tool_call");
        assertThat(e.source()).hasToString("UNKNOWN");
        assertThat(e.errored()).isFalse();
        assertThat(e.confidence()).isNull();
        assertThat(e.tokens()).isNull();
        assertThat(e.durationMs()).isZero();
        assertThat(e.parentEventId()).isNull();
        assertThat(e.sessionId()).isNull();
        assertThat(e.taskId()).isNull();
        assertThat(e.model()).isNull();
        assertThat(e.version()).isNull();
        assertThat(event.content().result()).isNull();
        assertThat(event.content().reasoning()).isNull();
    }

    /// Only 003 writes 0 for "not stated".
    @Test
    void zeros_ofOtherShapes_areStated() {
        Envelope e = event("{\"request_id\":\"1\",\"prompt_tokens\":0}").envelope();
        assertThat(e.tokens()).isEqualTo(TokenCounts.ZERO);
        assertThat(
                        event(
                                        "{\"type\":\"decision\",\"data\":{\"chosen\":\"a\",\"confidence\":0}}")
                                .envelope()
                                .confidence())
                .isZero();
    }

    /// "Type"
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'action':{'type':'tool'}} | TOOL_CALL",
                "{'action':{'type':'skill'}} | SKILL_CALL",
                "{'action':{'type':'external'}} | EXTERNAL_CALL",
                "{'action':{'type':'decision'}} | DECISION",
                "{'action':{'type':'error'}} | ERROR",
                "{'action':{'type':'dream'}} | OTHER",
                "{'type':'assistant'} | LLM_RESPONSE",
                "{'type':'user'} | INVOCATION",
                "{'type':'tool_call'} | TOOL_CALL",
                "{'type':'delegation'} | HANDOFF",
                "{'type':'error'} | ERROR",
                "{'type':'circuit_breaker'} | CIRCUIT_BREAKER",
                "{'type':'dream'} | OTHER",
                "{'request_id':'1'} | LLM_RESPONSE",
                "{'event_type':'agent.handoff'} | HANDOFF",
                "{'event_type':'agent.dream'} | OTHER"
            })
    void type_ofEachShape(String line, EventType type) {
        assertThat(event(line.replace('\'', '"')).envelope().type()).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'event_id':'1','agent_name':'a','status':'success','model':'m'} | event_type",
                "{'agent_name':'a','type':'tool_call'} | event_type",
                "{'action':{'name':'x'}} | action.type",
                "{'sessionId':'s','data':{}} | type is missing"
            })
    void type_missing_isRejected(String line, String reason) {
        assertThat(PipelineFixture.refusal(line.replace('\'', '"'))).contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'event_id':'1','type':'assistant','sessionId':'s'} | SESSION_EVENT",
                "{'event_id':'1','type':'assistant'} | SESSION_EVENT",
                "{'agent_name':'a','request_id':'1','prompt_tokens':3} | REQUEST_LOG",
                "{'status':'success','model':'m'} | REQUEST_LOG",
                "{'event_type':'agent.error','type':'x','status':'error'} | AUDIT_EVENT"
            })
    void shape_isTakenFromTheMembersThatTell(String line, SourceFormat format) {
        assertThat(event(line.replace('\'', '"')).envelope().sourceFormat()).isEqualTo(format);
    }

    /// "Action", "Agent"
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'event_type':'agent.tool_call','action':'tool_call:mcp:server:tool'} | mcp:server:tool | unspecified",
                "{'event_type':'agent.tool_call','action':'tool_call:'} | tool_call | unspecified",
                "{'event_type':'agent.tool_call','action':'Bash','agent_name':'a'} | Bash | a",
                "{'event_type':'agent.dream'} | other | unspecified",
                "{'type':'delegation','data':{'parent':'p','child':'c'}} | c | p",
                "{'type':'delegation','data':{'agent':'x','parent':'p','child':'c'}} | c | x",
                "{'type':'delegation','data':{'parent':'p'}} | handoff | p",
                "{'type':'decision','data':{'decision':'go','agent':'a'}} | go | a",
                "{'type':'tool_call','data':{'name':'n','action':'x','tool':'t'}} | t | unspecified",
                "{'type':'tool_call','agent':'top','data':{}} | tool_call | top"
            })
    void action_andAgent(String line, String action, String agent) {
        Envelope e = event(line.replace('\'', '"')).envelope();
        assertThat(e.action()).isEqualTo(action);
        assertThat(e.agentId()).isEqualTo(agent);
    }

    /// "Event id": the members of each shape, in order
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'event_type':'error','event_id':'a','id':'b'} | a",
                "{'event_type':'error','id':'b'} | b",
                "{'action':{'type':'tool'},'id':'b'} | b",
                "{'type':'user','id':'a','data':{'id':'b'}} | a",
                "{'type':'user','data':{'id':'b'}} | b",
                "{'request_id':'a','id':'b'} | a",
                "{'prompt_tokens':1,'id':'b'} | b",
                "{'prompt_tokens':1,'id':7} | 7",
                "{'prompt_tokens':1,'id':'550E8400-E29B-41D4-A716-446655440000'} | 550e8400-e29b-41d4-a716-446655440000"
            })
    void id_isTheProducers(String line, String id) {
        assertThat(event(line.replace('\'', '"')).envelope().id()).isEqualTo(EventIds.fromText(id));
    }

    /// "Parent ids are mapped the same way; tool_call_id in params or data"
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'event_type':'tool_result','params':{'tool_call_id':'c'}} | c",
                "{'event_type':'tool_result','parent_event_id':'p','params':{'tool_call_id':'c'}} | p",
                "{'type':'tool_result','data':{'tool_call_id':'c'}} | c",
                "{'type':'tool_result','data':{'params':{'tool_call_id':'c'}}} | c",
                "{'type':'tool_result','parent_event_id':'p','data':{'tool_call_id':'c'}} | p"
            })
    void parent_namedElseTheCall(String line, String parent) {
        assertThat(event(line.replace('\'', '"')).envelope().parentEventId())
                .isEqualTo(EventIds.fromText(parent));
    }

    /// "Tokens": a TOKEN_USAGE event's params, in the other shape that has the type
    @Test
    void tokenUsage_ofASession_usesItsCounts() {
        Envelope e =
                event(
                                "{\"type\":\"token_usage\",\"data\":{\"prompt_tokens\":100,\"completion_tokens\":20,"
                                        + "\"cached_tokens\":40,\"cost_usd\":0.25}}")
                        .envelope();
        assertThat(e.tokens()).isEqualTo(new TokenCounts(100, 20, 40));
        assertThat(e.cost()).isEqualByComparingTo("0.25");
    }

    /// "Time": the line's own, whatever its data says; a missing one is the time of receipt
    @Test
    void time_isTheLinesOwn() {
        Envelope e =
                event(
                                "{\"type\":\"tool_result\",\"timestamp\":\"2026-11-20T10:00:00Z\","
                                        + "\"data\":{\"timestamp\":\"2026-11-19T10:00:00Z\"}}")
                        .envelope();
        assertThat(e.occurredAt()).isEqualTo(Instant.parse("2026-11-20T10:00:00Z"));
        assertThat(event("{\"type\":\"user\"}").envelope().occurredAt())
                .isEqualTo(PipelineFixture.NOW);
    }

    @Test
    void user_paramsThatAreNoObject_areKeptBesideTheTask() {
        assertThat(
                        event("{\"type\":\"user\",\"data\":{\"content\":\"x\",\"params\":[1]}}")
                                .content()
                                .params())
                .isEqualTo("{\"params\":[1],\"task\":\"x\"}");
    }

    @Test
    void duration_thatIsNoNumber_isKept() {
        assertThat(
                        event("{\"type\":\"user\",\"duration\":\"soon\",\"data\":{}}")
                                .content()
                                .unmapped())
                .isEqualTo("{\"duration\":\"soon\"}");
    }

    /// The smallest doubles cannot be turned into seconds.
    @ParameterizedTest
    @CsvSource({
        "5e-324, 0",
        "0.0000009, 0",
        "0.000001, 0.000001",
        "0, 0",
        "3155760000000, 3155760000000"
    })
    void duration_belowANanosecond_isNone(String sent, double stored) {
        assertThat(
                        event("{\"event_type\":\"error\",\"duration_ms\":" + sent + "}")
                                .envelope()
                                .durationMs())
                .isEqualTo(stored);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "3155760000001", "1e300"})
    void duration_beyondAHundredYears_isKeptBeside(String sent) {
        AuditEvent event = event("{\"event_type\":\"error\",\"duration_ms\":" + sent + "}");
        assertThat(event.envelope().durationMs()).isNull();
        assertThat(event.content().unmapped()).startsWith("{\"duration_ms\":");
    }

    /// So that counters of 64 bits hold the sums of millions of events.
    @Test
    void tokens_beyondTheLimit_areKeptBeside() {
        String line = "{\"event_type\":\"agent.token_usage\",\"token_count\":%s}";
        assertThat(
                        Objects.requireNonNull(
                                        event(line.formatted("1000000000000")).envelope().tokens())
                                .input())
                .isEqualTo(1_000_000_000_000L);
        AuditEvent beyond = event(line.formatted("1000000000001"));
        assertThat(beyond.envelope().tokens()).isNull();
        assertThat(beyond.content().unmapped()).contains("1000000000001");
    }

    /// A number may be short and still have a billion places.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'event_type':'error','cost_usd':'1e-999999999'}",
                "{'event_type':'error','cost_usd':'0e-999999999'}",
                "{'event_type':'error','cost_usd':0.00000000000000000e-999999999}",
                "{'event_type':'error','cost_usd':0.00000000000000000e-99999999999}",
                "{'event_type':'error','token_count':0.00000000000000000e999999999}",
                "{'event_type':'decision','confidence':'1e-999999999'}",
                "{'type':'user','duration':'1e-999999999'}"
            })
    @Timeout(20)
    void numbers_withEndlessPlaces_costNothing(String line) {
        Envelope e = event(line.replace('\'', '"')).envelope();
        if (e.cost() != null) {
            assertThat(Objects.requireNonNull(e.cost()).toPlainString()).hasSizeLessThan(20);
        }
    }

    @Test
    @Timeout(20)
    void time_withEndlessPlaces_isRejected() {
        assertThat(
                        PipelineFixture.refusal(
                                "{\"event_type\":\"error\",\"timestamp\":0.00000000000000000e-999999999}"))
                .contains("before 2000");
    }

    /// "Tier"
    @ParameterizedTest
    @EnumSource(EventType.class)
    void tier_ofEveryType(EventType type) {
        RetentionTier expected =
                switch (type) {
                    case ERROR, SECURITY, COMPLIANCE -> RetentionTier.CRITICAL;
                    case DECISION, HANDOFF, HUMAN_INTERVENTION, USER_FEEDBACK, OTHER ->
                            RetentionTier.COMPLIANCE;
                    case INVOCATION,
                            TOOL_CALL,
                            SKILL_CALL,
                            EXTERNAL_CALL,
                            TOKEN_USAGE,
                            RETRY,
                            CIRCUIT_BREAKER,
                            FALLBACK ->
                            RetentionTier.INFO;
                    case REASONING, TOOL_RESULT, LLM_RESPONSE -> RetentionTier.DEBUG;
                };
        String line = "{\"event_type\":\"agent." + type.name() + "\"%s}";
        assertThat(event(line.formatted("")).envelope().tier()).isEqualTo(expected);
        assertThat(event(line.formatted(",\"error\":\"e\"")).envelope().tier())
                .isEqualTo(RetentionTier.CRITICAL);
    }

    /// "more than a day ahead: rejected"
    @Test
    void time_exactlyADayAhead_isTaken() {
        Instant limit = PipelineFixture.NOW.plus(Duration.ofDays(1));
        assertThat(PipelineFixture.refusal("{\"type\":\"user\",\"timestamp\":\"" + limit + "\"}"))
                .isNull();
        assertThat(
                        PipelineFixture.refusal(
                                "{\"type\":\"user\",\"timestamp\":\""
                                        + limit.plusNanos(1000)
                                        + "\"}"))
                .contains("more than a day ahead");
    }
}
