package org.agentaudit.access;

import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.security.rules.SecurityRuleResult;
import io.micronaut.web.router.RouteAttributes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/// A viewer who asks for an address that does not exist is told so (404, 405); nobody is told what
/// exists (401).
@Singleton
class UnknownAddressRule implements SecurityRule<HttpRequest<?>> {

    @Override
    public Publisher<SecurityRuleResult> check(
            @Nullable HttpRequest<?> request, @Nullable Authentication authentication) {
        boolean unknown = request != null && RouteAttributes.getRouteMatch(request).isEmpty();
        return Mono.just(
                unknown && authentication != null
                        ? SecurityRuleResult.ALLOWED
                        : SecurityRuleResult.UNKNOWN);
    }

    /// After the rules of routes and patterns.
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}
