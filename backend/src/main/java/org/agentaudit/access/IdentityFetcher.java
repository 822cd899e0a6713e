package org.agentaudit.access;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.filters.AuthenticationFetcher;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Finds out who makes a request, from the `Authorization` header if there is one, else from the
/// cookie. A request with a bad header is nobody's: its cookie is not tried. Reactive because
/// Micronaut's security filter is.
@Singleton
class IdentityFetcher implements AuthenticationFetcher<HttpRequest<?>> {
    private static final String BEARER = "bearer ";

    private final Sessions sessions;
    private final ApiKeys apiKeys;
    private final SessionCookie cookies;
    private final Scheduler blocking;

    IdentityFetcher(
            Sessions sessions,
            ApiKeys apiKeys,
            SessionCookie cookies,
            @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.sessions = sessions;
        this.apiKeys = apiKeys;
        this.cookies = cookies;
        this.blocking = Schedulers.fromExecutorService(blocking);
    }

    @Override
    public Publisher<Authentication> fetchAuthentication(HttpRequest<?> request) {
        if (!hasCredential(request)) {
            return Mono.empty();
        }
        return Mono.fromCallable(() -> identify(request))
                .subscribeOn(blocking)
                .flatMap(Mono::justOrEmpty)
                .map(
                        identity -> {
                            request.setAttribute(Identity.ATTRIBUTE, identity);
                            return authentication(identity.viewer());
                        });
    }

    private boolean hasCredential(HttpRequest<?> request) {
        return request.getHeaders().contains(HttpHeaders.AUTHORIZATION)
                || cookies.session(request).isPresent();
    }

    private Optional<Identity> identify(HttpRequest<?> request) {
        List<String> headers = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
        if (headers.isEmpty()) {
            return cookies.isOwn(request)
                    ? cookies.session(request).flatMap(sessions::byCookie)
                    : Optional.empty();
        }
        if (headers.size() > 1 || !headers.getFirst().toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return Optional.empty();
        }
        String token = headers.getFirst().substring(BEARER.length()).strip();
        return apiKeys.verify(token)
                .map(viewer -> new Identity(viewer, Identity.Kind.KEY, null))
                .or(() -> sessions.byAccessToken(token));
    }

    private static Authentication authentication(Viewer viewer) {
        List<String> roles = viewer.roles().stream().map(Role::name).toList();
        return Authentication.build(viewer.username(), roles, Map.of());
    }
}
