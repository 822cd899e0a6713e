package org.agentaudit.graphql;

import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.GraphQLError;
import graphql.analysis.MaxQueryComplexityInstrumentation;
import graphql.language.Document;
import graphql.language.OperationDefinition;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import graphql.parser.ParserEnvironment;
import graphql.parser.ParserOptions;
import graphql.parser.exceptions.ParseCancelledException;
import graphql.parser.exceptions.ParseCancelledTooDeepException;
import graphql.parser.exceptions.ParseCancelledTooManyCharsException;
import graphql.validation.QueryComplexityLimits;
import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/// Runs one request within its limits. What an answer shows is in the access log before the answer
/// is handed out.
@Singleton
final class GraphQlEngine {

    private static final int MAX_QUERY_TOKENS = 5_000;
    private static final int MAX_QUERY_WHITESPACE = 50_000;
    private static final int MAX_QUERY_RULE_DEPTH = 200;

    private final GraphQL graphQl;
    private final Loaders loaders;
    private final AccessLog accessLog;
    private final ExecutorService executor;
    private final GraphQlConfig config;
    private final ParserOptions parserOptions;

    GraphQlEngine(
            PortalSchema schema,
            Loaders loaders,
            AccessLog accessLog,
            @Named(TaskExecutors.BLOCKING) ExecutorService executor,
            GraphQlConfig config) {
        this.loaders = loaders;
        this.accessLog = accessLog;
        this.executor = executor;
        this.config = config;
        this.parserOptions =
                ParserOptions.getDefaultOperationParserOptions()
                        .transform(
                                options ->
                                        options.maxCharacters(config.maxBodyBytes())
                                                .maxTokens(MAX_QUERY_TOKENS)
                                                .maxWhitespaceTokens(MAX_QUERY_WHITESPACE)
                                                .maxRuleDepth(MAX_QUERY_RULE_DEPTH));
        this.graphQl =
                GraphQL.newGraphQL(schema.schema())
                        .defaultDataFetcherExceptionHandler(new Failures())
                        .instrumentation(
                                new MaxQueryComplexityInstrumentation(
                                        config.maxComplexity(), new Complexity()))
                        .build();
    }

    /// What became of a request.
    enum Outcome {
        /// Ran; single fields may have failed.
        EXECUTED,
        /// Did not run: unreadable, invalid or too costly.
        REFUSED,
        /// Did not run: only reading is allowed here.
        NOT_A_QUERY,
        /// The portal failed; there is no data.
        FAILED
    }

    /// An answer as it is sent.
    record Answer(Outcome outcome, Map<String, Object> body) {

        /// Without data.
        static Answer failure(Outcome outcome, ErrorCode code, String message) {
            return failure(outcome, new Failures.Failure(code, message, null));
        }

        static Answer failure(Outcome outcome, Failures.Failure failure) {
            return new Answer(
                    outcome, Map.of("errors", List.of(Failures.toSpecification(failure))));
        }
    }

    /// Whether the operation to run is a subscription; false when the document cannot be read.
    boolean isSubscription(GraphQlRequest request) {
        return read(request) instanceof Readable(Document document)
                && runs(
                        document,
                        request.operationName(),
                        OperationDefinition.Operation.SUBSCRIPTION);
    }

    /// What became of the start of a subscription.
    sealed interface Opening {}

    /// It may begin.
    record Opened(Live.Source<?, ?> source) implements Opening {}

    /// It may not.
    record NotOpened(Answer answer) implements Opening {}

    /// Finds out what a subscription follows.
    Opening open(GraphQlRequest request, Viewer viewer) {
        if (read(request) instanceof Unreadable(Answer answer)) {
            return new NotOpened(answer);
        }
        Live live = Live.opening();
        RequestContext context = new RequestContext(viewer, new Disclosed(viewer), live);
        Answer answer = run(input(request, context));
        Live.Source<?, ?> source = live.source();
        return answer.outcome() == Outcome.EXECUTED && source != null
                ? new Opened(source)
                : new NotOpened(answer);
    }

    /// Answers of a subscription to changes. What they show is one entry in the access log, which
    /// is written before this returns.
    ///
    /// @throws RuntimeException when the entry cannot be written
    List<Map<String, Object>> tell(GraphQlRequest request, Viewer viewer, List<?> changes) {
        Disclosed disclosed = new Disclosed(viewer);
        List<Map<String, Object>> bodies = new ArrayList<>();
        for (Object change : changes) {
            RequestContext context = new RequestContext(viewer, disclosed, Live.telling(change));
            bodies.add(run(input(request, context)).body());
        }
        disclosed.writeTo(accessLog);
        return bodies;
    }

    private sealed interface Reading {}

    private record Readable(Document document) implements Reading {}

    private record Unreadable(Answer answer) implements Reading {}

    private Reading read(GraphQlRequest request) {
        try {
            return new Readable(parse(request.query()));
        } catch (ParseCancelledException
                | ParseCancelledTooDeepException
                | ParseCancelledTooManyCharsException e) {
            return new Unreadable(
                    Answer.failure(
                            Outcome.REFUSED,
                            ErrorCode.LIMIT_EXCEEDED,
                            "The document is too large: at most %d tokens, nested %d deep."
                                    .formatted(MAX_QUERY_TOKENS, MAX_QUERY_RULE_DEPTH)));
        } catch (InvalidSyntaxException e) {
            return new Unreadable(
                    new Answer(
                            Outcome.REFUSED,
                            Map.of(
                                    "errors",
                                    List.of(Failures.toSpecification(e.toInvalidSyntaxError())))));
        }
    }

