package org.agentaudit.web;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.server.util.HttpClientAddressResolver;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.agentaudit.access.BrowserSession;
import org.agentaudit.access.Identity;
import org.agentaudit.access.SessionCookie;
import org.agentaudit.access.Sessions;
import org.agentaudit.access.SignIn;
import org.agentaudit.access.SignInResult;
import org.jspecify.annotations.Nullable;

/// Sign-in of browsers: a form, a cookie, and the form that ends it.
@Controller
@Produces(MediaType.TEXT_HTML)
@ExecuteOn(TaskExecutors.BLOCKING)
class SignInController {
    private static final String VIEW = "login";
    private static final int NONCE_BYTES = 24;

    private final SignIn signIn;
    private final Sessions sessions;
    private final FormTokens formTokens;
    private final SessionCookie cookies;
    private final HttpClientAddressResolver addresses;
    private final Pages pages;
    private final SecureRandom random = new SecureRandom();

    SignInController(
            SignIn signIn,
            Sessions sessions,
            FormTokens formTokens,
            SessionCookie cookies,
            HttpClientAddressResolver addresses,
            Pages pages) {
        this.signIn = signIn;
        this.sessions = sessions;
        this.formTokens = formTokens;
        this.cookies = cookies;
        this.addresses = addresses;
        this.pages = pages;
    }

    @Introspected
    record LoginForm(
            @Nullable String username,
            @Nullable String password,
            @Nullable String csrf,
            @Nullable String returnTo) {}

    @Introspected
    record LogoutForm(@Nullable String csrf) {}

    @Get("/login")
    @Secured(SecurityRule.IS_ANONYMOUS)
    HttpResponse<?> form(HttpRequest<?> request, @QueryValue @Nullable String returnTo) {
        String next = ReturnTo.local(returnTo);
        return isBrowserSession(request)
                ? HttpResponse.seeOther(URI.create(next))
                : page(request, HttpStatus.OK, "", null, next);
    }

    @Post("/login")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Secured(SecurityRule.IS_ANONYMOUS)
    HttpResponse<?> signIn(HttpRequest<?> request, @Body LoginForm form) {
        String next = ReturnTo.local(form.returnTo());
        String username = form.username() == null ? "" : form.username();
        String password = form.password() == null ? "" : form.password();
        if (!formTokens.isValidForSignIn(request, form.csrf())) {
            return page(
                    request,
                    HttpStatus.FORBIDDEN,
                    username,
                    "This form was out of date, or the browser keeps no cookies. Please try again.",
                    next);
        }
        String address = addresses.resolve(request);
        return switch (signIn.browser(username, password, address == null ? "" : address)) {
            case SignInResult.Accepted<BrowserSession>(BrowserSession session) ->
                    HttpResponse.seeOther(URI.create(next))
                            .header(HttpHeaders.SET_COOKIE, cookies.session(request, session));
            case SignInResult.Refused<BrowserSession>() ->
                    page(
                            request,
                            HttpStatus.UNAUTHORIZED,
                            username,
                            "User name or password is wrong, or the account is disabled.",
                            next);
            case SignInResult.TooManyAttempts<BrowserSession>(Duration wait) ->
                    page(
                                    request,
                                    HttpStatus.TOO_MANY_REQUESTS,
                                    username,
                                    "Too many failed sign-ins. Try again in "
                                            + wait.toSeconds()
                                            + " s.",
                                    next)
                            .header(HttpHeaders.RETRY_AFTER, Long.toString(wait.toSeconds()));
        };
    }

    @Post("/logout")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Secured(SecurityRule.IS_AUTHENTICATED)
    HttpResponse<?> signOut(HttpRequest<?> request, @Body LogoutForm form) {
        Identity identity = formTokens.require(request, form.csrf());
        sessions.signOut(identity);
        MutableHttpResponse<?> answer =
                HttpResponse.seeOther(URI.create("/login"))
                        .header(HttpHeaders.SET_COOKIE, cookies.noSession(request));
        return cookies.isOverTls(request)
                ? answer.header("Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"")
                : answer;
    }

    private MutableHttpResponse<String> page(
            HttpRequest<?> request,
            HttpStatus status,
            String username,
            @Nullable String message,
            String returnTo) {
        Optional<String> known = cookies.signInForm(request);
        String nonce = known.orElseGet(this::nonce);
        LoginPage page = new LoginPage(username, message, returnTo, formTokens.forSignIn(nonce));
        MutableHttpResponse<String> answer = pages.render(request, VIEW, page).status(status);
        return answer.header(HttpHeaders.SET_COOKIE, cookies.signInForm(request, nonce));
    }

    private String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static boolean isBrowserSession(HttpRequest<?> request) {
        return Identity.of(request)
                .filter(identity -> identity.kind() == Identity.Kind.BROWSER)
                .isPresent();
    }
}
