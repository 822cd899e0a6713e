package org.agentaudit.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.server.util.HttpClientAddressResolver;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import java.util.Map;
import java.util.Optional;
import org.agentaudit.access.Identity;
import org.agentaudit.access.Sessions;
import org.agentaudit.access.SignIn;
import org.agentaudit.access.SignInResult;
import org.agentaudit.access.TokenPair;

/// Sign-in of programs that act for a person: JSON in, tokens out.
@Controller("/api")
@ExecuteOn(TaskExecutors.BLOCKING)
class ApiSignInController {
    private final SignIn signIn;
    private final Sessions sessions;
    private final HttpClientAddressResolver addresses;
    private final Problems problems;

    ApiSignInController(
            SignIn signIn,
            Sessions sessions,
            HttpClientAddressResolver addresses,
            Problems problems) {
        this.signIn = signIn;
        this.sessions = sessions;
        this.addresses = addresses;
        this.problems = problems;
    }

    /// @param expiresIn life of the access token, seconds
    @Introspected
    record TokenAnswer(
            @JsonProperty("access_token") String accessToken,
            @JsonProperty("refresh_token") String refreshToken,
            @JsonProperty("token_type") String tokenType,
            @JsonProperty("expires_in") long expiresIn) {
        static TokenAnswer of(TokenPair pair) {
            return new TokenAnswer(
                    pair.accessToken(),
                    pair.refreshToken(),
                    "Bearer",
                    pair.expiresIn().toSeconds());
        }
    }

    @Post("/login")
    @Consumes(MediaType.APPLICATION_JSON)
    @Secured(SecurityRule.IS_ANONYMOUS)
    HttpResponse<?> login(HttpRequest<?> request, @Body Map<String, Object> body) {
        if (!(body.get("username") instanceof String username)
                || !(body.get("password") instanceof String password)) {
            return problems.answer(
                    request,
                    HttpStatus.BAD_REQUEST,
                    "Send {\"username\": …, \"password\": …}, both texts.");
        }
        String address = addresses.resolve(request);
        return switch (signIn.api(username, password, address == null ? "" : address)) {
            case SignInResult.Accepted<TokenPair>(TokenPair pair) ->
                    HttpResponse.ok(TokenAnswer.of(pair));
            case SignInResult.Refused<TokenPair>() ->
                    problems.answer(
                                    request,
                                    HttpStatus.UNAUTHORIZED,
                                    "User name or password is wrong, or the account is disabled.")
                            .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            case SignInResult.TooManyAttempts<TokenPair> tooMany ->
                    problems.answer(
                                    request,
                                    HttpStatus.TOO_MANY_REQUESTS,
                                    "Too many failed sign-ins; wait as long as Retry-After says.")
                            .header(
                                    HttpHeaders.RETRY_AFTER,
                                    Long.toString(tooMany.retryAfter().toSeconds()));
        };
    }

    @Post("/refresh")
    @Consumes(MediaType.APPLICATION_JSON)
    @Secured(SecurityRule.IS_ANONYMOUS)
    HttpResponse<?> refresh(HttpRequest<?> request, @Body Map<String, Object> body) {
        if (!(body.get("refresh_token") instanceof String refreshToken)) {
            return problems.answer(
                    request, HttpStatus.BAD_REQUEST, "Send {\"refresh_token\": …}, a text.");
        }
        Optional<TokenPair> pair = sessions.refresh(refreshToken);
        return pair.isPresent()
                ? HttpResponse.ok(TokenAnswer.of(pair.get()))
                : problems.answer(
                                request,
                                HttpStatus.UNAUTHORIZED,
                                "The refresh token is not, or no longer, valid; sign in again.")
                        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
    }

    @Post("/logout")
    @Secured(SecurityRule.IS_AUTHENTICATED)
    HttpResponse<?> logout(HttpRequest<?> request) {
        Identity identity = Identity.of(request).orElseThrow();
        if (identity.kind() != Identity.Kind.API) {
            return problems.answer(
                    request,
                    HttpStatus.FORBIDDEN,
                    "Only an access token can be signed out here; a browser uses the form at"
                            + " /logout, an API key is revoked.");
        }
        sessions.signOut(identity);
        return HttpResponse.noContent();
    }
}