    /// Runs a query or a mutation.
    ///
    /// @param readOnly whether only queries may run
    Answer execute(GraphQlRequest request, Viewer viewer, boolean readOnly) {
        Reading reading = read(request);
        if (reading instanceof Unreadable(Answer answer)) {
            return answer;
        }
        Document document = ((Readable) reading).document();
        String operation = request.operationName();
        if (runs(document, operation, OperationDefinition.Operation.SUBSCRIPTION)) {
            return Answer.failure(
                    Outcome.REFUSED,
                    ErrorCode.BAD_USER_INPUT,
                    "A subscription is answered over a WebSocket at /graphql-ws, or as an event"
                            + " stream: send 'Accept: text/event-stream'.");
        }
        if (readOnly && !isQuery(document, operation)) {
            return Answer.failure(
                    Outcome.NOT_A_QUERY,
                    ErrorCode.BAD_USER_INPUT,
                    "GET runs queries only: send mutations by POST.");
        }
        RequestContext context = new RequestContext(viewer);
        Answer answer = run(input(request, context));
        if (answer.outcome() != Outcome.EXECUTED) {
            return answer;
        }
        try {
            context.disclosed().writeTo(accessLog);
        } catch (RuntimeException e) {
            return Answer.failure(Outcome.FAILED, Failures.of(e, "the access log"));
        }
        return answer;
    }

    private ExecutionInput input(GraphQlRequest request, RequestContext context) {
        return ExecutionInput.newExecutionInput(request.query())
                .operationName(request.operationName())
                .variables(request.variables())
                .locale(Locale.ROOT)
                .dataLoaderRegistry(loaders.registry(context.viewer()))
                .graphQLContext(
                        Map.of(
                                RequestContext.class,
                                context,
                                ParserOptions.class,
                                parserOptions,
                                QueryComplexityLimits.KEY,
                                QueryComplexityLimits.newLimits()
                                        .maxDepth(config.maxDepth())
                                        .maxFieldsCount(config.maxFields())
                                        .build()))
                .build();
    }

    private Answer run(ExecutionInput input) {
        Callable<ExecutionResult> execution = () -> told(input, graphQl.execute(input));
        Future<ExecutionResult> running =
                executor.submit(PropagatedContext.getOrEmpty().wrap(execution));
        try {
            return answer(running.get(config.deadline().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            stop(input, running);
            return Answer.failure(
                    Outcome.REFUSED,
                    ErrorCode.LIMIT_EXCEEDED,
                    "The answer took longer than %d s: ask for less."
                            .formatted(config.deadline().toSeconds()));
        } catch (InterruptedException e) {
            stop(input, running);
            Thread.currentThread().interrupt();
            return Answer.failure(Outcome.FAILED, Failures.of(e, "the execution"));
        } catch (ExecutionException e) {
            return Answer.failure(Outcome.FAILED, Failures.of(e, "the execution"));
        }
    }

    /// A subscription that tells of a change has exactly one answer, which is made when it is asked
    /// for.
    private static ExecutionResult told(ExecutionInput input, ExecutionResult result) {
        Live live = RequestContext.of(input.getGraphQLContext()).live();
        Object data = result.getData();
        if (live == null || !live.telling() || !(data instanceof Publisher<?> answers)) {
            return result;
        }
        return Objects.requireNonNull(Mono.from(answers).cast(ExecutionResult.class).block());
    }

    /// The interruption closes the connection to PostgreSQL, which then stops too.
    private static void stop(ExecutionInput input, Future<?> running) {
        input.getGraphQLContext().put(Failures.ABANDONED, true);
        input.cancel();
        running.cancel(true);
    }

    private static Answer answer(ExecutionResult result) {
        Map<String, Object> body = new LinkedHashMap<>();
        List<GraphQLError> errors = result.getErrors();
        if (!errors.isEmpty()) {
            body.put("errors", errors.stream().map(Failures::toSpecification).toList());
        }
        if (!result.isDataPresent()) {
            return new Answer(Outcome.REFUSED, body);
        }
        body.put("data", result.getData());
        return new Answer(Outcome.EXECUTED, body);
    }

    private Document parse(String query) {
        return Parser.parse(
                ParserEnvironment.newParserEnvironment()
                        .document(query)
                        .parserOptions(parserOptions)
                        .locale(Locale.ROOT)
                        .build());
    }

    /// Whether an operation of that kind is the one to run.
    private static boolean runs(
            Document document, @Nullable String name, OperationDefinition.Operation kind) {
        List<OperationDefinition> named =
                document.getDefinitionsOfType(OperationDefinition.class).stream()
                        .filter(operation -> name == null || name.equals(operation.getName()))
                        .toList();
        return named.size() == 1 && named.getFirst().getOperation() == kind;
    }

    /// Whether the operation to run is a query; also when none can be told, which execution then
    /// reports.
    private static boolean isQuery(Document document, @Nullable String name) {
        return document.getDefinitionsOfType(OperationDefinition.class).stream()
                .filter(operation -> name == null || name.equals(operation.getName()))
                .allMatch(
                        operation ->
                                operation.getOperation() == OperationDefinition.Operation.QUERY);
    }
}
