package org.agentaudit.access;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.filters.AuthenticationFetcher;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Finds out who makes a request. Reactive because Micronaut's security filter is.
@Singleton
class IdentityFetcher implements AuthenticationFetcher<HttpRequest<?>> {
    private final Identification identification;
    private final Scheduler blocking;

    IdentityFetcher(
            Identification identification,
            @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.identification = identification;
        this.blocking = Schedulers.fromExecutorService(blocking);
    }

    @Override
    public Publisher<Authentication> fetchAuthentication(HttpRequest<?> request) {
        // A WebSocket says who it is in its first message. That must not overtake the upgrade, as
        // it
        // would while another thread asks the database: the server loses what comes too early.
        boolean socket =
                "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeaders.UPGRADE));
        Optional<Credential> credential =
                socket ? Optional.empty() : identification.credential(request);
        if (credential.isEmpty()) {
            return Mono.empty();
        }
        return Mono.fromCallable(() -> identification.of(credential.get()))
                .subscribeOn(blocking)
                .flatMap(Mono::justOrEmpty)
                .map(
                        identity -> {
                            request.setAttribute(Identity.ATTRIBUTE, identity);
                            return authentication(identity.viewer());
                        });
    }

    private static Authentication authentication(Viewer viewer) {
        List<String> roles = viewer.roles().stream().map(Role::name).toList();
        return Authentication.build(viewer.username(), roles, Map.of());
    }
}
